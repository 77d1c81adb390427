package dev.latent.internal;

import dev.latent.Spawner;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * Something that its holder has to close, as it is known to what waits for that: it tells who has let go of theirs without. No thread
 * looks after them. Whoever has to wait for one does, and executors, when they have nothing to run; and by then the garbage collector must have found it.
 */
public abstract class Lost extends WeakReference<Object> {
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
    private static volatile boolean any;

    /**
     * For a kind of it.
     *
     * @param watched whether it is ever told of
     */
    protected Lost(Object holder, boolean watched) {
        super(holder, watched ? QUEUE : null);
        if (watched && !any) {
            any = true;
        }
    }

    /** {@return whether there has ever been one to be told of} */
    public static boolean mayBe() {
        return any;
    }

    /** Has those reported, to who polls for {@code spawner}, that have been found since the last time. */
    public static void look(Spawner spawner) {
        while (QUEUE.poll() instanceof Lost lost) {
            lost.report(spawner);
        }
    }

    /** The holder is gone. */
    protected abstract void report(Spawner spawner);
}
