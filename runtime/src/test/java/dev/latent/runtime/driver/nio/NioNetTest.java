package dev.latent.runtime.driver.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.Resolver;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.runtime.system.SystemResolver;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.MissingCapabilityException;
import dev.latent.world.Timers;
import dev.latent.world.World;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("latent:async-close-outside-async") // Polled by hand: a close here is only a request.
class NioNetTest {
    private final NioTestLoop loop = new NioTestLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    /** A clock that stands until {@link #advance}. */
    private static final class TestClock implements Clock, Timers {
        private final List<Sleep> sleeps = new ArrayList<>();
        private long now;

        private final class Sleep extends OwnedFuture<Void> {
            private final long deadline;
            private Waker waker = Waker.noop();

            Sleep(long deadline) {
                this.deadline = deadline;
            }

            @Override
            protected Poll<Void> pollOwned(Context cx) {
                waker = cx.waker();
                return now >= deadline ? Poll.done() : Poll.pending();
            }

            @Override
            protected void dropOwned() {
                sleeps.remove(this);
            }
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public OwnedFuture<Void> sleepUntil(long deadline) {
            Sleep sleep = new Sleep(deadline);
            sleeps.add(sleep);
            return sleep;
        }

        void advance(long nanos) {
            now += nanos;
            sleeps.forEach(s -> s.waker.wake());
        }
    }

    /** Runs at once, on the polling thread. */
    private static final class TestPool implements BlockingPool {
        int runs;

        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            return new Future<>() {
                @Override
                public Poll<T> poll(Context cx) throws Exception {
                    runs++;
                    return Poll.ready(work.call());
                }

                @Override
                public void drop() {}
            };
        }
    }

    /** A listening socket in a process that has no descriptors left, some times. */
    private static final class Exhausted extends ServerSocketChannel {
        private final ServerSocketChannel real;
        int failures;
        int accepts;

        Exhausted(ServerSocketChannel real, int failures) {
            super(SelectorProvider.provider());
            this.real = real;
            this.failures = failures;
        }

        @Override
        public @Nullable SocketChannel accept() throws IOException {
            accepts++;
            if (failures-- > 0) {
                throw new IOException("Too many open files");
            }
            return real.accept();
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T getOption(SocketOption<T> name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return Set.of();
        }

        @Override
        public ServerSocket socket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return real.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            real.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) {}
    }

    private Exhausted exhausted(int failures) throws IOException {
        ServerSocketChannel real = ServerSocketChannel.open();
        real.configureBlocking(false);
        real.bind(new InetSocketAddress("127.0.0.1", 0));
        return new Exhausted(real, failures);
    }

    @Test
    void tooManyOpenFilesWaitsByTheClockAndSaysSoOnce() throws Exception {
        TestClock clock = new TestClock();
        List<String> reports = new ArrayList<>();
        loop.world = loop.world.with(Clock.class, clock).with(Timers.class, clock);
        loop.world = loop.world.with(
                FailureHandler.class, (FailureHandler) (where, failure) -> reports.add(failure.getMessage()));
        Exhausted channel = exhausted(3);
        InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
        try (NioTcpListener listener = new NioTcpListener(loop.driver, channel, address, TcpOptions.defaults())) {
            NioTestLoop.Task<TcpStream> accepting = loop.start(listener.accept());
            NioTestLoop.Task<TcpStream> connecting = loop.start(TcpStream.connect("127.0.0.1", address.getPort()));
            connecting.get();
            loop.settle();
            assertEquals(1, channel.accepts, "it spins");
            for (int pause = 10; !accepting.isDone() && pause <= 40; pause *= 2) {
                clock.advance(pause * 1_000_000L - 1);
                loop.settle();
                assertFalse(accepting.isDone());
                clock.advance(1);
                loop.settle();
            }
            assertTrue(accepting.isDone());
            assertEquals(4, channel.accepts);
            assertEquals(1, reports.size());
            assertTrue(reports.getFirst().contains("ulimit -n"), reports.getFirst());
            accepting.get();
        }
    }

