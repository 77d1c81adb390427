package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Our codec and Netty's, each on what the other writes, and both on the same rubbish. */
class NettyOracleTest {
    private static final WebSocketLimits LIMITS = new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(1));
    private static final int ROUNDS = 2_000;

    private final long seed = Long.getLong("latent.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    private int length() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(3);
            case 1 -> 124 + random.nextInt(4);
            case 2 -> 65_534 + random.nextInt(4);
            default -> random.nextInt(500);
        };
    }

    private byte[] text(int length) {
        StringBuilder s = new StringBuilder();
        while (s.length() < length) {
            s.appendCodePoint(
                    random.nextInt(4) == 0 ? 0x1F300 + random.nextInt(256) : random.nextInt(2) == 0 ? 'a' : 'é');
        }
        return s.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) {
        byte[] b = new byte[length];
        random.nextBytes(b);
        return b;
    }

    @Test
    void wereadWhatNettyWrites() throws Exception {
        for (boolean masked : new boolean[] {true, false}) {
            for (int round = 0; round < ROUNDS; round++) {
                EmbeddedChannel netty = new EmbeddedChannel(new WebSocket13FrameEncoder(masked));
                List<String> expected = new ArrayList<>();
                List<WebSocketFrame> frames = new ArrayList<>();
                int messages = 1 + random.nextInt(4);
                for (int m = 0; m < messages; m++) {
                    message(frames, expected);
                }
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                for (WebSocketFrame f : frames) {
                    netty.writeOutbound(f);
                    for (ByteBuf b = netty.readOutbound(); b != null; b = netty.readOutbound()) {
                        wire.writeBytes(ByteBufUtil.getBytes(b));
                        b.release();
                    }
                }
                netty.finishAndReleaseAll();
                assertEquals(
                        expected,
                        Bytes.decode(new FrameDecoder(LIMITS, masked), cut(wire.toByteArray())),
                        "seed " + seed);
            }
        }
    }

    private void message(List<WebSocketFrame> frames, List<String> expected) {
        boolean isText = random.nextBoolean();
        byte[] payload = isText ? text(length()) : bytes(length());
        int parts = 1 + random.nextInt(3);
        int at = 0;
        for (int p = 0; p < parts; p++) {
            int to = p == parts - 1 ? payload.length : at + random.nextInt(payload.length - at + 1);
            ByteBuf part = Unpooled.copiedBuffer(payload, at, to - at);
            boolean fin = p == parts - 1;
            frames.add(
                    p > 0
                            ? new ContinuationWebSocketFrame(fin, 0, part)
                            : isText ? new TextWebSocketFrame(fin, 0, part) : new BinaryWebSocketFrame(fin, 0, part));
            at = to;
            if (!fin && random.nextBoolean()) {
                byte[] control = bytes(random.nextInt(126));
                boolean ping = random.nextBoolean();
                frames.add(
                        ping
                                ? new PingWebSocketFrame(Unpooled.copiedBuffer(control))
                                : new PongWebSocketFrame(Unpooled.copiedBuffer(control)));
                expected.add(Bytes.show(ping ? new Incoming.Ping(control) : new Incoming.Pong(control)));
            }
        }
        expected.add(Bytes.show(
                isText
                        ? new Message.Text(new String(payload, java.nio.charset.StandardCharsets.UTF_8))
                        : new Message.Binary(payload)));
    }

    private byte[][] cut(byte[] wire) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < wire.length; ) {
            int n = Math.min(wire.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 70_000));
            pieces.add(Arrays.copyOfRange(wire, at, at + n));
            at += n;
        }
        return pieces.toArray(byte[][]::new);
    }

    @Test
    void nettyReadsWhatWeWrite() {
        for (boolean masked : new boolean[] {true, false}) {
            for (int round = 0; round < ROUNDS; round++) {
                EmbeddedChannel netty = new EmbeddedChannel(new WebSocket13FrameDecoder(config(masked)));
                int opcode = new int[] {Frames.TEXT, Frames.BINARY, Frames.PING, Frames.PONG}[random.nextInt(4)];
                byte[] payload = opcode >= Frames.CLOSE ? bytes(random.nextInt(126)) : text(length());
                byte[] frame = masked
                        ? Frames.encodeMasked(opcode, payload, random.nextInt())
                        : Frames.encode(opcode, payload);
                netty.writeInbound(Unpooled.wrappedBuffer(frame));
                WebSocketFrame read = netty.readInbound();
                assertArrayEquals(payload, ByteBufUtil.getBytes(read.content()), "seed " + seed);
                read.release();
                netty.finishAndReleaseAll();
            }
        }
    }

    /** Streams that are nearly right: the first violation comes after the same frames, with the same code. */
    @Test
    void bothRefuseTheSame() {
        int refused = 0;
        for (int round = 0; round < 20 * ROUNDS; round++) {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            int frames = 1 + random.nextInt(4);
            for (int f = 0; f < frames; f++) {
                int first = random.nextInt(8) == 0
                        ? random.nextInt(256)
                        : new int[] {0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a}[random.nextInt(7)];
                byte[] frame = Bytes.frame(first, (first & 15) == 8 ? closePayload() : bytes(random.nextInt(130)));
                if ((first & 15) < 2) {
                    frame = Bytes.frame(first, text(random.nextInt(130)));
                }
                if (random.nextInt(20) == 0) {
                    frame[1] ^= (byte) 0x80;
                }
                wire.writeBytes(frame);
            }
            String ours = ours(wire.toByteArray());
            String nettys = nettys(wire.toByteArray());
            if (!ours.equals(nettys)) {
                assertEquals(
                        nettys, ours, "seed " + seed + ", " + HexFormat.of().formatHex(wire.toByteArray()));
            }
            refused += ours.startsWith("refused") ? 1 : 0;
        }
        System.out.println("refused alike: " + refused + " of " + 20 * ROUNDS + ", seed " + seed);
    }

    private byte[] closePayload() {
        int code = random.nextInt(5_000);
        return random.nextInt(6) == 0
                ? new byte[random.nextInt(2)]
                : Bytes.concat(new byte[] {(byte) (code >> 8), (byte) code}, text(random.nextInt(20)));
    }

    private static WebSocketDecoderConfig config(boolean masked) {
        return WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .allowMaskMismatch(false)
                .maxFramePayloadLength(1 << 20)
                .closeOnProtocolViolation(false)
                .build();
    }

    private static String ours(byte[] wire) {
        FrameDecoder decoder = new FrameDecoder(LIMITS, true);
        ByteBuffer in = ByteBuffer.wrap(wire);
        try {
            while (in.hasRemaining()) {
                if (decoder.next(in) instanceof Incoming.Close) {
                    return "closed";
                }
            }
            return "accepted";
        } catch (ProtocolViolation e) {
            return "refused " + e.code;
        }
    }

    private static String nettys(byte[] wire) {
        EmbeddedChannel netty =
                new EmbeddedChannel(new WebSocket13FrameDecoder(config(true)), new Utf8FrameValidator(false));
        try {
            netty.writeInbound(Unpooled.wrappedBuffer(wire));
        } catch (CorruptedWebSocketFrameException e) {
            return closedBefore(netty) ? "closed" : "refused " + e.closeStatus().code();
        } finally {
            // read below, before it is released
        }
        try {
            return closedBefore(netty) ? "closed" : "accepted";
        } finally {
            netty.finishAndReleaseAll();
        }
    }

    private static boolean closedBefore(EmbeddedChannel netty) {
        boolean closed = false;
        for (WebSocketFrame f = netty.readInbound(); f != null; f = netty.readInbound()) {
            closed |= f instanceof CloseWebSocketFrame;
            f.release();
        }
        return closed;
    }
}
