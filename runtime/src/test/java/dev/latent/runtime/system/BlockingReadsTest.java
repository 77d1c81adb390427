package dev.latent.runtime.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Waker;
import dev.latent.io.FileInfo;
import dev.latent.io.OpenFile;
import dev.latent.io.spi.BlockingReads;
import dev.latent.io.spi.FileInMemory;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.BlockingPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that block are held still, and what is dropped, moved and closed meanwhile is looked at. */
@Timeout(30)
class BlockingReadsTest {
    /** Its byte at n is n; a read ends when it is let. */
    private static final class Held implements BlockingReads.Source {
        final Semaphore entered = new Semaphore(0);
        final Semaphore let = new Semaphore(0);
        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger closes = new AtomicInteger();
        volatile boolean interrupted;
        volatile boolean fails;
        volatile @Nullable Thread reader;
        volatile @Nullable Thread closer;

        @Override
        public void read(long position, ByteBuffer to) throws IOException {
            reads.getAndIncrement();
            reader = Thread.currentThread();
            entered.release();
            let.acquireUninterruptibly();
            interrupted |= Thread.currentThread().isInterrupted();
            if (fails) {
                throw new IOException("on purpose at " + position);
            }
            for (long n = position; n < 100 && to.hasRemaining(); n++) {
                to.put((byte) n);
            }
        }

        @Override
        public void close() {
            closes.getAndIncrement();
            closer = Thread.currentThread();
        }
    }

    private final LocalExecutor executor = new LocalExecutor();
    private final Context cx = new Context(executor);
    private final Held source = new Held();
    private final BlockingReads reads = new BlockingReads("numbers", source);

    private Future<Integer> begun(ByteBuffer to) throws Exception {
        Future<Integer> read = reads.read(to);
        assertFalse(read.poll(cx).isReady());
        source.entered.acquire();
        return read;
    }