    @Test
    void tooManyOpenFilesFailsWithoutAClock() throws Exception {
        Exhausted channel = exhausted(1);
        try (NioTcpListener listener = new NioTcpListener(
                loop.driver, channel, (InetSocketAddress) channel.getLocalAddress(), TcpOptions.defaults())) {
            IOException e = assertThrows(IOException.class, () -> loop.run(listener.accept()));
            assertTrue(e.getMessage().contains("ulimit -n"), e.getMessage());
        }
    }

    @Test
    void aPausingAcceptIsDroppedOrClosedLikeAnyOther() throws Exception {
        TestClock clock = new TestClock();
        loop.world = loop.world.with(Clock.class, clock).with(Timers.class, clock);
        loop.world = loop.world.with(FailureHandler.class, (FailureHandler) (where, failure) -> {});
        Exhausted channel = exhausted(9);
        NioTcpListener listener = new NioTcpListener(
                loop.driver, channel, (InetSocketAddress) channel.getLocalAddress(), TcpOptions.defaults());
        NioTestLoop.Task<TcpStream> first = loop.start(listener.accept());
        loop.settle();
        first.drop();
        assertEquals(0, clock.sleeps.size());
        NioTestLoop.Task<TcpStream> second = loop.start(listener.accept());
        loop.settle();
        listener.close();
        assertThrows(IOException.class, second::get);
    }

    @Test
    void aDroppedAcceptLosesNoConnection() throws Exception {
        try (TcpListener listener = loop.listen()) {
            NioTestLoop.Task<TcpStream> accepting = loop.start(listener.accept());
            loop.settle();
            try (SocketChannel client = SocketChannel.open(listener.localAddress())) {
                accepting.drop();
                assertEquals(
                        client.getLocalAddress(), loop.run(listener.accept()).remoteAddress());
            }
        }
    }

