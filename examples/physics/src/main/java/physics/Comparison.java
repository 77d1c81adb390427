package physics;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.sleep;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.LocalExecutor;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** The same loop run in each way, one after the other, and what became of its frames. */
final class Comparison {
    private static final int WARM_UP = 180;
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final int bodies;
    private final int frames;
    private final int busy;
    private final Duration computing;

    /** @param busy tasks beside it, each of which computes for {@code computing} and pauses for 2 ms, again and again */
    Comparison(int bodies, int frames, int busy, Duration computing) {
        this.bodies = bodies;
        this.frames = frames;
        this.busy = busy;
        this.computing = computing;
    }

    /** {@return what became of the frames; {@code now} is told what runs} */
    Map<Way, FrameTimes> run(Consumer<String> now) throws Exception {
        now.accept("warming up");
        run(Way.THREAD, WARM_UP);
        run(Way.TASK_AMONG_BUSY, WARM_UP);
        Map<Way, FrameTimes> all = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            now.accept(way.shown());
            all.put(way, run(way, frames));
        }
        return all;
    }

    private FrameTimes run(Way way, int most) throws Exception {
        FrameTimes times = new FrameTimes(most);
        Physics physics = new Physics(new Scene(bodies, 1), times);
        try (LocalExecutor executor = new LocalExecutor()) {
            switch (way) {
                case THREAD -> executor.blockOn(beside(Futures.observe(physics.onThread(most)), false));
                case TASK_ALONE -> executor.blockOn(physics.asTask(most));
                case TASK_AMONG_BUSY -> executor.blockOn(beside(physics.asTask(most), false));
                case TASK_HANDED_OVER -> executor.blockOn(beside(physics.asTask(most), true));
            }
        }
        return times;
    }

    /** {@return a future of the loop, and of what is beside it, which is dropped when the loop has ended} */
    private Future<Void> beside(Future<?> loop, boolean handsOver) {
        return Async.<Void>joinSetDo(tasks -> {
            for (int i = 0; i < busy; i++) {
                tasks.spawn(handsOver ? handingOver() : computing());
            }
            await(loop);
        });
    }

    private Future<Void> computing() {
        return async(() -> {
            while (true) {
                work(computing);
                await(sleep(PAUSE));
            }
        });
    }

    private Future<Void> handingOver() {
        return async(() -> {
            while (true) {
                await(compute(() -> work(computing)));
                await(sleep(PAUSE));
            }
        });
    }

    /** {@return something of it, so that no compiler leaves it out} */
    private static long work(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        long sum = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 1_000; i++) {
                sum = sum * 31 + i;
            }
        }
        return sum;
    }
}
