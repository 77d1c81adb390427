package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TaskLocalElsewhereTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            class T {
                static final TaskLocal<String> USER = TaskLocal.inherited("user");
                static void log(Object o) {}
                static Future<Void> f() { return Futures.done(); }
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    @Test
    void handedToAThreadOrAnExecutor() throws Exception {
        List<String> said = check("""
                Future<Void> m(ExecutorService pool, ScheduledExecutorService timer, CompletableFuture<String> stage) {
                    return async(() -> {
                        await(f());
                        Thread.startVirtualThread(() -> log(USER.get())); // task-local-elsewhere
                        new Thread(() -> { log(USER.get()); }).start(); // task-local-elsewhere
                        Thread.ofVirtual().start(() -> log(USER.orElse("x"))); // task-local-elsewhere
                        pool.execute(() -> log(USER.get())); // task-local-elsewhere
                        CompletableFuture.supplyAsync(USER::get); // task-local-elsewhere
                        timer.schedule(() -> log(USER.get()), 3, TimeUnit.SECONDS); // task-local-elsewhere
                        CompletableFuture.runAsync(() -> log(USER.get())); // task-local-elsewhere
                        stage.thenApplyAsync(s -> s + USER.get()); // task-local-elsewhere
                    });
                }
                """);
        assertTrue(said.getFirst().contains("a thread runs this"), said::toString);
        assertTrue(said.getLast().contains("CompletableFuture's pool runs this"), said::toString);
        assertTrue(said.getLast().contains("ask before, and let the lambda use the value"), said::toString);
    }

    @Test
    void whereATaskMayBeKnown() throws Exception {
        check("""
                Future<Void> m(ExecutorService pool, Executor own, CompletableFuture<String> stage, List<String> names) {
                    return async(() -> {
                        String user = USER.get();
                        pool.execute(() -> log(user));
                        await(spawnBlocking(() -> USER.get()));
                        await(compute(USER::get));
                        TaskLocals locals = context().locals();
                        pool.execute(() -> locals.call(() -> { log(USER.get()); return null; }));
                        own.execute(() -> log(USER.get()));
                        stage.thenApplyAsync(s -> s + USER.get(), own);
                        stage.thenApply(s -> s + USER.get());
                        Context cx = context();
                        names.forEach(n -> log(USER.get(cx)));
                        Supplier<String> later = () -> USER.get();
                        log(later);
                        pool.execute(() -> log(async(() -> { await(f()); log(USER.get()); })));
                    });
                }
                """);
    }
}
