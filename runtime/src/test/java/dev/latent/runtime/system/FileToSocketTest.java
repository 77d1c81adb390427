package dev.latent.runtime.system;

import static dev.latent.Async.withTimeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Timed;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.Remembered;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.ChannelFile;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.World;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are opened again, and that go to a socket by themselves: what takes a turn of a thread is counted. */
@Timeout(60)
@SuppressWarnings("latent:async-close-outside-async") // a close here is only a request
class FileToSocketTest {
    /** The system's pool, its calls counted. */
    private static final class Counted implements BlockingPool {
        final BlockingPool real = Latent.system().capability(BlockingPool.class);
        int calls;

        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            calls++;
            return real.run(work);
        }
    }

    /** It goes on when it is told to, or by so much at each look. */
    private static final class Hands implements Clock {
        volatile long now;
        volatile long perLook;

        @Override
        public long nanoTime() {
            now = now + perLook;
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.now().plusSeconds(60);
        }
    }

    private final Counted pool = new Counted();
    private final Hands clock = new Hands();
    private final World world = Latent.system().with(BlockingPool.class, pool).with(Clock.class, clock);
    private final LocalExecutor executor = LocalExecutor.builder().world(world).build();
    private final Files files = executor.capability(Files.class);

    @TempDir
    Path dir;

    private <T extends @Nullable Object> T get(Future<T> future) throws Exception {
        return executor.blockOn(future);
    }

    private static byte[] random(int n) {
        byte[] bytes = new byte[n];
        new Random(n).nextBytes(bytes);
        return bytes;
    }

    private Path file(byte[] bytes) throws IOException {
        return java.nio.file.Files.write(dir.resolve("f"), bytes);
    }

    private OpenFile open(Path path, int whole) throws Exception {
        return get(files.open(path, Reading.PLAIN.whole(whole)));
    }

    private byte[] all(OpenFile file) throws Exception {
        ByteBuffer all = ByteBuffer.allocate((int) file.info().size() + 1);
        while (get(file.read(all)) >= 0) {}
        return Arrays.copyOf(all.array(), all.position());
    }

    // ---- opened again -----------------------------------------------------------------------------------------------

    private int callsOf(Future<OpenFile> opening, byte[] expected) throws Exception {
        int before = pool.calls;
        OpenFile file = get(opening);
        int calls = pool.calls - before;
        assertArrayEquals(expected, all(file));
        get(file.closeAsync());
        return calls;
    }

    @Test
    void withinASecondAFileThatHasNotChangedIsOpenedAgainWithoutAThread() throws Exception {
        for (int whole : new int[] {0, 1000}) {
            byte[] bytes = random(100);
            Path path = file(bytes);
            OpenFile first = open(path, whole);
            try (Remembered known = first.remember()) {
                assertNotNull(known);
                get(first.closeAsync());
                assertEquals(1, callsOf(known.open(), bytes), "a thread looks first");
                assertEquals(0, callsOf(known.open(), bytes));
                clock.now += 999_000_000L;
                assertEquals(0, callsOf(known.open(), bytes));
                clock.now += 1_000_000L;
                assertEquals(1, callsOf(known.open(), bytes), "a thread looks each second");
                assertEquals(0, callsOf(known.open(), bytes));
            }
        }
    }

    @Test
    void aChangeIsNoticedAtOnce() throws Exception {
        for (int whole : new int[] {0, 1000}) {
            byte[] bytes = random(100);
            Path path = file(bytes);
            try (Remembered known = open(path, whole).remember()) {
                assertNotNull(known);
                callsOf(known.open(), bytes);
                byte[] others = random(99);
                file(others);
                assertEquals(1, callsOf(known.open(), others), "another size");
                bytes = random(100);
                bytes[0]++;
                file(bytes);
                java.nio.file.Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
                assertEquals(1, callsOf(known.open(), bytes), "another time");
            }
            try (Remembered known = open(path, whole).remember()) {
                assertNotNull(known);
                callsOf(known.open(), bytes);
                Path other = java.nio.file.Files.write(dir.resolve("other"), random(100));
                java.nio.file.Files.setLastModifiedTime(other, FileTime.from(Instant.EPOCH));
                java.nio.file.Files.move(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                assertEquals(1, callsOf(known.open(), random(100)), "another file");
                java.nio.file.Files.delete(path);
                assertThrows(NoSuchFileException.class, () -> get(known.open()));
            }
        }
    }

    @Test
    void aLinkThatLeadsOutIsNoticedWithinASecond() throws Exception {
        Path root = java.nio.file.Files.createDirectory(dir.resolve("root"));
        Path path = java.nio.file.Files.write(root.resolve("f"), random(10));
        OpenFile file = get(files.open(path, Reading.PLAIN.below(root)));
        try (Remembered known = file.remember()) {
            assertNotNull(known);
            java.nio.file.Files.createSymbolicLink(path, java.nio.file.Files.move(path, dir.resolve("out")));
            assertThrows(NoSuchFileException.class, () -> get(known.open()));
        }
        get(file.closeAsync());
    }

    /** What was written as it was read may be written again without a look of it. */
    @Test
    void aFileThatIsYoungerThanTwoSecondsIsNotRemembered() throws Exception {
        Path path = file(random(10));
        java.nio.file.Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
        assertNull(open(path, 1000).remember());
    }

    @Test
    void aFileThatIsSlowToLookAtIsLeftToThreads() throws Exception {
        byte[] bytes = random(10);
        try (Remembered known = open(file(bytes), 100).remember()) {
            assertNotNull(known);
            callsOf(known.open(), bytes);
            clock.perLook = 6_000_000;
            int quick = 0;
            for (int i = 0; i < 20; i++) {
                quick += 1 - callsOf(known.open(), bytes);
            }
            assertEquals(3, quick, "three times in a row, and never again");
            clock.perLook = 0;
            assertEquals(1, callsOf(known.open(), bytes));
        }
    }

    @Test
    void theLastOfItsUsersClosesTheHandle() throws Exception {
        OpenFile first = open(file(random(10)), 0);
        Remembered known = first.remember();
        assertNotNull(known);
        OpenFile second = get(known.open());
        int before = pool.calls;
        get(first.closeAsync());
        known.close();
        known.close();
        assertEquals(before, pool.calls, "nothing was closed that could block");
        assertArrayEquals(random(10), all(second));
        get(second.closeAsync());
        assertThrows(IOException.class, () -> get(second.read(ByteBuffer.allocate(1))));
        assertArrayEquals(random(10), all(get(known.open())), "opened anew");
    }

    // ---- to a socket ------------------------------------------------------------------------------------------------

    private record Pair(TcpStream server, Socket client) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            server.close();
            client.close();
        }
    }

    private static Pair pair(LocalExecutor executor) throws Exception {
        TcpListener listener = executor.blockOn(TcpListener.bind("127.0.0.1", 0));
        Socket client = new Socket();
        client.setReceiveBufferSize(16 * 1024);
        client.connect(
                new InetSocketAddress("127.0.0.1", listener.localAddress().getPort()));
        TcpStream server = executor.blockOn(listener.accept());
        listener.close();
        return new Pair(server, client);
    }

    @Test
    void aFileGoesOutWhole() throws Exception {
        byte[] bytes = random(5_000_000);
        for (int whole : new int[] {0, bytes.length}) {
            try (Pair pair = pair(executor);
                    OpenFile file = open(file(bytes), whole)) {
                assertEquals(whole == 0, file instanceof ChannelFile);
                file.position(10);
                var sending = executor.spawn(pair.server.writeFile(file, bytes.length - 20));
                byte[][] got = new byte[1][];
                Thread reader = Thread.ofVirtual().start(() -> {
                    try {
                        got[0] = pair.client.getInputStream().readNBytes(bytes.length - 20);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                get(sending);
                reader.join();
                assertArrayEquals(Arrays.copyOfRange(bytes, 10, bytes.length - 10), got[0]);
                assertEquals(bytes.length - 10, file.position());
            }
        }
    }

    @Test
    void whatIsInMemoryTakesNoThread() throws Exception {
        byte[] bytes = random(5_000);
        try (Pair pair = pair(executor);
                OpenFile file = open(file(bytes), 0)) {
            for (int i = 0; i < 3; i++) {
                file.position(0);
                int before = pool.calls;
                get(pair.server.writeFile(file, bytes.length));
                assertEquals(i == 0 ? 1 : 0, pool.calls - before);
                assertArrayEquals(bytes, pair.client.getInputStream().readNBytes(bytes.length));
            }
            clock.now += 1_000_000_000L;
            file.position(0);
            int before = pool.calls;
            get(pair.server.writeFile(file, bytes.length));
            assertEquals(1, pool.calls - before, "a second is over");
        }
    }

    @Test
    void droppedTheyKnowHowFarItCame() throws Exception {
        byte[] bytes = random(20_000_000);
        World real = Latent.system();
        LocalExecutor timed = LocalExecutor.builder().world(real).build();
        for (int whole : new int[] {0, bytes.length}) {
            try (Pair pair = pair(timed);
                    OpenFile file =
                            timed.blockOn(real.capability(Files.class).open(file(bytes), Reading.PLAIN.whole(whole)))) {
                var sent =
                        timed.blockOn(withTimeout(Duration.ofMillis(100), pair.server.writeFile(file, bytes.length)));
                assertInstanceOf(Timed.TooLate.class, sent, "nobody reads");
                int n = (int) file.position();
                assertTrue(n > 0 && n < bytes.length, n + " bytes");
                timed.blockOn(pair.server.shutdownOutput());
                assertArrayEquals(
                        Arrays.copyOf(bytes, n), pair.client.getInputStream().readAllBytes());
            }
        }
    }

    @Test
    void aFileThatWasCutShort() throws Exception {
        for (int whole : new int[] {0, 1000}) {
            Path path = file(random(1000));
            try (Pair pair = pair(executor);
                    OpenFile file = open(path, whole)) {
                try (FileChannel cut = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    cut.truncate(400);
                }
                EOFException e = assertThrows(EOFException.class, () -> get(pair.server.writeFile(file, 1001)));
                assertTrue(
                        e.getMessage().endsWith((whole == 0 ? 601 : 1) + " bytes early: was it cut short meanwhile?"),
                        e.getMessage());
            }
        }
    }

    @Test
    void whoFailsIsTold() throws Exception {
        byte[] bytes = random(20_000_000);
        try (Pair pair = pair(executor);
                OpenFile file = open(file(bytes), 0)) {
            pair.client.setSoLinger(true, 0);
            pair.client.close();
            IOException e = assertThrows(IOException.class, () -> get(pair.server.writeFile(file, bytes.length)));
            assertFalse(e instanceof FileSystemException, e.toString());
            assertTrue(e.getMessage().contains("writing to"), e.getMessage());
        }
        try (Pair pair = pair(executor)) {
            OpenFile file = open(file(bytes), 0);
            get(file.closeAsync());
            IOException e = assertThrows(IOException.class, () -> get(pair.server.writeFile(file, 1)));
            assertTrue(e.getMessage().contains("is closed"), e.getMessage());
            OpenFile other = open(file(bytes), 0);
            pair.server.close();
            e = assertThrows(IOException.class, () -> get(pair.server.writeFile(other, 1)));
            assertTrue(e.getMessage().contains("closed"), e.getMessage());
            get(other.closeAsync());
        }
    }

    /** A move that was dropped, and whose end nobody has seen, counts, unless somebody says where to go on. */
    @Test
    void whereToReadAfterAMoveWhoseDropNobodyWaitedFor() throws Exception {
        byte[] bytes = random(100);
        for (long then : new long[] {-1, 0, 10, 40}) {
            try (OpenFile file = open(file(bytes), 0)) {
                CountDownLatch disk = new CountDownLatch(1);
                Future<Long> moving = ((ChannelFile) file)
                        .moveTo(
                                (from, at, atMost) -> {
                                    try {
                                        disk.await();
                                    } catch (InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                    return 40;
                                },
                                100);
                get(Futures.pollFn(cx -> {
                    assertFalse(moving.poll(cx).isReady());
                    return Poll.done();
                }));
                moving.drop();
                if (then >= 0) {
                    file.position(then);
                    assertEquals(then, file.position());
                }
                disk.countDown();
                int expected = then < 0 ? 40 : (int) then;
                assertArrayEquals(Arrays.copyOfRange(bytes, expected, 100), all(file), "position " + then);
                assertEquals(100, file.position());
            }
        }
    }

    /** A disk that lets a thread wait in the middle of a move: who closes meanwhile does not wait, and that thread closes. */
    @Test
    void aCloseIsLeftToTheThreadThatWaitsForTheDisk() throws Exception {
        try (Pair pair = pair(executor)) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch disk = new CountDownLatch(1);
            AtomicReference<Boolean> wasOpen = new AtomicReference<>();
            OpenFile slow = new SlowDisk(open(file(random(10)), 0), from -> new Held(from) {
                @Override
                public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
                    inside.countDown();
                    try {
                        disk.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    wasOpen.set(target.isOpen());
                    return super.transferTo(position, count, target);
                }
            });
            var sending = executor.spawn(pair.server.writeFile(slow, 10));
            while (inside.getCount() > 0) {
                get(yieldNow());
            }
            pair.server.close();
            assertThrows(IOException.class, () -> get(pair.server.read(ByteBuffer.allocate(1))));
            assertThrows(IOException.class, () -> get(pair.server.write(ByteBuffer.allocate(1))));
            assertNull(wasOpen.get());
            disk.countDown();
            assertEquals(10, pair.client.getInputStream().readNBytes(11).length, "what was being moved, then the end");
            assertEquals(true, wasOpen.get());
            try {
                get(sending);
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("closed"), e.getMessage());
            }
            get(slow.closeAsync());
        }
    }

    private record SlowDisk(OpenFile file, Function<FileChannel, FileChannel> slow) implements ChannelFile {
        @Override
        public Future<Long> moveTo(Target to, long atMost) {
            return ((ChannelFile) file).moveTo((from, at, most) -> to.take(slow.apply(from), at, most), atMost);
        }

        @Override
        public FileInfo info() {
            return file.info();
        }

        @Override
        public Future<Integer> read(ByteBuffer to) {
            return file.read(to);
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
            return file.closeAsync();
        }

        @Override
        public void close() {
            file.close();
        }
    }

    /** Another's channel, of which only the size and the moves are asked for. */
    private static class Held extends FileChannel {
        private final FileChannel real;

        Held(FileChannel real) {
            this.real = real;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer to, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implCloseChannel() {}
    }

    @Test
    void theChannelsFailureIsNotTheFiles() throws Exception {
        try (OpenFile file = open(file(random(10)), 0)) {
            IOException own = new IOException("the channel's own");
            WritableByteChannel broken = new WritableByteChannel() {
                @Override
                public int write(ByteBuffer from) throws IOException {
                    throw own;
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() {}
            };
            IOException e = assertThrows(
                    IOException.class,
                    () -> get(((ChannelFile) file)
                            .moveTo((from, at, atMost) -> from.transferTo(at, atMost, broken), 10)));
            assertEquals(own.getMessage(), e.getMessage());
            assertNotEquals(10, file.position());
        }
    }
}
