package dev.latent.runtime.driver.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.Io;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.task.Task;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("latent:async-close-outside-async") // Polled by hand: a close here is only a request.
class NioTcpStreamTest {
    private final NioTestLoop loop = new NioTestLoop();

    @AfterEach
    void close() {
        loop.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read(TcpStream stream) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        loop.run(stream.read(buffer));
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    private String readFully(TcpStream stream, int length) throws Exception {
        String all = "";
        while (all.length() < length) {
            all += read(stream);
        }
        return all;
    }

    /** Fills the connection until it takes no more. */
    private NioTestLoop.Task<Void> writeTooMuch(TcpStream stream, ByteBuffer data) throws Exception {
        NioTestLoop.Task<Void> writing = loop.start(stream.write(data));
        loop.settle();
        assertFalse(writing.isDone());
        return writing;
    }

    @Test
    void echoesOnAThousandConnections() throws Exception {
        int connections = 1_000;
        List<TcpStream> clients = new ArrayList<>();
        List<NioTestLoop.Task<Long>> echoes = new ArrayList<>();
        try (TcpListener listener = loop.listen()) {
            for (int i = 0; i < connections; i++) {
                TcpStream[] pair = loop.pair(listener);
                clients.add(pair[0]);
                echoes.add(loop.start(Io.copy(pair[1], pair[1])));
            }
        }
        for (int round = 0; round < 5; round++) {
            List<NioTestLoop.Task<Integer>> reads = new ArrayList<>();
            List<ByteBuffer> buffers = new ArrayList<>();
            for (TcpStream client : clients) {
                ByteBuffer buffer = ByteBuffer.allocate(64);
                buffers.add(buffer);
                reads.add(loop.start(client.read(buffer)));
            }
            for (int i = 0; i < connections; i++) {
                loop.run(clients.get(i).write(bytes("message " + round + " on " + i)));
            }
            for (int i = 0; i < connections; i++) {
                int n = reads.get(i).get();
                assertEquals(
                        "message " + round + " on " + i,
                        new String(buffers.get(i).array(), 0, n));
            }
        }
        for (TcpStream client : clients) {
            loop.run(client.shutdownOutput());
        }
        for (NioTestLoop.Task<Long> echo : echoes) {
            assertTrue(echo.get() > 0);
        }
    }

    @Test
    void interestStaysArmedFromMessageToMessage() throws Exception {
        TcpStream[] pair = loop.pair();
        loop.start(Io.copy(pair[1], pair[1]));
        loop.settle();
        long before = loop.driver.interestChanges();
        for (int i = 0; i < 1_000; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(64);
            NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(buffer));
            loop.run(pair[0].write(bytes("x" + i)));
            assertEquals(("x" + i).length(), reading.get());
        }
        long changes = loop.driver.interestChanges() - before;
        assertTrue(changes <= 4, changes + " changes of interest for 1,000 messages");
    }

    @Test
    void anEventThatNobodyWaitsForDisarms() throws Exception {
        TcpStream[] pair = loop.pair();
        loop.start(pair[0].read(ByteBuffer.allocate(8))).drop();
        NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        loop.settle();
        reading.drop();
        long before = loop.driver.interestChanges();
        loop.run(pair[1].write(bytes("hello")));
        loop.settle();
        assertEquals(before, loop.driver.interestChanges(), "looks that do not wait leave it");
        loop.driver.park(Long.MAX_VALUE);
        assertEquals(before + 1, loop.driver.interestChanges());
        long start = System.nanoTime();
        loop.driver.park(2_000_000);
        assertTrue(System.nanoTime() - start >= 2_000_000, "nothing ends a park any more");
        assertEquals("hello", read(pair[0]));
        assertEquals(before + 1, loop.driver.interestChanges());
    }

