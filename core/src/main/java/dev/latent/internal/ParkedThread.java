package dev.latent.internal;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.World;
import java.util.concurrent.locks.LockSupport;

/** A thread outside any executor that waits for a future: what {@code lockBlocking} and the like do. The only class of core that parks. */
public final class ParkedThread implements Waker, Spawner {
    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    private ParkedThread() {}

    /**
     * {@return what {@code future} becomes}, which needs nothing of an executor but to be woken.
     *
     * @throws InterruptedException when this thread is interrupted: the future has then been dropped
     */
    public static <T> T await(Future<T> future) throws InterruptedException {
        ParkedThread me = new ParkedThread();
        Owners.claim(future, me);
        Context cx = new Context(me);
        while (!Thread.interrupted()) {
            cx.begin(me);
            me.woken = false;
            try {
                if (Owners.poll(future, me, cx) instanceof Poll.Ready<T>(var value)) {
                    return value;
                }
            } catch (Exception e) {
                throw Sneaky.rethrow(e);
            }
            while (!me.woken && !me.thread.isInterrupted()) {
                LockSupport.park(future);
            }
        }
        Owners.drop(future, me);
        throw new InterruptedException("interrupted while waiting for " + Names.of(future));
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new IllegalStateException(this + " is no executor, so it can't spawn " + future);
    }

    @Override
    public World world() {
        return World.empty();
    }

    @Override
    public String toString() {
        return "thread " + thread.getName();
    }
}
