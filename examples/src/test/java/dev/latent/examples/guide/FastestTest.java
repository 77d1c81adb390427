package dev.latent.examples.guide;

import static dev.latent.Async.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.JoinHandle;
import dev.latent.JoinSet;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exercise of the guide's chapter on tasks, solved: the first so many values of many futures. */
class FastestTest {
    private final VirtualClock clock = new VirtualClock();
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(Latent.system().with(Clock.class, clock))
            .idle(clock::skipTo)
            .build();

    private int open;

    private static <T> Future<List<T>> fastest(int n, Collection<Future<T>> all) {
        return joinSet((JoinSet<T> running) -> {
            for (Future<T> each : all) {
                running.spawn(each);
            }
            List<T> values = new ArrayList<>();
            Exception first = null;
            while (values.size() < n && values.size() + running.size() >= n) {
                try {
                    if (await(running.next()) instanceof Item<T>(var value)) {
                        values.add(value);
                    }
                } catch (Exception e) {
                    first = first == null ? e : first;
                }
            }
            if (values.size() < n) {
                throw first != null ? first : new IllegalArgumentException("there are less than " + n);
            }
            return values;
        });
    }

    private Future<Integer> after(int seconds, boolean fails) {
        return async(() -> {
            open++;
            try {
                await(sleep(Duration.ofSeconds(seconds)));
                if (fails) {
                    throw new IOException("after " + seconds);
                }
                return seconds;
            } finally {
                await(yieldNow());
                open--;
            }
        });
    }

    @Test
    void theFirstValuesInTheirOrder() throws Exception {
        List<Future<Integer>> all = List.of(after(5, false), after(1, true), after(3, false), after(2, false));
        assertEquals(List.of(2, 3), executor.blockOn(fastest(2, all)));
        assertEquals(3_000_000_000L, clock.nanoTime());
        assertEquals(0, open);
    }

    @Test
    void tooManyFailuresEndIt() {
        List<Future<Integer>> all = List.of(after(5, false), after(2, true), after(1, true));
        var thrown = assertThrows(IOException.class, () -> executor.blockOn(fastest(2, all)));
        assertEquals("after 1", thrown.getMessage());
        assertEquals(2_000_000_000L, clock.nanoTime());
        assertEquals(0, open);
    }

    @Test
    void droppedAnywhereItLeavesNothing() throws Exception {
        for (int half = 0; half < 12; half++) {
            List<Future<Integer>> all = List.of(after(5, false), after(1, true), after(3, false), after(2, false));
            int until = half;
            executor.blockOn(async(() -> {
                JoinHandle<List<Integer>> task = spawn(fastest(3, all));
                await(sleep(Duration.ofMillis(500L * until)));
                await(task.cancel());
            }));
            assertEquals(0, open, "dropped after " + half);
        }
    }
}
