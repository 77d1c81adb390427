package dev.latent.channel;

import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.internal.Lost;
import org.jspecify.annotations.Nullable;

/**
 * A counted sender or a receiver, as its channel knows it. One that was let go of without being closed is reported once, when somebody waits
 * for it: found before that, it is kept in mind.
 */
final class Handle<T> extends Lost {
    private final Ends<T> pipe;
    final boolean sends;

    /** These are guarded by the channel's lock. */
    boolean open;

    /** Of a receiver: who was the last that had to wait by it. For people. */
    @Nullable
    Waker lastToWait;

    @Nullable
    Handle<T> previous;

    @Nullable
    Handle<T> next;

    /** It was lost, and not missed so far. */
    boolean lost;

    Handle(Object holder, Ends<T> pipe, boolean sends) {
        super(holder, pipe.kind != Kind.LOCAL); // no other thread may look at a local channel
        this.pipe = pipe;
        this.sends = sends;
    }

    /** Reports, to who polls for {@code spawner} and waits for {@code pipe}, what has been found since the last time. */
    static void look(Spawner spawner, Pipe<?> pipe) {
        look(spawner);
        pipe.reportLost(spawner);
    }

    /** Does so where it is missed; where nobody waits for its channel yet, the channel keeps it until somebody does. */
    @Override
    protected void report(Spawner spawner) {
        if (pipe.isMissed(this)) {
            String what = "lost handle: a " + (sends ? "sender" : "receiver") + " of " + pipe
                    + " was let go of without close(), and those who " + (sends ? "receive" : "send") + " wait for it";
            Owners.report(spawner, what, new IllegalStateException(what));
        }
    }
}
