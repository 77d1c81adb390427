package dev.latent.examples.guide;

import static dev.latent.Async.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Future;
import dev.latent.runtime.LocalExecutor;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.sync.OnceCell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exercise of the guide's chapter on locks, solved: a cache that loads each key once, and at most three at once. */
class LoadingCacheTest {
    private static final class Cache {
        private final Map<String, OnceCell<String>> cells = new HashMap<>();
        private final AsyncSemaphore few = AsyncSemaphore.of(3);
        private int loading;
        private int mostLoading;
        private int loads;

        Future<String> get(String key) {
            return async(() -> {
                OnceCell<String> cell = cells.computeIfAbsent(key, _ -> OnceCell.create());
                return await(cell.getOrInit(() -> {
                    try (var _ = await(few.acquire())) {
                        return await(load(key));
                    }
                }));
            });
        }

        private Future<String> load(String key) {
            return async(() -> {
                loads++;
                mostLoading = Math.max(mostLoading, ++loading);
                try {
                    await(yieldNow());
                    await(yieldNow());
                    if (loads == 1) {
                        throw new IOException("the first load fails");
                    }
                    return key.toUpperCase();
                } finally {
                    loading--;
                }
            });
        }
    }

    @Test
    void eachKeyIsLoadedOnceAndThreeAtMostAtOnce() throws Exception {
        Cache cache = new Cache();
        LocalExecutor executor = new LocalExecutor();
        assertThrows(IOException.class, () -> executor.blockOn(cache.get("a")));
        List<Future<String>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(cache.get("abcdefgh".substring(i % 8, i % 8 + 1)));
        }
        List<String> got = executor.blockOn(join(asked));
        assertEquals(List.of("A", "B", "C", "D", "E", "F", "G", "H", "A"), got.subList(0, 9));
        assertEquals(1 + 8, cache.loads);
        assertEquals(3, cache.mostLoading);
        executor.close();
    }
}
