package dev.latent.runtime.driver.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("latent:async-close-outside-async") // Polled by hand: a close here is only a request.
class NioDriverTest {
    private final NioTestLoop loop = new NioTestLoop();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable Thread parker;

    /** From here on another thread parks, without limit, and this one polls. */
    private void parkElsewhere() {
        parker = Thread.ofPlatform().start(() -> {
            try {
                while (!stop.get()) {
                    loop.driver.park(Long.MAX_VALUE);
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        if (parker != null) {
            stop.set(true);
            loop.driver.unpark();
            parker.join();
            assertEquals(null, failure.get());
        }
        loop.close();
    }

    @Test
    void anUnparkBeforeAParkIsKept() throws Exception {
        loop.driver.unpark();
        loop.driver.unpark();
        loop.driver.park(Long.MAX_VALUE);
        long start = System.nanoTime();
        loop.driver.park(1);
        loop.driver.park(1_500_000);
        assertTrue(System.nanoTime() - start >= 1_500_000, "one unpark ends one park");
    }

    @Test
    void noUnparkIsLost() throws Exception {
        Semaphore cameOut = new Semaphore(0);
        parker = Thread.ofPlatform().start(() -> {
            try {
                while (!stop.get()) {
                    loop.driver.park(Long.MAX_VALUE);
                    cameOut.release();
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            cameOut.drainPermits();
            loop.driver.unpark();
            assertTrue(cameOut.tryAcquire(10, TimeUnit.SECONDS), "lost unpark no. " + i);
        }
    }

    /** The registration, the arming and the event all happen while another thread goes in and out of the selector. */
    @Test
    void noWakeIsLostWhenAnotherThreadParks() throws Exception {
        try (TcpListener listener = loop.listen();
                SocketChannel peer = SocketChannel.open(listener.localAddress())) {
            TcpStream stream = loop.run(listener.accept());
            parkElsewhere();
            Semaphore woken = new Semaphore(0);
            Context cx = new Context(loop);
            ByteBuffer one = ByteBuffer.allocate(1);
            ByteBuffer buffer = ByteBuffer.allocate(8);
            for (int i = 0; i < 20_000; i++) {
                Future<Integer> reading = stream.read(buffer.clear());
                if (i % 3 == 1) {
                    peer.write(one.clear()); // before the first poll: events that find nobody, and disarm
                }
                cx.begin(woken::release);
                Poll<Integer> poll = reading.poll(cx);
                if (i % 3 != 1) {
                    peer.write(one.clear());
                }
                while (!poll.isReady()) {
                    assertTrue(woken.tryAcquire(10, TimeUnit.SECONDS), "lost wake in round " + i);
                    cx.begin(woken::release);
                    poll = reading.poll(cx);
                }
                assertEquals(1, buffer.position());
            }
        }
    }

    /** Leaves its waker just after the event has looked for one, and has found the interest still armed. */
    private static final class LateWaiter extends NioOp<Void> {
        private final NioTcpStream stream;
        private boolean looked;

        LateWaiter(NioTcpStream stream) {
            super(SelectionKey.OP_READ);
            this.stream = stream;
        }

        @Override
        NioSource source() {
            return stream;
        }

        @Override
        @Nullable
        Poll<Void> attempt(Context cx) {
            return null;
        }

        @Override
        @Nullable
        Waker takeWaker() {
            if (!looked) {
                looked = true;
                return null;
            }
            return super.takeWaker();
        }
    }

    @Test
    void aWaiterThatComesBetweenTheLookAndTheDisarmIsWoken() throws Exception {
        TcpStream[] pair = loop.pair();
        AtomicBoolean woken = new AtomicBoolean();
        loop.cx.begin(() -> woken.set(true));
        assertFalse(new LateWaiter((NioTcpStream) pair[0]).poll(loop.cx).isReady());
        loop.run(pair[1].write(ByteBuffer.allocate(1)));
        loop.until(woken::get);
    }

    @Test
    void aCloseElsewhereFreesTheDescriptorThoughAThreadIsParked() throws Exception {
        try (TcpListener listener = loop.listen()) {
            TcpStream[] streams = new TcpStream[20];
            SocketChannel[] peers = new SocketChannel[streams.length];
            for (int i = 0; i < streams.length; i++) {
                peers[i] = SocketChannel.open(listener.localAddress());
                streams[i] = loop.run(listener.accept());
            }
            parkElsewhere();
            Context cx = new Context(loop);
            Semaphore woken = new Semaphore(0);
            for (int i = 0; i < streams.length; i++) {
                cx.begin(woken::release);
                assertFalse(streams[i].read(ByteBuffer.allocate(1)).poll(cx).isReady());
                spin(200_000, () -> false); // lets the other thread go to rest; the outcome does not depend on it
                streams[i].close();
                assertTrue(woken.tryAcquire(10, TimeUnit.SECONDS));
                assertEquals(-1, peers[i].read(ByteBuffer.allocate(1)));
                SocketChannel closed = ((NioTcpStream) streams[i]).channel();
                assertTrue(
                        spin(TimeUnit.SECONDS.toNanos(10), () -> !closed.isRegistered()), "kept until the next event");
                peers[i].close();
            }
        }
    }

    private static boolean spin(long nanos, BooleanSupplier condition) {
        long deadline = System.nanoTime() + nanos;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    @Test
    void closingTheDriverEndsAPark() throws Exception {
        parkElsewhere();
        stop.set(true);
        loop.close();
        if (parker != null) {
            parker.join();
        }
    }

    /** Wakers don't throw, but memory may be short in one of them. */
    @Test
    void aWakerThatThrowsTakesNoOtherWithIt() throws Exception {
        try (TcpListener listener = loop.listen()) {
            AtomicReference<Integer> woken = new AtomicReference<>(0);
            int pairs = 6;
            List<TcpStream> peers = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                TcpStream[] pair = loop.pair(listener);
                peers.add(pair[1]);
                boolean throwing = i % 2 == 0;
                loop.cx.begin(() -> {
                    woken.set(woken.get() + 1);
                    if (throwing) {
                        throw new Error("injected");
                    }
                });
                assertFalse(pair[0].read(ByteBuffer.allocate(8)).poll(loop.cx).isReady());
            }
            for (TcpStream peer : peers) {
                peer.tryWrite(ByteBuffer.allocate(1));
            }
            for (int i = 0; i < 1_000 && woken.get() < pairs; i++) {
                loop.driver.park(1_000_000);
            }
            assertEquals(pairs, woken.get());
            loop.driver.unpark();
            loop.driver.park(Long.MAX_VALUE);
        }
    }

    /** A waker runs when the selector's locks are free: it may close sockets and park again from another thread. */
    @Test
    void wakersRunOutsideTheSelectorsLocks() throws Exception {
        try (TcpListener listener = loop.listen()) {
            TcpStream[] pair = loop.pair(listener);
            Future<Integer> reading = pair[0].read(ByteBuffer.allocate(8));
            AtomicBoolean parked = new AtomicBoolean();
            loop.cx.begin(() -> {
                Thread other = Thread.ofPlatform().start(() -> {
                    try {
                        loop.driver.park(0);
                        parked.set(true);
                    } catch (Throwable t) {
                        failure.set(t);
                    }
                });
                try {
                    other.join(TimeUnit.SECONDS.toMillis(10));
                } catch (InterruptedException e) {
                    failure.set(e);
                }
            });
            assertFalse(reading.poll(loop.cx).isReady());
            loop.run(pair[1].write(ByteBuffer.allocate(1)));
            while (!parked.get() && failure.get() == null) {
                loop.driver.park(TimeUnit.SECONDS.toNanos(10));
            }
            assertEquals(null, failure.get());
        }
    }
}
