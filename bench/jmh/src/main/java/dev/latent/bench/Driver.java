package dev.latent.bench;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Polls a future to its end on this thread, as the smallest of all executors; the same for woven and hand-written ones. */
@State(Scope.Thread)
public class Driver {
    private final Context cx = new Context(new NoSpawner());

    <T> T run(Future<T> future) throws Exception {
        while (true) {
            cx.begin(Waker.noop());
            if (future.poll(cx) instanceof Poll.Ready<T>(T value)) {
                return value;
            }
        }
    }

    private static final class NoSpawner implements Spawner {
        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new IllegalStateException("nothing spawns here");
        }

        @Override
        public <C> @Nullable C capability(Class<C> type) {
            return null;
        }
    }
}
