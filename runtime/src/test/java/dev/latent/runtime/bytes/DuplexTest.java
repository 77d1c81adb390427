package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Tuple2;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.AsyncBufWriter;
import dev.latent.io.AsyncReader;
import dev.latent.io.AsyncWriter;
import dev.latent.io.ByteCounter;
import dev.latent.io.Duplex;
import dev.latent.io.Io;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DuplexTest {
    private static Future<Long> send(AsyncWriter out, long seed, int bytes, int most) {
        return async(() -> {
            Random random = new Random(seed);
            CRC32 sum = new CRC32();
            int left = bytes;
            while (left > 0) {
                byte[] some = new byte[Math.min(left, 1 + random.nextInt(most))];
                random.nextBytes(some);
                sum.update(some);
                left -= some.length;
                await(out.write(ByteBuffer.wrap(some)));
            }
            await(out.shutdownOutput());
            return sum.getValue();
        });
    }

    private static Future<Long> receive(AsyncReader in, long seed, int most) {
        return async(() -> {
            Random random = new Random(seed);
            CRC32 sum = new CRC32();
            while (true) {
                ByteBuffer to = ByteBuffer.allocate(1 + random.nextInt(most));
                if (await(in.read(to)) < 0) {
                    return sum.getValue();
                }
                sum.update(to.flip());
            }
        });
    }

    @Test
    void bytesPassBothWaysOnTwoWorkers() throws Exception {
        long seed = System.nanoTime();
        int bytes = 300_000;
        try (var pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 20; round++) {
                long s = seed + round;
                pool.blockOn(async(() -> {
                    Tuple2<Duplex, Duplex> ends = Io.duplex(1 + new Random(s).nextInt(3_000));
                    ByteCounter counter = ByteCounter.create();
                    Duplex near = counter.count(ends.first());
                    Duplex far = ends.second();
                    try (var there = spawn(send(near, s, bytes, 500));
                            var back = spawn(send(far, s + 1, bytes, 5_000));
                            var atFar = spawn(receive(far, s, 700));
                            var atNear = spawn(receive(near, s, 4_000))) {
                        assertEquals(await(there), await(atFar), "seed " + s);
                        assertEquals(await(back), await(atNear), "seed " + s);
                    }
                    assertEquals(bytes, counter.read());
                    assertEquals(bytes, counter.written());
                }));
            }
        }
    }

    private static Future<byte[]> passed(String text, Duplex from, Duplex to) {
        Future<Void> sent = async(() -> {
            await(from.write(ByteBuffer.wrap(text.getBytes(UTF_8))));
            await(from.shutdownOutput());
        });
        return Futures.map(join(sent, AsyncBufReader.of(to).readAll(100)), Tuple2::second);
    }

    /** Both peers, and a proxy between them. */
    private static Future<Void> proxied(Duplex client, Duplex front, Duplex back, Duplex server) {
        return async(() -> {
            ByteCounter counter = ByteCounter.create();
            try (var proxy = spawn(Io.copyBidirectional(counter.count(front), back))) {
                byte[] question = await(passed("question", client, server)); // which sees the end
                byte[] answer = await(passed("a long answer", server, client)); // and this side still goes
                assertArrayEquals("question".getBytes(UTF_8), question);
                assertArrayEquals("a long answer".getBytes(UTF_8), answer);
                assertEquals(new Io.Copied(8, 13), await(proxy));
                assertEquals(8, counter.read());
                assertEquals(13, counter.written());
            }
        });
    }

    @Test
    void theEndOfOneDirectionLeavesTheOtherOpen() throws Exception {
        Latent.blockOn(async(() -> {
            for (int capacity : new int[] {1, 3, 100}) {
                var left = Io.duplex(capacity);
                var right = Io.duplex(capacity);
                await(proxied(left.first(), left.second(), right.first(), right.second()));
            }
        }));
    }

    @Test
    void soItIsOverTcp() throws Exception {
        Latent.blockOn(async(() -> {
            try (TcpListener front = await(TcpListener.bind("127.0.0.1", 0));
                    TcpListener back = await(TcpListener.bind("127.0.0.1", 0));
                    TcpStream client = await(
                            TcpStream.connect("127.0.0.1", front.localAddress().getPort()));
                    TcpStream in = await(front.accept());
                    TcpStream out = await(
                            TcpStream.connect("127.0.0.1", back.localAddress().getPort()));
                    TcpStream server = await(back.accept())) {
                await(proxied(client, in, out, server));
            }
        }));
    }

    @Test
    void manyBuffersAreWrittenTogether() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteBuffer[] buffers = new ByteBuffer[2_000];
        CRC32 sum = new CRC32();
        for (int i = 0; i < buffers.length; i++) {
            byte[] some = new byte[random.nextInt(i % 100 == 0 ? 200_000 : 300)];
            random.nextBytes(some);
            sum.update(some);
            buffers[i] = random.nextBoolean()
                    ? ByteBuffer.wrap(some)
                    : ByteBuffer.allocateDirect(some.length).put(some).flip();
        }
        Latent.blockOn(async(() -> {
            try (TcpListener listener = await(TcpListener.bind("127.0.0.1", 0));
                    TcpStream client = await(TcpStream.connect(
                            "127.0.0.1", listener.localAddress().getPort()));
                    TcpStream server = await(listener.accept())) {
                Future<Void> sent = async(() -> {
                    await(client.writeAll(buffers));
                    await(client.shutdownOutput());
                });
                assertEquals(
                        sum.getValue(),
                        await(join(sent, receive(server, seed, 100_000))).second(),
                        "seed " + seed);
            }
        }));
    }

    @Test
    void aClosedEndIsReadToItsEndAndTakesNoMore() throws Exception {
        Latent.blockOn(async(() -> {
            var ends = Io.duplex(10);
            await(ends.first().write(ByteBuffer.wrap(new byte[] {1, 2})));
            ends.first().close();
            assertThrows(IOException.class, () -> ends.first().tryWrite(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> ends.first().tryRead(ByteBuffer.allocate(1)));
            assertThrows(IOException.class, () -> ends.second().tryWrite(ByteBuffer.allocate(1)));
            assertEquals(2, await(ends.second().read(ByteBuffer.allocate(5))));
            assertEquals(-1, await(ends.second().read(ByteBuffer.allocate(5))));
        }));
    }

    @Test
    void whoWaitsIsToldOfTheClose() throws Exception {
        try (Dropping hand = new Dropping()) {
            var ends = Io.duplex(4);
            Future<Integer> read = ends.first().read(ByteBuffer.allocate(5));
            Future<Void> write = ends.first().write(ByteBuffer.allocate(5));
            assertTrue(!hand.poll(read, 1).isReady() && !hand.poll(write, 1).isReady());
            Future<Integer> other = ends.first().read(ByteBuffer.allocate(5));
            assertThrows(IllegalStateException.class, () -> hand.poll(other, 1));
            ends.first().close();
            assertThrows(IOException.class, () -> hand.poll(read, 1));
            assertThrows(IOException.class, () -> hand.poll(write, 1));
        }
    }

    @Test
    void halvesAreOwnedApartAndCloseTheWholeTogether() throws Exception {
        try (var pool = WorkStealingExecutor.create(2)) {
            pool.blockOn(async(() -> {
                var ends = Io.duplex(16);
                var halves = ends.first().split();
                var far = ends.second();
                try (var echo = spawn(Io.copy(far, far))) {
                    try (var writer = spawn(async(() -> {
                                try (var out = halves.writer()) {
                                    AsyncBufWriter lines = AsyncBufWriter.of(out);
                                    for (int i = 0; i < 1_000; i++) {
                                        await(lines.write("line " + i + "\n"));
                                    }
                                    await(lines.flush());
                                }
                            }));
                            var in = halves.reader()) {
                        AsyncBufReader reader = AsyncBufReader.of(in);
                        int n = 0;
                        while (await(reader.readLine()) instanceof Item(var line)) {
                            assertEquals("line " + n++, line);
                        }
                        assertEquals(1_000, n);
                        await(writer);
                    }
                    await(echo);
                }
                assertThrows(IOException.class, () -> far.tryWrite(ByteBuffer.allocate(1)));
            }));
        }
    }
}