    /** Told, and then never polled again: a wait ends for it once more, which disarms it, and then no other. */
    @Test
    void aTaskThatWasToldAndDoesNotComeCostsOneWaitAndOneChange() throws Exception {
        TcpStream[] pair = loop.pair();
        TcpStream[] busy = loop.pair();
        AtomicInteger wakes = new AtomicInteger();
        loop.cx.begin(wakes::getAndIncrement);
        Future<Integer> reading = pair[0].read(ByteBuffer.allocate(8));
        assertFalse(reading.poll(loop.cx).isReady());
        loop.start(Io.copy(busy[1], busy[1]));
        loop.settle();
        loop.run(pair[1].write(bytes("hello")));
        long changes = loop.driver.interestChanges();
        loop.driver.park(Long.MAX_VALUE);
        assertEquals(1, wakes.get());
        long selects = loop.driver.count(NioDriver.Count.SELECTS);
        loop.driver.park(Long.MAX_VALUE);
        loop.driver.park(30_000_000);
        assertEquals(selects + 2, loop.driver.count(NioDriver.Count.SELECTS));
        assertEquals(changes + 1, loop.driver.interestChanges());
        int parks = loop.parks;
        for (int i = 0; i < 200; i++) {
            loop.run(busy[0].write(bytes("x")));
            assertEquals("x", read(busy[0]));
        }
        assertTrue(loop.parks - parks <= 200 * 4, loop.parks - parks + " parks for 200 round trips");
        assertTrue(loop.driver.interestChanges() - changes <= 4);
        assertEquals(1, wakes.get());
        assertTrue(reading.poll(loop.cx).isReady());
    }

    @Test
    void looksThatDoNotWaitDisarmOnlyAfterManyUselessReports() throws Exception {
        TcpStream[] pair = loop.pair();
        loop.cx.begin(Waker.noop());
        Future<Integer> reading = pair[0].read(ByteBuffer.allocate(8));
        assertFalse(reading.poll(loop.cx).isReady());
        loop.run(pair[1].write(bytes("hello")));
        loop.driver.park(Long.MAX_VALUE);
        long changes = loop.driver.interestChanges();
        long useless = loop.driver.count(NioDriver.Count.USELESS);
        for (int i = 0; i < NioDriver.USELESS - 1; i++) {
            loop.driver.park(0);
        }
        assertEquals(changes, loop.driver.interestChanges());
        for (int i = 0; i < 100; i++) {
            loop.driver.park(0);
        }
        assertEquals(changes + 1, loop.driver.interestChanges());
        assertEquals(useless + NioDriver.USELESS, loop.driver.count(NioDriver.Count.USELESS));
        assertTrue(reading.poll(loop.cx).isReady());
    }

    @Test
    void theWriterWaitsWhileThePeerDoesNotRead() throws Exception {
        TcpStream[] pair = loop.pair();
        byte[] sent = new byte[32 << 20];
        new Random(1).nextBytes(sent);
        ByteBuffer data = ByteBuffer.wrap(sent);
        NioTestLoop.Task<Void> writing = writeTooMuch(pair[0], data);
        int polls = writing.polls;
        int position = data.position();
        assertTrue(position > 0 && position < sent.length);
        loop.settle();
        assertTrue(writing.polls - polls <= 8, "polled although nothing could be written");

        ByteBuffer received = ByteBuffer.allocate(sent.length);
        while (received.hasRemaining()) {
            loop.run(pair[1].read(received));
        }
        writing.get();
        assertArrayEquals(sent, received.array());
        assertTrue(loop.driver.interestChanges() < 2L * writing.polls + 16);
    }

    @Test
    void halfCloseEndsOneDirectionOnly() throws Exception {
        TcpStream[] pair = loop.pair();
        loop.run(pair[0].write(bytes("question")));
        loop.run(pair[0].shutdownOutput());
        assertEquals("question", read(pair[1]));
        assertEquals(-1, loop.run(pair[1].read(ByteBuffer.allocate(8))));
        assertEquals(-1, loop.run(pair[1].read(ByteBuffer.allocate(8))));
        loop.run(pair[1].write(bytes("answer")));
        assertEquals("answer", read(pair[0]));
        IOException e = assertThrows(IOException.class, () -> loop.run(pair[0].write(bytes("more"))));
        assertTrue(e.getMessage().contains(pair[0].remoteAddress().getPort() + ""), e.getMessage());
    }

