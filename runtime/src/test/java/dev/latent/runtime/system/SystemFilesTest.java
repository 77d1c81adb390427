package dev.latent.runtime.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.TempFile;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.BlockingPool;
import dev.latent.world.World;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SystemFilesTest {
    /** The system's, its calls counted. */
    private static final class Counted implements BlockingPool {
        final BlockingPool real = Latent.system().capability(BlockingPool.class);
        CountDownLatch returned = new CountDownLatch(0);
        int calls;

        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            calls++;
            CountDownLatch told = returned;
            return real.run(() -> {
                try {
                    return work.call();
                } finally {
                    told.countDown();
                }
            });
        }
    }

    private final Counted pool = new Counted();
    private final World world = Latent.system().with(BlockingPool.class, pool);
    private final LocalExecutor executor = LocalExecutor.builder().world(world).build();
    private final Files files = executor.capability(Files.class);

    @TempDir
    Path dir;

    private <T> T get(Future<T> future) throws Exception {
        return executor.blockOn(future);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return java.nio.file.Files.write(dir.resolve(name), bytes);
    }

    private static byte[] random(int n) {
        byte[] bytes = new byte[n];
        new Random(n).nextBytes(bytes);
        return bytes;
    }

    private <E extends Exception> String failure(Class<E> type, Future<?> future) {
        int before = pool.calls;
        String message = assertThrows(type, () -> get(future)).getMessage();
        assertTrue(pool.calls <= before + 1, "one call: " + message);
        return message.replace(dir.toString(), "DIR");
    }

    /** {@return how many handles this process has on {@code path}} */
    private static long handles(Path path) throws IOException {
        Path open = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(java.nio.file.Files.isDirectory(open));
        try (Stream<Path> all = java.nio.file.Files.list(open)) {
            return all.filter(link -> {
                        try {
                            return java.nio.file.Files.readSymbolicLink(link).equals(path);
                        } catch (IOException e) {
                            return false; // closed meanwhile
                        }
                    })
                    .count();
        }
    }

    @Test
    void looks() throws Exception {
        Path real = file("a", random(10)).toRealPath();
        Path link = java.nio.file.Files.createSymbolicLink(dir.resolve("link"), real);
        FileInfo info = get(files.look(link));
        assertEquals(real, info.realPath());
        assertEquals(FileInfo.Kind.FILE, info.kind());
        assertEquals(10, info.size());
        assertTrue(Duration.between(info.modified(), Instant.now()).toMinutes() < 5, info.toString());
        assertEquals(FileInfo.Kind.FOLDER, get(files.look(dir)).kind());
        assertEquals(
                "DIR/no: cannot look at it: there is no such file: look for a folder of its path that is missing, or spelled otherwise",
                failure(NoSuchFileException.class, files.look(dir.resolve("no"))));
    }

    @Test
    void readsPieceByPiece() throws Exception {
        byte[] bytes = random(150_000);
        Path path = file("big", bytes).toRealPath();
        OpenFile file = get(files.open(path, Reading.PLAIN.whole(149_999)));
        assertEquals(1, pool.calls);
        assertEquals(1, handles(path));
        ByteBuffer all = ByteBuffer.allocate(200_000);
        while (get(file.read(all)) > 0) {}
        assertArrayEquals(bytes, java.util.Arrays.copyOf(all.array(), all.position()));
        assertEquals(150_000, file.position());
        file.position(149_990);
        assertEquals(10, get(file.read(all.clear())));
        assertEquals(bytes[149_990], all.get(0));
        file.position(200_000);
        assertEquals(-1, get(file.read(all)));
        get(file.closeAsync());
        assertEquals(0, handles(path));
        assertThrows(IOException.class, () -> get(file.read(all.clear())));
    }

    @Test
    void aSmallFileIsOneCallAndNoHandle() throws Exception {
        byte[] bytes = random(1000);
        Path path = file("small", bytes).toRealPath();
        for (int whole : new int[] {1000, 1001, 5000}) {
            pool.calls = 0;
            OpenFile file = get(files.open(path, Reading.PLAIN.whole(whole)));
            assertEquals(0, handles(path));
            ByteBuffer all = ByteBuffer.allocate(2000);
            assertEquals(1000, get(file.read(all)));
            assertEquals(-1, get(file.read(all)));
            assertArrayEquals(bytes, java.util.Arrays.copyOf(all.array(), 1000));
            file.position(999);
            assertEquals(1, get(file.read(all.clear())));
            get(file.closeAsync());
            assertEquals(1, pool.calls);
            assertThrows(IOException.class, () -> get(file.read(all.clear())));
            assertArrayEquals(bytes, get(files.readAll(path, whole)));
            assertEquals(2, pool.calls);
        }
        FileSystemException tooLong = assertThrows(FileSystemException.class, () -> get(files.readAll(path, 999)));
        assertEquals(
                path + ": cannot read it whole: it is 1000 bytes, and more than 999 are refused", tooLong.getMessage());
        assertEquals(0, handles(path));
        assertEquals(0, get(files.readAll(file("empty", new byte[0]), 0)).length);
        Path withoutSize = Path.of("/proc/self/status");
        if (java.nio.file.Files.exists(withoutSize)) {
            assertTrue(new String(get(files.readAll(withoutSize, 100_000)), UTF_8).contains("Name:"));
            assertThrows(FileSystemException.class, () -> get(files.readAll(withoutSize, 20)));
        }
    }

    @Test
    void onlyBelow() throws Exception {
        Path root =
                java.nio.file.Files.createDirectories(dir.resolve("root/sub")).getParent();
        Path secret = file("secret", random(3));
        java.nio.file.Files.write(root.resolve("sub/a"), random(7));
        java.nio.file.Files.createSymbolicLink(root.resolve("out"), secret);
        java.nio.file.Files.createSymbolicLink(root.resolve("in"), root.resolve("sub/a"));
        java.nio.file.Files.createSymbolicLink(root.resolve("circle"), root.resolve("circle"));
        Path entry = java.nio.file.Files.createSymbolicLink(dir.resolve("entry"), root);
        Reading how = Reading.PLAIN.below(entry).whole(100);
        assertEquals(7, get(files.open(entry.resolve("in"), how)).info().size());
        assertEquals(
                "DIR/entry/out: cannot read it: it leads out of DIR/entry, where it has to stay",
                failure(NoSuchFileException.class, files.open(entry.resolve("out"), how)));
        for (String name : new String[] {"no", "../secret", "circle", "sub/a/b", "x".repeat(300)}) {
            String told = failure(NoSuchFileException.class, files.open(entry.resolve(name), how));
            assertTrue(told.contains(": cannot read it: "), told);
        }
        String gone = failure(
                FileSystemException.class, files.open(dir.resolve("no/a"), Reading.PLAIN.below(dir.resolve("no"))));
        assertTrue(gone.startsWith("DIR/no: cannot look for files in it: there is no such file"), gone);
        NotAFileException folder =
                assertThrows(NotAFileException.class, () -> get(files.open(entry.resolve("sub"), how)));
        assertEquals(FileInfo.Kind.FOLDER, folder.kind());
        Path device = Path.of("/dev/zero");
        if (java.nio.file.Files.exists(device)) {
            assertEquals(
                    FileInfo.Kind.OTHER,
                    assertThrows(NotAFileException.class, () -> get(files.open(device, Reading.PLAIN)))
                            .kind());
        }
    }

    @Test
    void lists() throws Exception {
        for (String name : List.of("b", "a", "C", "ab")) {
            file(name, new byte[0]);
        }
        assertEquals(Stream.of("C", "a", "ab", "b").map(dir::resolve).toList(), get(files.list(dir)));
        assertEquals(
                "DIR/a: cannot list it: it is no folder",
                failure(FileSystemException.class, files.list(dir.resolve("a"))));
    }

    /** To open a pipe is to wait for who opens its other end, for ever if nobody does. */
    @Test
    void aPipeIsRefused() throws Exception {
        Path pipe = dir.resolve("pipe");
        int code;
        try {
            code = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        } catch (IOException e) {
            code = -1;
        }
        Assumptions.assumeTrue(code == 0);
        assertEquals("DIR/pipe: cannot list it: it is no folder", failure(FileSystemException.class, files.list(pipe)));
        assertEquals(
                "DIR/pipe: cannot write it: it is a pipe, and keeps nothing: name a file",
                failure(FileSystemException.class, files.write(pipe, ByteBuffer.allocate(1))));
        failure(NotAFileException.class, files.open(pipe, Reading.PLAIN));
    }

    @Test
    void linksInACircle() throws Exception {
        Path one = java.nio.file.Files.createSymbolicLink(dir.resolve("one"), dir.resolve("other"));
        java.nio.file.Files.createSymbolicLink(dir.resolve("other"), one);
        assertEquals(
                "DIR/one: cannot list it: its links lead in a circle",
                failure(FileSystemException.class, files.list(one)));
        assertEquals(
                "DIR/one: cannot read it: its links lead in a circle",
                failure(FileSystemException.class, files.open(one, Reading.PLAIN)));
    }

    /** Such a folder can be opened, and then not read: it is that of a process that has ended, and whose parent does not ask how. */
    @Test
    void aFolderThatFailsWhileItIsListed() throws Exception {
        Assumptions.assumeTrue(java.nio.file.Files.exists(Path.of("/proc/self/net")));
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & exec sleep 1000").start();
        try {
            Path state = null;
            while (state == null || !java.nio.file.Files.readString(state).contains(") Z")) {
                var child = parent.toHandle().descendants().findFirst();
                state = child.map(c -> Path.of("/proc/" + c.pid() + "/stat")).orElse(state);
            }
            Path net = state.resolveSibling("net");
            assertTrue(assertThrows(FileSystemException.class, () -> get(files.list(net)))
                    .getMessage()
                    .startsWith(net + ": cannot list it: "));
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void wherePositionsEndIsBeyondTheEnd() throws Exception {
        OpenFile file = get(files.open(file("a", random(10)), Reading.PLAIN));
        for (long beyond : new long[] {10, 11, Integer.MAX_VALUE * 9L, Long.MAX_VALUE}) {
            file.position(beyond);
            assertEquals(-1, get(file.read(ByteBuffer.allocate(5))), "at " + beyond);
        }
        file.position(8);
        assertEquals(2, get(file.read(ByteBuffer.allocate(5))));
        get(file.closeAsync());
    }

    @Test
    void writesAndDeletes() throws Exception {
        Path path = file("a", random(1000));
        ByteBuffer from = ByteBuffer.wrap("xhello".getBytes(UTF_8)).position(1);
        Future<Void> write = files.write(path, from);
        Context cx = new Context(executor);
        assertFalse(write.poll(cx).isReady());
        from.put(1, (byte) '!'); // it has been copied
        get(write);
        assertEquals(1, from.position());
        assertEquals("hello", java.nio.file.Files.readString(path));
        Future<Void> never = files.write(path, from);
        never.drop();
        assertEquals("hello", java.nio.file.Files.readString(path));
        Path full = Path.of("/dev/full");
        if (java.nio.file.Files.exists(full)) {
            assertEquals(
                    "/dev/full: cannot write it: the disk is full: make room, or use another",
                    failure(FileSystemException.class, files.write(full, ByteBuffer.allocate(1))));
        }
        assertTrue(failure(NoSuchFileException.class, files.write(dir.resolve("no/a"), from))
                .startsWith("DIR/no/a: cannot write it: "));
        Path folder = java.nio.file.Files.createDirectory(dir.resolve("folder"));
        Path inside = java.nio.file.Files.createFile(folder.resolve("x"));
        assertEquals(
                "DIR/folder: cannot delete it: the folder is not empty: delete what is in it first",
                failure(FileSystemException.class, files.delete(folder)));
        get(files.delete(inside));
        get(files.delete(folder));
        assertFalse(java.nio.file.Files.exists(folder));
        failure(NoSuchFileException.class, files.delete(folder));
    }

    @Test
    void aTemporaryFileGoesWithItsClose() throws Exception {
        TempFile temp = get(files.createTemp("latent"));
        assertTrue(java.nio.file.Files.exists(temp.path()));
        get(files.write(temp.path(), ByteBuffer.allocate(10)));
        get(temp.closeAsync());
        assertFalse(java.nio.file.Files.exists(temp.path()));
        temp.close();
        TempFile other = get(files.createTemp("latent"));
        Future<Void> closing = other.closeAsync();
        closing.poll(new Context(executor));
        closing.drop();
        while (java.nio.file.Files.exists(other.path())) { // whoever comes last deletes it
            Thread.onSpinWait();
        }
        TempFile moved = get(files.createTemp("latent"));
        java.nio.file.Files.move(moved.path(), dir.resolve("kept"));
        get(moved.closeAsync());
        assertTrue(java.nio.file.Files.exists(dir.resolve("kept")));
    }

    @Test
    void aTemporaryFileIsWrittenReadAndMoved() throws Exception {
        Path folder = java.nio.file.Files.createDirectory(dir.resolve("temporary"));
        byte[] bytes = random(200_000);
        TempFile temp = get(files.createTemp(folder, "latent"));
        assertEquals(folder, temp.path().getParent());
        ByteBuffer from = ByteBuffer.wrap(bytes);
        get(temp.write(from.limit(70_000)));
        get(temp.write(from.limit(bytes.length)));
        assertEquals(0, from.remaining());
        assertArrayEquals(bytes, get(files.readAll(temp.path(), bytes.length)));
        get(temp.shutdownOutput());
        assertThrows(FileSystemException.class, () -> get(temp.write(ByteBuffer.allocate(1))));
        Path kept = dir.resolve("kept");
        java.nio.file.Files.writeString(kept, "before");
        get(temp.moveTo(kept));
        assertEquals(kept, temp.path());
        Path again = dir.resolve("again");
        get(temp.moveTo(again));
        get(temp.closeAsync());
        assertArrayEquals(bytes, java.nio.file.Files.readAllBytes(again));
        assertFalse(java.nio.file.Files.exists(kept));
        assertThrows(IOException.class, () -> get(temp.moveTo(kept)));

        TempFile other = get(files.createTemp(folder, "latent"));
        get(other.write(ByteBuffer.wrap(bytes)));
        assertThrows(FileSystemException.class, () -> get(other.moveTo(dir.resolve("nowhere/kept"))));
        get(other.closeAsync());
        try (Stream<Path> all = java.nio.file.Files.list(folder)) {
            assertEquals(List.of(), all.toList());
        }
    }

    /** What was opened, or made, for nobody is closed by whoever comes last. */
    @Test
    void dropped() throws Exception {
        Path path = file("big", random(100_000)).toRealPath();
        Context cx = new Context(executor);
        files.open(path, Reading.PLAIN).drop();
        assertEquals(0, pool.calls);
        for (int i = 0; i < 50; i++) {
            pool.returned = new CountDownLatch(1);
            Future<OpenFile> opening = files.open(path, Reading.PLAIN);
            assertFalse(opening.poll(cx).isReady());
            if (i % 2 == 0) {
                pool.returned.await();
            }
            opening.drop();
            Future<byte[]> reading = files.readAll(path, 200_000);
            for (int polls = i % 7; polls >= 0; polls--) {
                if (reading.poll(cx).isReady()) {
                    break;
                }
            }
            reading.drop();
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (handles(path) > 0) {
            assertTrue(System.nanoTime() < deadline, "still open");
            Thread.onSpinWait();
        }
    }
}
