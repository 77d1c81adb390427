package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** An executor in virtual time, a log with times, and what was reported: which is nothing, unless a test takes it. */
abstract class Stand {
    final VirtualClock clock = new VirtualClock();
    final List<Throwable> reported = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final LocalExecutor executor = LocalExecutor.builder()
            .world(World.empty()
                    .with(Clock.class, clock)
                    .with(FailureHandler.class, (_, failure) -> reported.add(failure)))
            .idle(clock::skipTo)
            .build();

    @AfterEach
    void nothingIsReported() {
        executor.close();
        assertEquals(List.of(), reported);
    }

    static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    <T> T run(Future<? extends T> future) throws Exception {
        return executor.blockOn(future);
    }

    long now() {
        return clock.nanoTime() / 1_000_000;
    }

    void log(String what) {
        log.add(what + "@" + now());
    }

    /** {@return values that come at those times, in milliseconds} */
    AsyncStream<Long> at(long... times) {
        return AsyncStream.generate(out -> {
            for (long time : times) {
                if (time > now()) {
                    await(sleep(ms(time - now())));
                }
                await(out.emit(time));
            }
        });
    }

    /** {@return the numbers from 1 on, by a generator that tells of its end} */
    AsyncStream<Integer> numbers(int n) {
        return AsyncStream.generate(out -> {
            try {
                for (int i = 1; i <= n; i++) {
                    await(out.emit(i));
                }
            } finally {
                await(sleep(ms(1)));
                log("cleaned");
            }
        });
    }

    Future<Integer> after(long millis, int value) {
        return async(() -> {
            await(sleep(ms(millis)));
            return value;
        });
    }

    /** A value that has to be closed by whoever has it last. */
    static final class Held implements Releasable {
        final int number;
        int closes;

        Held(int number) {
            this.number = number;
        }

        @Override
        public void close() {
            closes++;
        }

        @Override
        public String toString() {
            return "held " + number;
        }
    }

    /** Polls a future that many times, or to its end, and then drops it, with its cleanup. */
    static final class DroppedAfter extends OwnedFuture<Boolean> {
        private final Future<?> future;
        private int polls;

        DroppedAfter(Future<?> future, int polls) {
            this.future = future;
            this.polls = polls;
        }

        /** {@return whether it ended by itself} */
        @Override
        protected Poll<Boolean> pollOwned(Context cx) throws Exception {
            if (polls > 0) {
                polls--;
                if (future.poll(cx).isReady()) {
                    return Poll.ready(true);
                }
                if (polls > 0) {
                    return Poll.pending();
                }
            }
            return future.pollDrop(cx).isReady() ? Poll.ready(false) : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            future.drop();
        }
    }
}
