package dev.latent.bench;

import dev.latent.world.World;
import static dev.latent.Async.async;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Polls a future to its end on this thread, as the smallest of all executors; the same for woven and hand-written ones. */
@State(Scope.Thread)
public class Driver {
    private final Context cx = new Context(new NoSpawner());

    /** As an executor does that takes {@code future} from a queue: {@return its value} */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    <T> T run(Future<T> future) throws Exception {
        others();
        return poll(future);
    }

    private <T> T poll(Future<T> future) throws Exception {
        while (true) {
            cx.begin(Waker.noop());
            if (future.poll(cx) instanceof Poll.Ready<T>(T value)) {
                return value;
            }
        }
    }

    /**
     * Other futures, woven and by hand. A program has many bodies, and the JIT compiler does not know which one an executor polls next; where
     * there is but one, it inlines what is measured into the machine that runs it, and at that depth inlines no further.
     */
    private void others() throws Exception {
        int sum = poll(async(() -> 1)) + poll(async(() -> 2)) + poll(async(() -> 3));
        sum += poll(() -> Poll.ready(1)) + poll(() -> Poll.ready(2)) + poll(() -> Poll.ready(3));
        if (sum != 12) {
            throw new AssertionError(sum);
        }
    }

    private <T> T poll(Ready<T> ready) throws Exception {
        return poll((Future<T>) ready);
    }

    private interface Ready<T> extends Future<T> {
        Poll<T> value();

        @Override
        default Poll<T> poll(Context cx) {
            return value();
        }

        @Override
        default void drop() {}
    }

    private static final class NoSpawner implements Spawner {
        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new IllegalStateException("nothing spawns here");
        }

        @Override
        public World world() {
            return World.empty();
        }
    }
}
