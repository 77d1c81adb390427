package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.AsyncReader;
import dev.latent.io.AsyncWriter;
import dev.latent.io.BlockingIo;
import dev.latent.io.Duplex;
import dev.latent.io.Io;
import dev.latent.io.spi.BlockingWrites;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingIoTest {
    private static byte[] random(long seed, int n) {
        byte[] bytes = new byte[n];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aTaskCopiesFromOneBlockingStreamToAnother() throws Exception {
        long seed = System.nanoTime();
        byte[] bytes = random(seed, 500_001);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(
                bytes.length,
                Latent.blockOn(Io.copy(BlockingIo.reader(new ByteArrayInputStream(bytes)), BlockingIo.writer(out))));
        assertArrayEquals(bytes, out.toByteArray(), "seed " + seed);
    }

    /** A disk that lets a thread wait: neither the drop of a write nor a close waits for it, and that thread closes, once. */
    @Test
    void aCloseInTheMiddleOfAWriteWaitsForNobody() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        BlockingWrites writes = new BlockingWrites("a slow disk", new BlockingWrites.Sink() {
            @Override
            public void write(byte[] piece) {
                inside.countDown();
                try {
                    disk.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertEquals(0, closed.get());
                written.addAndGet(piece.length);
            }

            @Override
            public void close() {
                closed.getAndIncrement();
            }
        });
        try (LocalExecutor executor = new LocalExecutor()) {
            ByteBuffer from = ByteBuffer.allocate(100_000);
            Future<Void> write = writes.write(from);
            executor.blockOn(Futures.pollFn(cx -> {
                assertFalse(write.poll(cx).isReady());
                return Poll.done();
            }));
            inside.await();
            write.drop();
            writes.close();
            assertEquals(0, closed.get());
            assertThrows(
                    TimeoutException.class,
                    () -> executor.blockOn(timeout(Duration.ofMillis(20), writes.closeAsync())));
            disk.countDown();
            executor.blockOn(writes.closeAsync());
            assertEquals(1, closed.get());
            assertEquals(100_000 - from.remaining(), written.get());
            assertThrows(IOException.class, () -> executor.blockOn(writes.write(from)));
            executor.blockOn(writes.closeAsync());
            assertEquals(1, closed.get());
        }
    }

    /** A thread is in the read; the future that wanted it is dropped; the next one has what the thread brings. */
    @Test
    void aDroppedReadLosesNothing() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            private int n;

            @Override
            public int read() {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return n < 100 ? n++ : -1;
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                int b = read();
                if (b < 0) {
                    return -1;
                }
                to[offset] = (byte) b;
                return 1;
            }
        };
        byte[] all = Latent.blockOn(async(() -> {
            AsyncReader reader = BlockingIo.reader(slow);
            try {
                await(timeout(Duration.ofMillis(5), reader.read(ByteBuffer.allocate(10))));
                throw new AssertionError("nothing can have come");
            } catch (TimeoutException e) {
                go.countDown();
            }
            return await(AsyncBufReader.of(reader).readAll(1_000));
        }));
        assertEquals(100, all.length);
        for (int i = 0; i < 100; i++) {
            assertEquals(i, all[i]);
        }
    }

    @Test
    void aDroppedWriteGoesOnWithItsPieceAndItsFailureIsTheNextOnes() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError();
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                taken.write(from, offset, length);
                if (taken.size() > 5) {
                    throw new IOException("full");
                }
            }
        };
        Latent.blockOn(async(() -> {
            AsyncWriter writer = BlockingIo.writer(slow);
            ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 2, 3});
            try {
                await(timeout(Duration.ofMillis(5), writer.write(first)));
                throw new AssertionError("nothing can be written");
            } catch (TimeoutException e) {
                go.countDown();
            }
            assertEquals(3, first.position());
            await(writer.write(ByteBuffer.wrap(new byte[] {4, 5})));
            try {
                await(writer.write(ByteBuffer.wrap(new byte[] {6})));
                throw new AssertionError("it is full");
            } catch (IOException e) {
                assertEquals("full", e.getMessage());
            }
            await(writer.flush());
        }));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, taken.toByteArray());
    }

    /** Threads at both ends of a connection whose bytes tasks carry. */
    @Test
    void threadsWriteAndReadOverAConnection() throws Exception {
        long seed = System.nanoTime();
        byte[] bytes = random(seed, 400_000);
        try (var pool = WorkStealingExecutor.create(2)) {
            byte[] got = pool.blockOn(async(() -> {
                Spawner spawner = context().spawner();
                var ends = Io.duplex(1_000);
                Duplex near = ends.first();
                Duplex far = ends.second();
                Future<Void> writing = spawnBlocking(() -> {
                    Random random = new Random(seed);
                    try (OutputStream out = BlockingIo.outputStream(near, spawner)) {
                        int at = 0;
                        while (at < bytes.length) {
                            int n = Math.min(bytes.length - at, 1 + random.nextInt(5_000));
                            out.write(bytes, at, n);
                            at += n;
                            if (random.nextInt(10) == 0) {
                                out.flush();
                            }
                        }
                    }
                    return null;
                });
                Future<byte[]> reading = spawnBlocking(() -> {
                    try (InputStream in = BlockingIo.inputStream(far, spawner)) {
                        return in.readAllBytes();
                    }
                });
                return await(join(writing, reading)).second();
            }));
            assertArrayEquals(bytes, got, "seed " + seed);
            assertTrue(pool.liveTasks() <= 1, () -> pool.liveTasks() + " tasks");
        }
    }

    @Test
    void failuresAreThrownByTheThreadsCalls() throws Exception {
        try (var pool = WorkStealingExecutor.create(1)) {
            InputStream in = BlockingIo.inputStream(_ -> Futures.failed(new IOException("cable cut")), pool);
            assertEquals("cable cut", assertThrows(IOException.class, in::read).getMessage());
            assertEquals("cable cut", assertThrows(IOException.class, in::read).getMessage());
            OutputStream out = BlockingIo.outputStream(_ -> Futures.failed(new IOException("cable cut")), pool);
            IOException e = assertThrows(IOException.class, () -> {
                out.write(1);
                out.flush();
            });
            assertEquals("cable cut", e.getMessage());
            assertThrows(IOException.class, out::close);
        }
    }

    /** However the thread that writes and the task that fails meet. */
    @Test
    void aFailureIsKnownBeforeAnybodyHearsOfIt() throws Exception {
        try (var pool = WorkStealingExecutor.create(1)) {
            for (int i = 0; i < 2_000; i++) {
                OutputStream out = BlockingIo.outputStream(_ -> Futures.failed(new IOException("cable cut")), pool);
                IOException e = assertThrows(IOException.class, () -> {
                    out.write(1);
                    out.flush();
                });
                assertEquals("cable cut", e.getMessage(), "try " + i);
            }
        }
    }

    @Test
    void anEndedExecutorLeavesNoThreadWaiting() throws Exception {
        LocalExecutor ended = new LocalExecutor();
        ended.close();
        InputStream in = BlockingIo.inputStream(_ -> Futures.pending(), ended);
        assertThrows(IOException.class, in::read);
        OutputStream out = BlockingIo.outputStream(_ -> Futures.pending(), ended);
        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 3; i++) {
                out.write(i);
            }
        });
        WorkStealingExecutor pool = WorkStealingExecutor.create(1);
        InputStream later = BlockingIo.inputStream(_ -> Futures.pending(), pool);
        OutputStream flushed = BlockingIo.outputStream(_ -> Futures.pending(), pool);
        flushed.write(1);
        Thread closer = Thread.ofVirtual().start(pool::close);
        assertThrows(IOException.class, later::read);
        assertThrows(IOException.class, flushed::flush);
        closer.join();
    }

    @Test
    void anInterruptedThreadLosesNoByte() throws Exception {
        try (var pool = WorkStealingExecutor.create(1)) {
            var ends = Io.duplex(10);
            try (InputStream in = BlockingIo.inputStream(ends.first(), pool)) {
                Thread.currentThread().interrupt();
                assertThrows(InterruptedIOException.class, in::read);
                assertTrue(Thread.interrupted());
                pool.blockOn(ends.second().write(ByteBuffer.wrap(new byte[] {7, 8})));
                assertEquals(7, in.read());
                assertEquals(8, in.read());
            }
        }
    }
}
