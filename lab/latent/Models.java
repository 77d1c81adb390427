import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A future does nothing until it is polled, and to drop it is to cancel it, cleanup included. A task lives as long as its handle. */
static final class Ticks {
    final AtomicInteger seen = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile long endedAt;

    void end() {
        endedAt = System.nanoTime();
        ended.countDown();
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }
}

Future<Void> ticking(Ticks ticks) {
    return async(() -> {
        try {
            for (int i = 0; i < 20; i++) {
                await(sleep(ofMillis(10)));
                ticks.seen.incrementAndGet();
            }
        } finally {
            ticks.end();
        }
    });
}

Future<Void> computing(Ticks ticks) {
    return async(() -> {
        await(yieldNow());
        for (long end = System.nanoTime() + 200_000_000; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
        ticks.end();
    });
}

Future<Void> noting(AtomicBoolean ran) {
    return async(() -> {
        await(yieldNow());
        ran.set(true);
    });
}

Future<Void> until(BooleanSupplier condition) {
    return async(() -> {
        while (!condition.getAsBoolean()) {
            await(sleep(ofMillis(1)));
        }
    });
}

Future<Void> future() {
    return async(() -> {
        var ran = new AtomicBoolean();
        var made = noting(ran);
        await(sleep(ofMillis(50)));
        boolean ranBefore = ran.get();
        await(made);

        var runs = new long[5]; // the middle one counts: the first runs code that has never run
        boolean stopped = true;
        int after = 0;
        for (int i = 0; i < runs.length; i++) {
            var ticks = new Ticks();
            var work = pin(ticking(ticks));
            await(select(work, until(() -> ticks.seen.get() >= 5))); // which polls it, and leaves it in place
            int before = ticks.seen.get();
            long at = System.nanoTime();
            work.close();
            stopped &= ticks.hasEnded();
            runs[i] = (ticks.endedAt - at) / 1_000;
            await(sleep(ofMillis(300)));
            after += ticks.seen.get() - before;
        }
        Arrays.sort(runs);
        tell("future", ranBefore, after, "dropping it", runs[2], stopped, null);
    });
}

Future<Void> task() {
    return async(() -> {
        var ran = new AtomicBoolean();
        boolean ranBefore;
        try (var made = spawn(noting(ran))) {
            await(sleep(ofMillis(50)));
            ranBefore = ran.get();
            await(made);
        }

        var runs = new long[5];
        boolean stopped = true;
        int after = 0;
        for (int i = 0; i < runs.length; i++) {
            var ticks = new Ticks();
            int before;
            long at;
            try (var task = spawn(ticking(ticks))) {
                await(until(() -> ticks.seen.get() >= 5));
                before = ticks.seen.get();
                at = System.nanoTime();
            } // waits here for its end
            stopped &= ticks.hasEnded();
            runs[i] = (ticks.endedAt - at) / 1_000;
            await(sleep(ofMillis(300)));
            after += ticks.seen.get() - before;
        }
        Arrays.sort(runs);

        var busy = new Ticks();
        long asked;
        try (var computing = spawn(computing(busy))) {
            await(sleep(ofMillis(50)));
            asked = System.nanoTime();
        } // waits here for its end
        tell("task", ranBefore, after, "dropping its handle", runs[2], stopped, (busy.endedAt - asked) / 1_000_000);
    });
}

void tell(String form, boolean ranBefore, int after, String by, long micros, boolean stopped, Long on) {
    IO.println("""
            {"form": "%s", "version": "Latent", "ranBeforeAwait": %b, "ticksAfterDrop": %d, "cancelledBy": "%s", "microsToStop": %d, \
            "stoppedOnReturn": %b, "computesOnMillis": %s, "runner": "the executor you choose", "startsRuntime": true}"""
            .formatted(form, ranBefore, after, by, micros, stopped, on));
}

void main() throws Exception {
    Latent.blockOn(future());
    try (var executor = WorkStealingExecutor.create(2)) {
        executor.blockOn(task());
    }
}
