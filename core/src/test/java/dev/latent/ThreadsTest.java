package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scopes and shared futures, whose parts run on several threads at once. */
class ThreadsTest {
    private static final int ROUNDS = 300;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final ThreadedExecutor executor = new ThreadedExecutor(threads);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a wake was lost", e);
        }
    }

    @Test
    void scopesEndWithAllTheirChildren() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Probe> probes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                probes.add(new Probe("p" + i).after(i % 4).cleanup(i % 3));
            }
            boolean fails = round % 2 == 0;
            if (fails) {
                probes.get(round % 20).failing(new Exception("first"));
            }
            var outcome = executor.toCompletableFuture(Async.<List<String>>scope(Body.<Scope, List<String>>of(s -> {
                List<ScopedTask<String>> tasks = new ArrayList<>();
                for (Probe probe : probes) {
                    tasks.add(s.spawn(probe));
                }
                return Async.join(tasks);
            })));
            try {
                assertEquals(20, get(outcome).size());
                assertTrue(!fails);
            } catch (ExecutionException e) {
                assertTrue(fails);
                assertEquals("first", e.getCause().getMessage());
            }
            for (Probe probe : probes) {
                assertTrue(probe.finished || probe.cleaned, probe.name);
            }
        }
    }

    @Test
    void anUnreadValueOrAReadOneIsNeverBoth() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var undelivered = new ConcurrentLinkedQueue<String>();
            var outcome = executor.toCompletableFuture(Async.<String>scope(Body.<Scope, String>of(s -> {
                s.spawn(Futures.onUndelivered(new Probe("unread"), undelivered::add));
                return s.spawn(Futures.onUndelivered(new Probe("read").after(1), undelivered::add));
            })));
            assertEquals("read", get(outcome));
            assertEquals(List.of("unread"), List.copyOf(undelivered));
        }
    }

    @Test
    void sharedAcrossThreads() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var stage = new CompletableFuture<String>();
            Future<String> shared = Futures.shared(
                    Futures.then(new Probe("first").after(round % 5), _ -> Futures.fromCompletionStage(() -> stage)));
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(executor.toCompletableFuture(
                        i % 2 == 0 ? shared : Futures.map(Async.select(shared, new Probe("x").after(3)), _ -> "v")));
            }
            threads.execute(() -> stage.complete("v"));
            for (CompletableFuture<String> one : all) {
                assertEquals("v", get(one));
            }
        }
    }

    @Test
    void stagesCompletedByOtherThreads() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Integer>> stages = new ArrayList<>();
            List<Future<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                var stage = new CompletableFuture<Integer>();
                stages.add(stage);
                futures.add(Futures.fromCompletionStage(() -> stage));
            }
            var outcome = executor.toCompletableFuture(Async.join(futures));
            for (int i = 0; i < 16; i++) {
                int n = i;
                threads.execute(() -> stages.get(n).complete(n));
            }
            assertEquals(16, get(outcome).size());
        }
    }
}