    @Test
    void aDroppedReadInterruptsNobodyAndTheNextHasItsBytes() throws Exception {
        ByteBuffer abandoned = ByteBuffer.allocate(10);
        begun(abandoned).drop();
        source.let.release();
        ByteBuffer to = ByteBuffer.allocate(4);
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            got.add(executor.blockOn(reads.read(to.clear())));
            assertEquals(4 * i, to.get(0));
        }
        assertEquals(List.of(4, 4, 2), got);
        assertEquals(1, source.reads.get());
        assertEquals(0, abandoned.position());
        assertEquals(0, abandoned.get(5));
        assertFalse(source.interrupted);
        assertEquals(10, reads.position());
    }

    @Test
    void whatWasReadForAnotherPositionIsForgotten() throws Exception {
        for (boolean fails : new boolean[] {false, true}) {
            source.fails = fails;
            begun(ByteBuffer.allocate(10)).drop();
            reads.position(50);
            ByteBuffer to = ByteBuffer.allocate(1);
            Future<Integer> next = reads.read(to);
            assertFalse(next.poll(cx).isReady());
            source.let.release();
            while (source.reads.get() % 2 != 0) {
                assertFalse(next.poll(cx).isReady());
            }
            source.fails = false;
            source.let.release();
            source.entered.acquire();
            assertEquals(1, executor.blockOn(next));
            assertEquals(50, to.get(0));
            reads.position(0);
        }
        source.let.release(10);
        reads.position(1000);
        assertEquals(-1, executor.blockOn(reads.read(ByteBuffer.allocate(1))));
        assertThrows(IllegalArgumentException.class, () -> reads.position(-1));
    }

    /** Moves ten bytes for each call that is let. */
    private final class Tens implements BlockingReads.Move {
        boolean quick;
        volatile int calls;

        @Override
        public boolean isQuick(Context cx, long position) {
            return quick;
        }

        @Override
        public long move(long position) {
            calls = calls + 1;
            if (!quick) {
                source.reader = Thread.currentThread();
                source.entered.release();
                source.let.acquireUninterruptibly();
                source.interrupted |= Thread.currentThread().isInterrupted();
            }
            return position < 100 ? 10 : -1;
        }
    }

    @Test
    void aMoveRunsOnAThreadUnlessItIsQuick() throws Exception {
        Tens tens = new Tens();
        source.let.release(2);
        assertEquals(10, executor.blockOn(reads.move(tens)));
        assertNotSame(Thread.currentThread(), source.reader);
        tens.quick = true;
        assertTrue(reads.move(tens).poll(cx).isReady(), "at once");
        assertEquals(20, reads.position());
        reads.position(100);
        assertEquals(-1, executor.blockOn(reads.move(tens)));
        assertEquals(100, reads.position());
    }

    @Test
    void theDropOfAMoveIsOverWhenItsThreadIsThroughAndItsBytesCount() throws Exception {
        Future<Long> move = reads.move(new Tens());
        assertFalse(move.poll(cx).isReady());
        source.entered.acquire();
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> reads.move(new Tens()).poll(cx));
        assertTrue(refused.getMessage().contains("one at a time"), refused.getMessage());
        assertFalse(move.pollDrop(cx).isReady());
        source.let.release();
        executor.blockOn(Futures.pollFn(move::pollDrop));
        assertEquals(10, reads.position());
        assertFalse(source.interrupted);
    }

    @Test
    void whatADroppedMoveStillMovesIsCountedBeforeTheNext() throws Exception {
        Future<Long> move = reads.move(new Tens());
        assertFalse(move.poll(cx).isReady());
        source.entered.acquire();
        move.drop();
        Tens quick = new Tens();
        quick.quick = true;
        Future<Long> next = reads.move(quick);
        assertFalse(next.poll(cx).isReady());
        assertEquals(0, quick.calls);
        source.let.release();
        assertEquals(10, executor.blockOn(next));
        assertEquals(20, reads.position());
    }

    @Test
    void aMoveWaitsForAReadThatWasDropped() throws Exception {
        begun(ByteBuffer.allocate(7)).drop();
        Tens tens = new Tens();
        Future<Long> move = reads.move(tens);
        assertFalse(move.poll(cx).isReady());
        assertEquals(0, tens.calls);
        source.let.release(2);
        assertEquals(10, executor.blockOn(move));
        assertEquals(10, reads.position());
    }

    @Test
    void whoMovesClosesWhatWasClosedMeanwhile() throws Exception {
        Future<Long> move = reads.move(new Tens());
        assertFalse(move.poll(cx).isReady());
        source.entered.acquire();
        reads.close();
        assertEquals(0, source.closes.get());
        source.let.release();
        assertEquals(10, executor.blockOn(move));
        assertEquals(1, source.closes.get());
        assertSame(source.reader, source.closer);
        assertThrows(IOException.class, () -> executor.blockOn(reads.move(new Tens())));
    }

    @Test
    void afterAFailureTheNextReadTriesAgain() throws Exception {
        source.let.release(2);
        source.fails = true;
        IOException failed =
                assertThrows(IOException.class, () -> executor.blockOn(reads.read(ByteBuffer.allocate(1))));
        assertEquals("on purpose at 0", failed.getMessage());
        source.fails = false;
        assertEquals(1, executor.blockOn(reads.read(ByteBuffer.allocate(1))));
    }

    @Test
    void oneAtATime() throws Exception {
        Future<Integer> first = begun(ByteBuffer.allocate(1));
        Future<Integer> second = reads.read(ByteBuffer.allocate(1));
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> second.poll(cx));
        assertTrue(refused.getMessage().contains("read of numbers"), refused.getMessage());
        source.let.release(2);
        assertEquals(1, executor.blockOn(first));
        assertEquals(1, executor.blockOn(reads.read(ByteBuffer.allocate(1))));
        assertThrows(IllegalArgumentException.class, () -> reads.read(ByteBuffer.allocate(0))
                .poll(cx));
    }

    @Test
    void whileAThreadReadsItIsThatThreadThatCloses() throws Exception {
        Future<Integer> read = begun(ByteBuffer.allocate(1));
        reads.close();
        Future<Void> closing = reads.closeAsync();
        assertFalse(closing.poll(cx).isReady());
        assertEquals(0, source.closes.get());
        source.let.release();
        executor.blockOn(closing);
        assertEquals(1, source.closes.get());
        assertSame(source.reader, source.closer);
        IOException closed = assertThrows(IOException.class, () -> executor.blockOn(read));
        assertEquals("numbers is closed", closed.getMessage());
        executor.blockOn(reads.closeAsync());
        reads.close();
        assertEquals(1, source.closes.get());
    }

    @Test
    void anIdleOneIsClosedOnThePoolOrByWhoDoesNotWait() throws Exception {
        executor.blockOn(reads.closeAsync());
        assertNotSame(Thread.currentThread(), source.closer);
        assertEquals(1, source.closes.get());
        Held other = new Held();
        new BlockingReads("others", other).close();
        assertSame(Thread.currentThread(), other.closer);
    }

    /** Failures and ends that come at once are no way around the others. */
    @Test
    void whatIsOverSpendsTheBudget() throws Exception {
        reads.close();
        OpenFile file = new FileInMemory(new FileInfo(Path.of("x"), FileInfo.Kind.FILE, 0, Instant.EPOCH), new byte[0]);
        assertTrue(leavesOff(() -> reads.read(ByteBuffer.allocate(1))), "closed");
        assertTrue(leavesOff(() -> file.read(ByteBuffer.allocate(1))), "at the end");
        file.close();
        assertTrue(leavesOff(() -> file.read(ByteBuffer.allocate(1))), "closed, in memory");
    }

    private boolean leavesOff(Supplier<Future<Integer>> reading) throws Exception {
        cx.begin(Waker.noop());
        for (int i = 0; i < 1000; i++) {
            try {
                if (!reading.get().poll(cx).isReady()) {
                    return true;
                }
            } catch (IOException e) {
                assertTrue(e.getMessage().endsWith("is closed"), e.getMessage());
            }
        }
        return false;
    }

    /** A pool without a thread. */
    private static final class Full implements BlockingPool {
        int asked;

        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            asked++;
            return Futures.pending();
        }
    }

    @Test
    void aCloseWhoseTurnHasNotComeIsDoneByItsDrop() throws Exception {
        Full full = new Full();
        try (LocalExecutor stuck = LocalExecutor.builder()
                .world(Latent.system().with(BlockingPool.class, full))
                .build()) {
            Context there = new Context(stuck);
            reads.closeAsync().drop();
            assertEquals(0, source.closes.get(), "nobody has begun");
            Future<Integer> read = reads.read(ByteBuffer.allocate(1));
            assertFalse(read.poll(there).isReady());
            Future<Void> closing = reads.closeAsync();
            assertFalse(closing.poll(there).isReady());
            Future<Void> second = reads.closeAsync();
            assertFalse(second.poll(there).isReady());
            assertEquals(0, source.closes.get());
            closing.drop();
            assertEquals(1, source.closes.get());
            assertTrue(second.poll(there).isReady());
            assertThrows(IOException.class, () -> read.poll(there));
            assertEquals(2, full.asked);
        }
    }

    /** As on a machine that has no thread left. */
    private static final class Refusing implements BlockingPool {
        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            return Futures.failed(new RejectedExecutionException("no thread"));
        }
    }

    @Test
    void aCloseThatThePoolDoesNotTakeIsDoneByWhoAsked() throws Exception {
        try (LocalExecutor without = LocalExecutor.builder()
                .world(Latent.system().with(BlockingPool.class, new Refusing()))
                .build()) {
            assertThrows(RejectedExecutionException.class, () -> without.blockOn(reads.closeAsync()));
            assertEquals(1, source.closes.get());
            without.blockOn(reads.closeAsync());
            assertEquals(1, source.closes.get());
        }
    }
}