    @Test
    void aDroppedReadLosesNothing() throws Exception {
        TcpStream[] pair = loop.pair();
        NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        NioTestLoop.Task<Void> unused = loop.start(pair[0].writable());
        loop.settle();
        assertTrue(unused.isDone());
        loop.run(pair[1].write(bytes("all ")));
        reading.drop();
        loop.run(pair[1].write(bytes("of it")));
        assertEquals("all of it", readFully(pair[0], 9));

        NioTestLoop.Task<Void> readable = loop.start(pair[0].readable());
        loop.settle();
        assertFalse(readable.isDone());
        readable.drop();
        loop.run(pair[1].write(bytes("more")));
        loop.run(pair[0].readable());
        assertEquals("more", read(pair[0]));
    }

    @Test
    void aDroppedWriteTellsHowMuchWentOut() throws Exception {
        TcpStream[] pair = loop.pair();
        ByteBuffer data = ByteBuffer.allocate(32 << 20);
        writeTooMuch(pair[0], data).drop();
        NioTestLoop.Task<Void> writable = loop.start(pair[0].writable());
        int out = data.position();
        ByteBuffer received = ByteBuffer.allocate(out);
        while (received.hasRemaining()) {
            loop.run(pair[1].read(received));
        }
        writable.get();
        assertEquals(0, pair[1].tryRead(ByteBuffer.allocate(8)));
        assertTrue(pair[0].tryWrite(data) > 0);
    }

    @Test
    void aDroppedConnectClosesItsSocket() throws Exception {
        try (TcpListener listener = loop.listen()) {
            Future<TcpStream> connecting = loop.driver.net().connect(listener.localAddress());
            NioTestLoop.Task<TcpStream> task = loop.new Task<>(connecting);
            loop.cx.begin(task);
            assertFalse(Owners.poll(connecting, task, loop.cx).isReady());
            task.drop();
            TcpStream accepted = loop.run(listener.accept());
            assertEquals(-1, loop.run(accepted.read(ByteBuffer.allocate(8))));
        }
    }

    @Test
    void closeFailsWhoeverWaits() throws Exception {
        TcpStream[] pair = loop.pair();
        NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        NioTestLoop.Task<Void> writing = writeTooMuch(pair[0], ByteBuffer.allocate(32 << 20));
        loop.run(pair[0].closeAsync());
        pair[0].close();
        IOException e = assertThrows(IOException.class, reading::get);
        assertTrue(
                e.getMessage().contains("read of TcpStream[") && e.getMessage().contains("closed while"),
                e.getMessage());
        e = assertThrows(IOException.class, writing::get);
        assertTrue(e.getMessage().contains("write to TcpStream["), e.getMessage());
        e = assertThrows(IOException.class, () -> loop.run(pair[0].read(ByteBuffer.allocate(8))));
        assertTrue(e.getMessage().contains("after it was closed"), e.getMessage());
        assertTrue(pair[0].remoteAddress().getPort() > 0);
    }

    @Test
    void thePeerSeesTheEndOnceClosed() throws Exception {
        TcpStream[] pair = loop.pair();
        NioTestLoop.Task<Integer> reading = loop.start(pair[1].read(ByteBuffer.allocate(8)));
        NioTestLoop.Task<Integer> own = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        loop.settle();
        pair[0].close();
        assertEquals(-1, reading.get());
        assertThrows(IOException.class, own::get);
    }

