package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.Files;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Routes;
import dev.latent.web.http.StaticFiles;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server's files are those of its world. */
@Timeout(60)
class FilesTest {
    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    }

    private static WebServerBuilder site(Path folder) {
        return WebServer.at("127.0.0.1", 0).files("/", folder);
    }

    @Test
    void aPageFromMemory() throws Exception {
        MemoryFiles memory = new MemoryFiles();
        Path root = Path.of("/nowhere");
        byte[] big = new byte[200_000];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) ('a' + i % 26);
        }
        memory.all.put(root.resolve("index.html"), "the page".getBytes(UTF_8));
        memory.all.put(root.resolve("sub/index.html"), "the other".getBytes(UTF_8));
        memory.all.put(root.resolve("big.js"), big);
        AtomicInteger calls = new AtomicInteger();
        List<String> reported = Raw.with(counted(calls).with(Files.class, memory), site(root), server -> {
            for (String[] expected : new String[][] {
                {"/", "200", "text/html", "the page"},
                {"/index.html", "200", "text/html", "the page"},
                {"/sub", "308", null, ""},
                {"/sub/", "200", "text/html", "the other"},
                {"/big.js", "200", "text/javascript", new String(big, UTF_8)},
                {"/no", "404", "text/plain", ""},
                {"/sub/no/", "404", "text/plain", ""},
            }) {
                try (var stream = await(Raw.open(server, get(expected[0])))) {
                    String all = new String(await(Raw.rest(stream)), UTF_8);
                    assertTrue(all.startsWith("HTTP/1.1 " + expected[1]), all);
                    assertTrue(expected[2] == null || all.contains("content-type: " + expected[2]), all);
                    assertEquals(expected[3], all.substring(all.indexOf("\r\n\r\n") + 4));
                }
            }
            try (var stream = await(Raw.open(server, get("/big.js").replace("GET", "HEAD")))) {
                String all = new String(await(Raw.rest(stream)), UTF_8);
                assertTrue(all.contains("content-length: 200000") && all.endsWith("\r\n\r\n"), all);
            }
        });
        assertEquals(List.of(), reported);
        assertEquals(5, memory.opened);
        assertEquals(5, memory.closed);
        assertEquals(0, calls.get(), "nothing blocks");
    }

    private static World counted(AtomicInteger calls) {
        BlockingPool real = Latent.system().capability(BlockingPool.class);
        return Latent.system().with(BlockingPool.class, new BlockingPool() {
            @Override
            public <T> Future<T> run(Callable<? extends T> work) {
                calls.getAndIncrement();
                return real.run(work);
            }
        });
    }

    @Test
    void aSmallFileTakesOneBlockingCall(@TempDir Path dir) throws Exception {
        java.nio.file.Files.writeString(dir.resolve("index.html"), "page");
        java.nio.file.Files.write(dir.resolve("chunk"), new byte[Answers.CHUNK_BYTES]);
        java.nio.file.Files.write(dir.resolve("more"), new byte[Answers.CHUNK_BYTES + 1]);
        java.nio.file.Files.createDirectory(dir.resolve("sub"));
        java.nio.file.Files.writeString(dir.resolve("sub/index.html"), "sub");
        AtomicInteger calls = new AtomicInteger();
        List<String> reported = Raw.with(counted(calls), site(dir), server -> {
            String[] names = {"/", "/index.html", "/chunk", "/no", "/sub/", "/sub", "/more"};
            int[] expected = {1, 1, 1, 1, 1, 1, 2}; // of the last: it is opened, and moved
            for (int i = 0; i < names.length; i++) {
                int before = calls.get();
                String status = names[i].equals("/no") ? "404" : names[i].equals("/sub") ? "308" : "200";
                assertEquals(status, await(status(server, names[i])));
                assertEquals(expected[i], calls.get() - before, names[i]);
            }
            for (int i = 0; i < 3; i++) {
                int before = calls.get();
                assertEquals("200", await(status(server, "/more")));
                assertEquals(i == 0 ? 1 : 0, calls.get() - before, "known, and at hand");
            }
        });
        assertEquals(List.of(), reported);
    }

    /** That no compressed one stands beside a file is known as long as the file is: no thread is asked again. */
    @Test
    void thatThereIsNoSiblingIsRemembered(@TempDir Path dir) throws Exception {
        java.nio.file.Files.writeString(dir.resolve("a.css"), "p { margin: 0 } ".repeat(100));
        AtomicInteger calls = new AtomicInteger();
        VirtualClock clock = new VirtualClock(Instant.now().plusSeconds(10));
        Routes site = new Routes().get("/{" + StaticFiles.NAME + "...}", StaticFiles.folder(dir));
        Request request = Request.builder("GET", "/a.css")
                .header("accept-encoding", "gzip")
                .build();
        List<Integer> each = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system().with(Clock.class, clock).with(BlockingPool.class, new BlockingPool() {
                    @Override
                    public <T> Future<T> run(Callable<? extends T> work) {
                        return async(() -> {
                            calls.getAndIncrement();
                            return work.call();
                        });
                    }
                }))
                .build()) {
            for (int i = 0; i < 8; i++) {
                if (i == 4) {
                    clock.advance(java.time.Duration.ofSeconds(1));
                }
                if (i == 6) {
                    java.nio.file.Files.write(dir.resolve("a.css.gz"), new byte[] {1, 2, 3});
                    clock.advance(java.time.Duration.ofSeconds(1));
                }
                int before = calls.get();
                executor.blockOn(async(() -> {
                    try (Response response = await(site.handle(request))) {
                        tags.add(response.header("etag"));
                    }
                }));
                each.add(calls.get() - before);
            }
        }
        // opened, and looked for; looked at once; nothing; the same after a second; and what has come is found
        assertEquals(List.of(2, 1, 0, 0, 2, 0, 2, 1), each);
        assertEquals(1, Set.copyOf(tags.subList(0, 6)).size(), tags.toString());
        assertTrue(tags.get(0).endsWith("-gzip\""), tags.toString());
        assertTrue(tags.get(6).startsWith("\"3-") && tags.get(7).equals(tags.get(6)), tags.toString());
    }

    private static Future<String> status(WebServer server, String path) {
        return async(() -> {
            String status;
            try (var stream = await(Raw.open(server, get(path)))) {
                status = new String(await(Raw.rest(stream)), UTF_8).substring(9, 12);
            }
            await(Raw.untilOnly(server, 0));
            return status;
        });
    }

    /** What is the server's own fault is told, to the client as little as can be. */
    @Test
    void aFolderThatIsGoneAndAWorldWithoutFiles(@TempDir Path dir) throws Exception {
        List<String> reported = Raw.with(
                Latent.system(), site(dir.resolve("gone")), server -> assertEquals("500", await(status(server, "/x"))));
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("gone: cannot look for files in it: "), reported.toString());
        World without = World.empty();
        for (Class<?> part :
                List.of(dev.latent.world.Clock.class, dev.latent.world.Timers.class, dev.latent.io.Net.class)) {
            without = with(without, part);
        }
        reported = Raw.with(without, site(dir), server -> assertEquals("500", await(status(server, "/x"))));
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("Files"), reported.toString());
    }

    private static <C> World with(World world, Class<C> part) {
        return world.with(part, java.util.Objects.requireNonNull(Latent.system().capability(part)));
    }

    @Test
    void aFileThatBecomesShorterEndsTheConnection() throws Exception {
        MemoryFiles memory = new MemoryFiles();
        Path file = Path.of("/nowhere/big");
        memory.all.put(file, new byte[100_000]);
        memory.endsAt = 50_000;
        List<String> reported =
                Raw.with(Latent.system().with(Files.class, memory), site(Path.of("/nowhere")), server -> {
                    try (var stream = await(Raw.open(server, get("/big")))) {
                        byte[] all = await(Raw.rest(stream));
                        assertEquals(50_000, all.length - new String(all, UTF_8).indexOf("\r\n\r\n") - 4);
                    } catch (IOException e) {
                        // or it is reset
                    }
                });
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("shorter"), reported.toString());
        assertEquals(1, memory.closed);
    }

    @Test
    void aFileThatFailsInTheMiddleIsClosed() throws Exception {
        MemoryFiles memory = new MemoryFiles();
        Path file = Path.of("/nowhere/big");
        memory.all.put(file, new byte[100_000]);
        memory.failsAt = 50_000;
        assertThrows(IOException.class, () -> Latent.blockOn(memory.readAll(file, 200_000)));
        assertEquals(1, memory.opened);
        assertEquals(1, memory.closed);
    }
}
