package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockingCallTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.runtime.Latent;
            import java.io.*;
            import java.net.*;
            import java.nio.file.*;
            import java.sql.*;
            import java.util.concurrent.*;
            class T {
            """;

    private static List<String> check(List<String> options, String body) throws Exception {
        return Marked.check(options, HEAD + body + "}\n");
    }

    @Test
    void rightInABody() throws Exception {
        List<String> said = check(List.of(), """
                Future<Void> m(CompletableFuture<String> stage, ArrayBlockingQueue<String> queue, Process process,
                        FileInputStream file, PreparedStatement sql, Semaphore semaphore, Future<Void> f) {
                    return async(() -> {
                        Thread.sleep(5); // blocking-call
                        stage.join(); // blocking-call
                        if (queue.take() == null) { // blocking-call
                            process.waitFor(); // blocking-call
                        }
                        queue.poll(3, TimeUnit.SECONDS); // blocking-call
                        queue.offer("x", 3, TimeUnit.SECONDS); // blocking-call
                        file.transferTo(new ByteArrayOutputStream()); // blocking-call
                        Files.exists(Path.of("x")); // blocking-call
                        new Socket("localhost", 80); // blocking-call
                        sql.executeQuery(); // blocking-call
                        System.in.read(); // blocking-call
                        semaphore.acquireUninterruptibly(); // blocking-call
                        java.util.concurrent.locks.LockSupport.park(); // blocking-call
                        Latent.blockOn(f); // nested-block-on
                        synchronized (this) {
                            wait(); // blocking-call
                        }
                    });
                }
                """);
        assertTrue(said.get(0).contains("Thread.sleep may block"), said.toString());
        assertTrue(said.get(0).contains("await(sleep("), said.toString());
        assertTrue(said.get(1).contains("await(Futures.observe(stage))"), said.toString());
        assertTrue(said.get(2).contains("await(receiver.next()) of a Channel"), said.toString());
        assertTrue(said.get(4).contains("await(spawnBlocking(() -> …))"), said.toString());
        String nothing = said.stream()
                .filter(s -> s.contains("LockSupport.park"))
                .findFirst()
                .orElseThrow();
        assertTrue(nothing.contains("await(spawnBlocking(() -> { …; return null; }))"), nothing);
    }

    @Test
    void notElsewhereAndNotWhatOnlyLooksLikeIt() throws Exception {
        check(List.of(), """
                void wait(String what) { }
                static class Sleeper { void sleep(long n) { } String get() { return ""; } }
                Future<Void> m(BlockingQueue<String> queue, CompletableFuture<String> stage, Semaphore semaphore,
                        InputStream in, ByteArrayOutputStream bytes) {
                    return async(() -> {
                        await(spawnBlocking(() -> queue.take()));
                        Callable<String> later = () -> stage.get();
                        Runnable r = new Runnable() {
                            public void run() { stage.join(); }
                        };
                        queue.poll();
                        queue.offer("x");
                        stage.getNow("x");
                        semaphore.tryAcquire();
                        new Sleeper().sleep(3);
                        new Sleeper().get();
                        wait("x");
                        in.read();
                        bytes.write(3);
                        new Socket();
                        System.out.println("x");
                        await(sleep(java.time.Duration.ofMillis(3)));
                    });
                }
                void plain() throws Exception {
                    Thread.sleep(3);
                    System.in.read();
                }
                """);
    }

    @Test
    void theBuildExtendsTheList(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("more.txt"), """
                # ours
                T$Db#query*  db.queryAsync()
                """.replace('$', '.'));
        List<String> said = check(List.of("-Alatent.blocking=T.Old#new, -java.lang.Thread#sleep,@" + file), """
                static class Db { void query(String sql) { } void queryAll() { } }
                static class Mine extends Db { }
                static class Old { }
                Future<Void> m(Mine db) {
                    return async(() -> {
                        db.query("x"); // blocking-call
                        db.queryAll(); // blocking-call
                        new Old(); // blocking-call
                        Thread.sleep(3);
                    });
                }
                """);
        assertTrue(said.getFirst().contains("write db.queryAsync() instead"), said.toString());
    }

    @Test
    void annotatedByWhateverPackage() throws Exception {
        check(List.of(), """
                @interface Blocking { }
                @interface NonBlocking { }
                @Blocking static void slow() { }
                @Blocking static class Db { void query() { } @NonBlocking void peek() { } }
                Future<Void> m(Db db) {
                    return async(() -> {
                        slow(); // blocking-call
                        db.query(); // blocking-call
                        db.peek();
                    });
                }
                """);
    }

    @Test
    void aWrongEntryIsAnError() throws Exception {
        Map<String, String> source = Map.of("T", HEAD + "Future<Void> m() { return async(() -> { m().drop(); }); } }");
        for (String wrong : List.of("Thread.sleep", "java.lang.Thread#", "@no/such/file")) {
            List<String> errors =
                    Javac.compile(List.of("-Alatent.blocking=" + wrong), source).errors();
            assertEquals(1, errors.size(), errors.toString());
            assertTrue(errors.getFirst().contains("-Alatent.blocking "), errors.toString());
        }
    }

    /** Whoever writes another is told to put it on the list. */
    @Test
    void eachMethodThatSaysSoByItsName() throws Exception {
        StringBuilder calls = new StringBuilder();
        int seen = 0;
        for (Class<?> home : List.of(Future.class, Latent.class, TcpStream.class)) {
            for (Class<?> type : exported(home)) {
                List<Method> blocking = Arrays.stream(type.getDeclaredMethods())
                        .filter(m -> m.getName().endsWith("Blocking") && Modifier.isPublic(m.getModifiers()))
                        .filter(m -> !m.isSynthetic() && !Future.class.isAssignableFrom(m.getReturnType()))
                        .toList();
                for (Method method : blocking) {
                    String target = Modifier.isStatic(method.getModifiers())
                            ? type.getCanonicalName()
                            : "((" + type.getCanonicalName() + ") given)";
                    String arguments = Arrays.stream(method.getParameterTypes())
                            .map(p -> p.isPrimitive() ? "(" + p + ") 0" : "null")
                            .collect(Collectors.joining(", "));
                    calls.append(target + "." + method.getName() + "(" + arguments + "); // blocking-call\n");
                    seen++;
                }
            }
        }
        assertTrue(seen >= 10, calls.toString());
        List<String> said = check(List.of(), """
                @SuppressWarnings({"unchecked", "rawtypes", "latent:guard-not-closed"})
                Future<Void> m(Object given) {
                    return async(() -> {
                """ + calls + """
                        await(sleep(java.time.Duration.ZERO));
                    });
                }
                """);
        assertTrue(said.stream().allMatch(s -> s.contains("write await(")), said.toString());
    }

    /** The public classes of the module of {@code home} that are not internal. */
    private static List<Class<?>> exported(Class<?> home) throws Exception {
        URI at = home.getProtectionDomain().getCodeSource().getLocation().toURI();
        List<String> names = new ArrayList<>();
        Path file = Path.of(at);
        if (Files.isDirectory(file)) {
            try (Stream<Path> all = Files.walk(file)) {
                all.map(p -> file.relativize(p).toString()).forEach(names::add);
            }
        } else {
            try (JarFile jar = new JarFile(file.toFile())) {
                jar.stream().map(JarEntry::getName).forEach(names::add);
            }
        }
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            if (name.endsWith(".class") && !name.endsWith("-info.class") && !name.contains("internal")) {
                Class<?> type = Class.forName(
                        name.substring(0, name.length() - ".class".length())
                                .replace('/', '.')
                                .replace('\\', '.'),
                        false,
                        home.getClassLoader());
                if (Modifier.isPublic(type.getModifiers()) && type.getCanonicalName() != null) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    @Test
    void anExecutorsOwnWaysToBlock() throws Exception {
        check(List.of(), """
                Future<Void> m(dev.latent.runtime.ThreadPerCore cores, dev.latent.runtime.WorkStealingExecutor pool) {
                    return async(() -> {
                        cores.blockOn(() -> m(cores, pool)); // nested-block-on
                        cores.serve(80, client -> m(cores, pool)); // blocking-call
                        cores.close(); // blocking-call
                        pool.close(); // blocking-call
                        await(sleep(java.time.Duration.ZERO));
                    });
                }
                """);
    }

    @Test
    void thePagePrintsTheList() throws Exception {
        try (InputStream list = BlockingCallTest.class.getResourceAsStream("lint/blocking-calls.txt")) {
            String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
            String page = Files.readString(Path.of("../docs/diagnostics/blocking-call.md"));
            assertTrue(
                    page.contains("```text\n" + text + "```"),
                    "the list of docs/diagnostics/blocking-call.md is another");
        }
    }
}
