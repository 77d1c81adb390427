package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.nio.NioDriver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often the kernel is told what a socket waits for, while a server has more to do than it can. */
@Timeout(120)
final class InterestTest {
    private static final int MESSAGE = 32;

    /** A client of many connections on one thread, each with one message in flight. It answers for no round trip's order. */
    private static final class Client implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final List<SocketChannel> channels = new ArrayList<>();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE);
        private long left;

        Client(InetSocketAddress server, int connections) throws IOException {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(server);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                channels.add(channel);
            }
        }

        /** Has {@code messages} answered, all connections at once. */
        void run(long messages) throws IOException {
            left = messages;
            for (SocketChannel channel : channels) {
                send(channel);
            }
            long answered = 0;
            int[] now = new int[1];
            while (answered < messages) {
                now[0] = 0;
                selector.select(
                        key -> {
                            try {
                                SocketChannel channel = (SocketChannel) key.channel();
                                if (channel.read(buffer.clear()) == MESSAGE) {
                                    now[0]++;
                                    send(channel);
                                }
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        },
                        10_000);
                assertTrue(now[0] > 0, "no answer for 10 s, after " + answered + " of " + messages);
                answered += now[0];
            }
        }

        private void send(SocketChannel channel) throws IOException {
            if (left > 0) {
                left--;
                channel.write(buffer.clear());
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : channels) {
                channel.close();
            }
            selector.close();
        }
    }

    /** Accepts for ever, and echoes what comes in messages. */
    private static Future<Void> server(TcpListener listener, AtomicInteger open) {
        return async(() -> {
            while (true) {
                TcpStream stream = await(listener.accept());
                open.getAndIncrement();
                spawn(echo(stream)).detach();
            }
        });
    }

    private static Future<Void> echo(TcpStream stream) {
        return async(() -> {
            try (stream) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(64);
                while (await(stream.read(buffer.clear())) >= 0) {
                    await(stream.write(buffer.flip()));
                }
            } catch (IOException e) {
                // the client has gone
            }
        });
    }

    /** {@return as many connections as the descriptors allow, which both ends are made of} Skips the test where that is much less. */
    private static int possible(int connections) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
        long left = (Long) beans.getAttribute(system, "MaxFileDescriptorCount")
                - (Long) beans.getAttribute(system, "OpenFileDescriptorCount");
        int possible = (int) Math.min(connections, (left - 100) / 2);
        Assumptions.assumeTrue(
                possible >= connections * 0.9,
                () -> left + " descriptors are too few for " + connections + " connections");
        return possible;
    }

    /** The same load twice; the first opens, arms, and compiles. */
    private static void saturate(Spawner spawner, LazyDriver driver, int connections) throws Exception {
        long messages = Math.max(20_000, 6L * connections);
        AtomicInteger open = new AtomicInteger();
        TcpListener listener = Latent.blockOn(spawner.spawn(TcpListener.bind("127.0.0.1", 0)));
        var serving = spawner.spawn(server(listener, open));
        try (Client client = new Client(listener.localAddress(), connections)) {
            Rig.await(() -> open.get() == connections);
            client.run(messages / 2);
            NioDriver nio = (NioDriver) driver.now();
            long before = nio.interestChanges();
            long selects = nio.count(NioDriver.Count.SELECTS);
            long events = nio.count(NioDriver.Count.EVENTS);
            long useless = nio.count(NioDriver.Count.USELESS);
            client.run(messages);
            double changes = (double) (nio.interestChanges() - before) / messages;
            String counts = "%d connections: %.4f changes, %.4f selects, %.3f events, %.4f useless for a message"
                    .formatted(
                            connections,
                            changes,
                            (double) (nio.count(NioDriver.Count.SELECTS) - selects) / messages,
                            (double) (nio.count(NioDriver.Count.EVENTS) - events) / messages,
                            (double) (nio.count(NioDriver.Count.USELESS) - useless) / messages);
            System.out.println(spawner + ", " + counts);
            assertTrue(changes <= 0.01, counts);
        }
        Latent.blockOn(serving.cancel());
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 10_000})
    void onOneThread(int connections) throws Exception {
        LocalExecutor executor = new LocalExecutor();
        Hand.Signal stop = new Hand.Signal();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                executor.blockOn(stop);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        try {
            saturate(executor, executor.driver(), possible(connections));
        } finally {
            stop.set();
            thread.join();
            executor.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 10_000})
    void onTwoWorkers(int connections) throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            saturate(pool, pool.driver(), possible(connections));
        }
    }
}
