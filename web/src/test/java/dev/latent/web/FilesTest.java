package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.TempFile;
import dev.latent.io.spi.FileInMemory;
import dev.latent.runtime.Latent;
import dev.latent.world.BlockingPool;
import dev.latent.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server's files are those of its world. */
@Timeout(60)
class FilesTest {
    /** In memory; a folder is what names of files begin with. */
    private static final class Memory implements Files {
        final Map<Path, byte[]> all = new TreeMap<>();
        long endsAt = Long.MAX_VALUE;
        long failsAt = Long.MAX_VALUE;
        int opened;
        int closed;

        @Override
        public Future<FileInfo> look(Path path) {
            byte[] bytes = all.get(path);
            boolean isFolder = all.keySet().stream().anyMatch(p -> !p.equals(path) && p.startsWith(path));
            return bytes == null && !isFolder
                    ? Futures.failed(new NoSuchFileException(path.toString()))
                    : Futures.ready(new FileInfo(
                            path,
                            bytes == null ? FileInfo.Kind.FOLDER : FileInfo.Kind.FILE,
                            bytes == null ? 0 : bytes.length,
                            Instant.EPOCH));
        }

        @Override
        public Future<OpenFile> open(Path path, Reading how) {
            return Futures.then(look(path.normalize()), info -> {
                if (info.kind() != FileInfo.Kind.FILE) {
                    return Futures.failed(new NotAFileException(path.toString(), info.kind()));
                }
                opened++;
                OpenFile file = new FileInMemory(info, all.get(info.realPath()));
                return Futures.ready(new Counted(file));
            });
        }

        private final class Counted implements OpenFile {
            private final OpenFile file;

            Counted(OpenFile file) {
                this.file = file;
            }

            @Override
            public FileInfo info() {
                return file.info();
            }

            @Override
            public Future<Integer> read(ByteBuffer to) {
                if (file.position() >= failsAt) {
                    return Futures.failed(new IOException("the disk is gone"));
                }
                if (file.position() >= endsAt) {
                    return Futures.ready(-1);
                }
                ByteBuffer piece = to.slice(to.position(), Math.min(to.remaining(), 50_000));
                return Futures.map(file.read(piece), n -> {
                    to.position(to.position() + Math.max(0, n));
                    return n;
                });
            }

            @Override
            public long position() {
                return file.position();
            }

            @Override
            public void position(long bytes) {
                file.position(bytes);
            }

            @Override
            public Future<Void> closeAsync() {
                return Futures.map(file.closeAsync(), v -> {
                    closed++;
                    return v;
                });
            }

            @Override
            public void close() {
                closed++;
                file.close();
            }
        }

        @Override
        public Future<List<Path>> list(Path folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> write(Path path, ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> delete(Path path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<TempFile> createTemp(String prefix) {
            throw new UnsupportedOperationException();
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    }

    private static WebServerBuilder site(Path folder) {
        return WebServer.at("127.0.0.1", 0).files("/", folder);
    }

    @Test
    void aPageFromMemory() throws Exception {
        Memory memory = new Memory();
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
        Memory memory = new Memory();
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
        Memory memory = new Memory();
        Path file = Path.of("/nowhere/big");
        memory.all.put(file, new byte[100_000]);
        memory.failsAt = 50_000;
        assertThrows(IOException.class, () -> Latent.blockOn(memory.readAll(file, 200_000)));
        assertEquals(1, memory.opened);
        assertEquals(1, memory.closed);
    }
}