    @Test
    void aSecondAcceptIsRefusedAndCloseWakesTheFirst() throws Exception {
        TcpListener listener = loop.listen();
        NioTestLoop.Task<TcpStream> accepting = loop.start(listener.accept());
        loop.settle();
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> loop.run(listener.accept()));
        assertTrue(refused.getMessage().contains("accept of " + listener), refused.getMessage());
        listener.close();
        IOException e = assertThrows(IOException.class, accepting::get);
        assertTrue(e.getMessage().contains("closed while"), e.getMessage());
    }

    @Test
    void anAwaitedCloseFreesThePort() throws Exception {
        TcpListener listener = loop.listen();
        int port = listener.localAddress().getPort();
        for (int i = 0; i < 20; i++) {
            loop.start(listener.accept());
            loop.settle();
            loop.run(listener.closeAsync());
            loop.run(listener.closeAsync());
            listener = loop.run(TcpListener.bind("127.0.0.1", port));
        }
        loop.run(listener.closeAsync());
    }

    @Test
    void aPortInUseIsSaidSo() throws Exception {
        try (TcpListener listener = loop.listen()) {
            int port = listener.localAddress().getPort();
            BindException e = assertThrows(BindException.class, () -> loop.run(TcpListener.bind("127.0.0.1", port)));
            assertEquals(
                    "cannot listen on 127.0.0.1:" + port
                            + ": port in use: choose another one, or stop the program that has it",
                    e.getMessage());
        }
        BindException e = assertThrows(BindException.class, () -> loop.run(TcpListener.bind("192.0.2.1", 0)));
        assertTrue(e.getMessage().contains("192.0.2.1:0: this machine has no such address"), e.getMessage());
    }

    @Test
    void refusedNamesTheAddress() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ConnectException e = assertThrows(ConnectException.class, () -> loop.run(TcpStream.connect("127.0.0.1", port)));
        assertEquals(
                "cannot connect to 127.0.0.1:" + port + ": connection refused: nothing listens there", e.getMessage());
        e = assertThrows(ConnectException.class, () -> loop.run(TcpStream.connect("localhost", port)));
        assertEquals(1, e.getSuppressed().length, "127.0.0.1 and ::1 are both tried");
    }

    @Test
    void namesAreResolvedOnTheBlockingPool() throws Exception {
        try (TcpListener listener = loop.run(TcpListener.bind("localhost", 0))) {
            int port = listener.localAddress().getPort();
            loop.run(TcpStream.connect("localhost", port)).close();
            loop.run(TcpStream.connect("127.0.0.1", port)).close();
            assertThrows(MissingCapabilityException.class, () -> loop.run(TcpStream.connect("a.name.invalid", port)));
            TestPool pool = new TestPool();
            loop.world =
                    loop.world.with(Resolver.class, SystemResolver.INSTANCE).with(BlockingPool.class, pool);
            UnknownHostException e =
                    assertThrows(UnknownHostException.class, () -> loop.run(TcpStream.connect("a.name.invalid", port)));
            assertTrue(e.getMessage().contains("a.name.invalid"), e.getMessage());
            assertEquals(1, pool.runs);
        }
    }

    @Test
    void withoutANetworkTheErrorNamesIt() {
        loop.world = World.empty();
        MissingCapabilityException e =
                assertThrows(MissingCapabilityException.class, () -> loop.run(TcpListener.bind("127.0.0.1", 0)));
        assertTrue(e.getMessage().contains("has no Net"), e.getMessage());
    }

    @Test
    void smallMessagesAreSentAtOnce() throws Exception {
        for (TcpStream stream : loop.pair()) {
            assertTrue(((NioTcpStream) stream).channel().getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    @Test
    void optionsReachTheSocketsOfBothSides() throws Exception {
        TcpOptions options = TcpOptions.defaults()
                .noDelay(false)
                .keepAlive(Duration.ofSeconds(61), Duration.ofSeconds(7), 4)
                .linger(Duration.ofSeconds(3))
                .sendBuffer(20_000)
                .receiveBuffer(30_000)
                .reuseAddress(true);
        try (TcpListener listener = loop.run(TcpListener.bind("127.0.0.1", 0, options));
                TcpStream client = loop.run(
                        TcpStream.connect("127.0.0.1", listener.localAddress().getPort(), options));
                TcpStream server = loop.run(listener.accept())) {
            for (TcpStream stream : List.of(client, server)) {
                SocketChannel channel = ((NioTcpStream) stream).channel();
                assertFalse(channel.getOption(StandardSocketOptions.TCP_NODELAY));
                assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
                assertEquals(3, channel.getOption(StandardSocketOptions.SO_LINGER));
                assertTrue(channel.getOption(StandardSocketOptions.SO_SNDBUF) >= 20_000);
                assertTrue(channel.getOption(StandardSocketOptions.SO_RCVBUF) >= 30_000);
                Map<String, Integer> times = new TreeMap<>();
                for (SocketOption<?> option : channel.supportedOptions()) {
                    if (option.name().startsWith("TCP_KEEP")) {
                        times.put(option.name(), (Integer) channel.getOption(option));
                    }
                }
                assertEquals(Map.of("TCP_KEEPIDLE", 61, "TCP_KEEPINTERVAL", 7, "TCP_KEEPCOUNT", 4), times);
            }
        }
    }

    @Test
    void closingTheDriverEndsEverything() throws Exception {
        TcpListener listener = loop.listen();
        TcpStream[] pair = loop.pair(listener);
        TcpStream[] neverWaited = loop.pair(listener);
        NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        NioTestLoop.Task<TcpStream> accepting = loop.start(listener.accept());
        loop.settle();
        loop.close();
        loop.close();
        assertThrows(IOException.class, reading::get);
        assertThrows(IOException.class, accepting::get);
        for (TcpStream stream : neverWaited) {
            assertFalse(((NioTcpStream) stream).channel().isOpen());
        }
        IOException e = assertThrows(IOException.class, loop::listen);
        assertTrue(e.getMessage().contains("executor has ended"), e.getMessage());
        loop.run(listener.closeAsync());
        assertSame(loop.driver.net(), loop.driver.net());
    }
}
