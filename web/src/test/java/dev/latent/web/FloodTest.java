package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.ByteBudget;
import dev.latent.web.http.Response;
import dev.latent.web.internal.DateHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one of a server's connections may take of the others' time. */
@Timeout(60)
class FloodTest {
    private static final int HELD = 1 << 20;

    /** One poll takes in no more frames than its budget, whatever they are, and asks to go on. */
    @Test
    void framesSpendTheBudget() throws Exception {
        byte[][] frames = {
            Bytes.frame(0x00, new byte[0]), Bytes.frame(0x89, new byte[0]), Bytes.frame(0x8a, new byte[0]),
        };
        WebSocketLimits limits = new WebSocketLimits(1000, 1000, Integer.MAX_VALUE, Duration.ofSeconds(1));
        for (byte[] frame : frames) {
            for (boolean closes : new boolean[] {false, true}) {
                Valve flood = Valve.flood(frame);
                var socket = new FramedSocket(
                        flood,
                        Side.server(limits, new ByteBudget(HELD)),
                        ByteBuffer.wrap(Bytes.frame(0x01, new byte[0])),
                        null);
                int[] wakes = {0};
                try (var executor = new LocalExecutor()) {
                    Context cx = new Context((Spawner) executor);
                    Future<?> taking = closes ? new Closing.Rest(socket, false) : socket.receive();
                    for (int poll = 1; poll <= 300; poll++) {
                        cx.begin(() -> wakes[0]++);
                        assertEquals(Poll.pending(), taking.poll(cx));
                        assertTrue(wakes[0] >= poll, "it asks for its next turn");
                    }
                    taking.drop();
                }
                // 300 polls of a budget of 128, and some ten thousand frames in each read.
                int most = 300 * 128 / (65_536 / frame.length) + 1;
                assertTrue(flood.reads <= most, flood.reads + " reads, " + most + " at most");
            }
        }
    }