    @Test
    void aSecondReaderIsRefusedByName() throws Exception {
        TcpStream[] pair = loop.pair();
        NioTestLoop.Task<Integer> reading = loop.start(pair[0].read(ByteBuffer.allocate(8)));
        loop.settle();
        for (Future<?> second : List.of(pair[0].read(ByteBuffer.allocate(8)), pair[0].readable())) {
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> loop.run(second));
            assertTrue(e.getMessage().contains("another task's read of " + pair[0]), e.getMessage());
        }
        assertThrows(IllegalStateException.class, () -> pair[0].tryRead(ByteBuffer.allocate(8)));
        loop.run(pair[1].write(bytes("x")));
        assertEquals(1, reading.get());
    }

    @Test
    void aResetNamesThePeer() throws Exception {
        try (TcpListener listener = loop.listen()) {
            SocketChannel peer = SocketChannel.open(listener.localAddress());
            TcpStream stream = loop.run(listener.accept());
            NioTestLoop.Task<Integer> reading = loop.start(stream.read(ByteBuffer.allocate(8)));
            loop.settle();
            String name = "127.0.0.1:" + ((InetSocketAddress) peer.getLocalAddress()).getPort();
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            peer.close();
            IOException e = assertThrows(IOException.class, reading::get);
            assertTrue(e.getMessage().contains("reset by " + name), e.getMessage());
            e = assertThrows(IOException.class, () -> loop.run(stream.write(bytes("x"))));
            assertTrue(e.getMessage().contains(name), e.getMessage());
        }
    }

    @Test
    void theWakerOfTheLatestPollIsWoken() throws Exception {
        TcpStream[] pair = loop.pair();
        Future<Integer> reading = pair[0].read(ByteBuffer.allocate(8));
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        loop.cx.begin(first::incrementAndGet);
        assertFalse(reading.poll(loop.cx).isReady());
        loop.cx.begin(second::incrementAndGet);
        assertFalse(reading.poll(loop.cx).isReady());
        loop.run(pair[1].write(bytes("x")));
        loop.until(() -> second.get() > 0);
        loop.settle();
        assertEquals(0, first.get());
        assertEquals(1, second.get());
        loop.cx.begin(Waker.noop());
        assertTrue(reading.poll(loop.cx) instanceof Poll.Ready<Integer>(Integer n) && n == 1);
    }

    @Test
    void withoutBudgetNothingTakesEffect() throws Exception {
        TcpStream[] pair = loop.pair();
        loop.run(pair[1].write(bytes("x")));
        AtomicInteger wakes = new AtomicInteger();
        loop.cx.begin(wakes::incrementAndGet);
        while (loop.cx.spend()) {}
        assertEquals(1, wakes.get());
        ByteBuffer buffer = ByteBuffer.allocate(8);
        Future<Integer> reading = pair[0].read(buffer);
        assertFalse(reading.poll(loop.cx).isReady());
        assertEquals(2, wakes.get());
        assertEquals(0, buffer.position());
        loop.cx.begin(wakes::incrementAndGet);
        while (!reading.poll(loop.cx).isReady()) {
            loop.driver.park(Long.MAX_VALUE);
        }
    }

    @Test
    void allKindsOfBuffers() throws Exception {
        TcpStream[] pair = loop.pair();
        byte[] sent = new byte[300_000];
        new Random(2).nextBytes(sent);
        ByteBuffer direct = ByteBuffer.allocateDirect(sent.length).put(sent).flip();
        for (ByteBuffer out :
                List.of(ByteBuffer.wrap(sent), ByteBuffer.wrap(sent).asReadOnlyBuffer(), direct)) {
            for (ByteBuffer in : List.of(ByteBuffer.allocate(sent.length), ByteBuffer.allocateDirect(sent.length))) {
                out.rewind();
                NioTestLoop.Task<Void> writing = loop.start(pair[0].write(out));
                while (in.hasRemaining()) {
                    loop.run(pair[1].read(in));
                }
                writing.get();
                assertFalse(out.hasRemaining());
                assertEquals(ByteBuffer.wrap(sent), in.flip());
            }
        }
        loop.run(pair[0].write(ByteBuffer.allocate(0)));
        assertThrows(IllegalArgumentException.class, () -> loop.run(pair[1].read(ByteBuffer.allocate(0))));
        assertThrows(
                IllegalArgumentException.class,
                () -> loop.run(pair[1].read(ByteBuffer.allocate(8).asReadOnlyBuffer())));
    }
}
