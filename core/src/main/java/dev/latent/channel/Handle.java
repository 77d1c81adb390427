package dev.latent.channel;

import dev.latent.Owners;
import dev.latent.Spawner;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A counted sender or a receiver, as its channel knows it: it tells who has let go of theirs without closing it, so that the other side
 * waits for ever. No thread looks after them; whoever has to wait does, and whatever the garbage collector has found by then is reported once, when
 * somebody waits for it.
 */
final class Handle<T> extends WeakReference<Object> {
    private static final ReferenceQueue<Object> LOST = new ReferenceQueue<>();

    private final Ends<T> pipe;
    final boolean sends;

    /** These are guarded by the channel's lock. */
    boolean open;

    @Nullable
    Handle<T> previous;

    @Nullable
    Handle<T> next;

    /** Among those that were lost and not missed so far. */
    @Nullable
    Handle<T> nextLost;

    Handle(Object holder, Ends<T> pipe, boolean sends) {
        super(holder, pipe.kind == Kind.LOCAL ? null : LOST); // no other thread may look at a local channel
        this.pipe = pipe;
        this.sends = sends;
    }

    /** Reports, to who polls for {@code spawner} and waits for {@code pipe}, what has been found since the last time. */
    static void look(Spawner spawner, Pipe<?> pipe) {
        while (LOST.poll() instanceof Handle<?> lost) {
            lost.report(spawner);
        }
        pipe.reportLost(spawner);
    }

    /** Does so where it is missed; where nobody waits for its channel yet, the channel keeps it until somebody does. */
    void report(Spawner spawner) {
        if (pipe.isMissed(this)) {
            String what = "lost handle: a " + (sends ? "sender" : "receiver") + " of " + pipe
                    + " was let go of without close(), and those who " + (sends ? "receive" : "send") + " wait for it";
            Owners.report(spawner, what, new IllegalStateException(what));
        }
    }
}