    /** The same for messages that the handler takes and does not answer: each is one unit. */
    @Test
    void messagesSpendTheBudget() throws Exception {
        Valve flood = Valve.flood(Bytes.frame(0x82, new byte[0]));
        var socket = new FramedSocket(flood, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(HELD)), null, null);
        int[] messages = {0};
        Future<Void> taking = async(() -> {
            while (true) {
                await(socket.receive());
                messages[0]++;
            }
        });
        try (var executor = new LocalExecutor()) {
            Context cx = new Context((Spawner) executor);
            for (int poll = 0; poll < 10; poll++) {
                cx.begin(() -> {});
                assertEquals(Poll.pending(), taking.poll(cx));
            }
            taking.drop();
        }
        assertEquals(10 * 128, messages[0]);
    }

    /** Long messages spend it for their bytes too, those that they came in and those that they became: a poll goes through some 16 kB. */
    @Test
    void bytesSpendTheBudget() throws Exception {
        byte[] text = new byte[4096];
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(text);
        byte[] packed = new byte[text.length];
        int n = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
        deflater.end();
        byte[][] frames = {Bytes.frame(0x82, text), Bytes.frame(0xc2, Arrays.copyOf(packed, n - 4))};
        for (byte[] frame : frames) {
            Side side = new Side(WebSocketLimits.DEFAULT, new ByteBudget(HELD), null, Compression.create().deflate);
            var socket = new FramedSocket(Valve.flood(frame), side, null, null);
            int[] bytes = {0};
            Future<Void> taking = async(() -> {
                while (true) {
                    if (await(socket.receive()) instanceof Message.Binary(var piece)) {
                        bytes[0] += piece.length;
                    }
                }
            });
            try (var executor = new LocalExecutor()) {
                Context cx = new Context((Spawner) executor);
                for (int poll = 1; poll <= 100; poll++) {
                    cx.begin(() -> {});
                    assertEquals(Poll.pending(), taking.poll(cx));
                    assertTrue(bytes[0] >= poll * 8 * 1024 && bytes[0] <= poll * 20 * 1024, bytes[0] + " bytes");
                }
                taking.drop();
            }
        }
    }

    /** Of a body in chunks of one byte, a poll goes through no more lines than fit into what is read ahead; its budget is used up then. */
    @Test
    void linesBetweenChunksSpendTheBudget() throws Exception {
        int all = 10_000;
        int ahead = 16 * 1024 / "1\r\nx\r\n".length();
        int[] bytes = {0};
        int[] full = {0};
        int[] spent = {0};
        boolean[] over = {false};
        Valve client = new Valve(Valve.ALL);
        client.say(("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(all)
                        + "0\r\n\r\n")
                .getBytes(US_ASCII));
        int most = 0;
        try (var executor = new LocalExecutor()) {
            most = executor.blockOn(async(() -> {
                int inOneTurn = 0;
                try (var server = await(WebServer.at("127.0.0.1", 0)
                        .post(
                                "/",
                                request -> async(() -> {
                                    try (var pieces = request.body().stream()) {
                                        while (await(pieces.next()) instanceof Item(var piece)) {
                                            bytes[0] += piece.remaining();
                                            if (piece.remaining() >= ahead - 5) {
                                                full[0]++;
                                                spent[0] += context().isSpent() ? 1 : 0;
                                            }
                                        }
                                    }
                                    over[0] = true;
                                    return Response.text("x");
                                }))
                        .bind())) {
                    var connection = new ServerConnection(server, client);
                    server.connections.add(connection);
                    try (var _ = spawn(ServerConnection.run(connection))) {
                        while (!over[0]) {
                            int before = bytes[0];
                            await(yieldNow());
                            inOneTurn = Math.max(inOneTurn, bytes[0] - before);
                        }
                    }
                }
                return inOneTurn;
            }));
        }
        assertEquals(all, bytes[0]);
        assertTrue(most <= ahead + 1, most + " chunks in one turn");
        assertTrue(full[0] >= 2, full[0] + " full pieces");
        assertEquals(full[0], spent[0]);
    }

    /** A frame of many pieces goes out piece by piece, each for a unit, however fast the peer takes them. */
    @Test
    void aLongFrameSpendsTheBudgetOnItsWayOut() throws Exception {
        Valve flood = Valve.flood(new byte[1]);
        var socket = new FramedSocket(flood, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(HELD)), null, null);
        try (var executor = new LocalExecutor()) {
            Context cx = new Context((Spawner) executor);
            Future<Void> sending = socket.send(new byte[20 << 20]);
            int polls = 1;
            cx.begin(() -> {});
            while (!sending.poll(cx).isReady()) {
                polls++;
                cx.begin(() -> {});
            }
            assertEquals(3, polls); // 320 pieces
        }
    }

    /** An answer goes out at most 64 kB in a turn, whole or streamed, however fast the client takes it. */
    @Test
    void anAnswerLeavesTurnsToOthers() throws Exception {
        byte[] piece = new byte[16 * 1024];
        Response[] answers = {
            Response.bytes("a/b", new byte[1 << 20]),
            Response.stream("a/b", AsyncStream.repeat(0).take(64).map(_ -> ByteBuffer.wrap(piece))),
            Response.stream("a/b", AsyncStream.repeat(0).take(64).map(_ -> ByteBuffer.wrap(piece)), 1 << 20),
        };
        for (Response answer : answers) {
            Duration limit = Duration.ofSeconds(1);
            Answers out = new Answers(Valve.flood(new byte[1]), limit, new Pace(0, limit), null, new DateHeader());
            try (var executor = new LocalExecutor()) {
                Context cx = new Context((Spawner) executor);
                Future<Void> sending = out.send(answer, null, true, false, null);
                int polls = 1;
                cx.begin(() -> {});
                while (!sending.poll(cx).isReady()) {
                    polls++;
                    cx.begin(() -> {});
                }
                assertTrue(polls >= 12 && polls <= 65, polls + " polls"); // of 1 MiB
            }
        }
    }

    /** Requests that were sent ahead are answered by few writes, and at most 32 in a turn; as many more where all that was read has been answered in between. */
    @Test
    void requestsSentAheadLeaveTurnsToOthers() throws Exception {
        int[] asked = {0};
        Valve flood = Valve.flood("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
        try (var executor = new LocalExecutor()) {
            executor.blockOn(async(() -> {
                try (var server = await(WebServer.at("127.0.0.1", 0)
                        .get("/", _ -> {
                            asked[0]++;
                            return Futures.ready(Response.text("x"));
                        })
                        .bind())) {
                    var connection = new ServerConnection(server, flood);
                    server.connections.add(connection);
                    try (var _ = spawn(ServerConnection.run(connection))) {
                        for (int turn = 0; turn < 100; turn++) {
                            await(yieldNow());
                        }
                    }
                }
            }));
        }
        assertTrue(asked[0] > 1000 && asked[0] <= 64 * 101, asked[0] + " answers in 100 turns");
        assertTrue(25 * flood.writes <= asked[0], flood.writes + " writes for " + asked[0] + " answers");
    }
}
