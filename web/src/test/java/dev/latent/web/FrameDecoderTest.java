package dev.latent.web;

import static dev.latent.web.Bytes.concat;
import static dev.latent.web.Bytes.decode;
import static dev.latent.web.Bytes.frame;
import static dev.latent.web.Bytes.hex;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
    private static final WebSocketLimits LIMITS = new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(1));

    private static FrameDecoder server() {
        return new FrameDecoder(LIMITS, true);
    }

    private static byte[] utf8(String s) {
        return s.getBytes(UTF_8);
    }

    private static int violation(byte[]... pieces) {
        return violation(server(), pieces);
    }

    private static int violation(FrameDecoder decoder, byte[]... pieces) {
        return assertThrows(ProtocolViolation.class, () -> decode(decoder, pieces)).code;
    }

    @Test
    void examplesOfTheRfc() throws Exception {
        FrameDecoder client = new FrameDecoder(LIMITS, false);
        assertEquals(List.of("text Hello"), decode(client, hex("810548656c6c6f")));
        assertEquals(List.of("text Hello"), decode(server(), hex("818537fa213d7f9f4d5158")));
        assertEquals(List.of("text Hello"), decode(client, hex("010348656c 80026c6f")));
        assertEquals(List.of("ping 48656c6c6f"), decode(client, hex("890548656c6c6f")));
        assertEquals(List.of("pong 48656c6c6f"), decode(server(), hex("8a8537fa213d7f9f4d5158")));
        byte[] big = concat(hex("827e0100"), new byte[256]);
        assertEquals(List.of("binary " + "00".repeat(256)), decode(client, big));
        assertTrue(client.isIdle());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 4095, 4096, 4097, 65534, 65535, 65536, 65537, 1 << 20})
    void everyKindOfLength(int length) throws Exception {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31);
        }
        byte[] expected = frame(0x82, payload);
        assertArrayEquals(expected, Frames.encodeMasked(Frames.BINARY, payload, Bytes.MASK));
        Message.Binary whole = (Message.Binary) server().next(ByteBuffer.wrap(expected));
        assertArrayEquals(payload, whole.bytes());
        Message.Binary unmasked = (Message.Binary)
                new FrameDecoder(LIMITS, false).next(ByteBuffer.wrap(Frames.encode(Frames.BINARY, payload)));
        assertArrayEquals(payload, unmasked.bytes());

        FrameDecoder pieces = server();
        Incoming last = null;
        for (int at = 0; at < expected.length; at += 1000) {
            ByteBuffer piece = ByteBuffer.allocateDirect(1000);
            piece.put(expected, at, Math.min(1000, expected.length - at)).flip();
            last = pieces.next(piece);
        }
        assertArrayEquals(payload, ((Message.Binary) last).bytes());
        assertTrue(pieces.isIdle());
    }

    @Test
    void fragmentsWithControlFramesBetween() throws Exception {
        byte[] stream = concat(
                frame(0x01, utf8("one ")),
                frame(0x89, utf8("a")),
                frame(0x00, utf8("two ")),
                frame(0x8a, new byte[0]),
                frame(0x00, new byte[0]),
                frame(0x80, utf8("three")),
                frame(0x82, hex("00ff")));
        assertEquals(List.of("ping 61", "pong ", "text one two three", "binary 00ff"), decode(server(), stream));
    }

    @Test
    void everyCutOfAStreamGivesTheSame() throws Exception {
        byte[] stream = concat(
                frame(0x01, utf8("Γειά ")),
                frame(0x89, utf8("ping")),
                frame(0x80, utf8("κόσμε 🌍")),
                frame(0x82, new byte[130]),
                frame(0x81, utf8("end")),
                frame(0x88, concat(hex("03e8"), utf8("bye"))));
        List<String> whole = decode(server(), stream);
        assertEquals(5, whole.size());
        for (int a = 0; a <= stream.length; a++) {
            for (int b = a; b <= stream.length; b++) {
                assertEquals(
                        whole,
                        decode(
                                server(),
                                Arrays.copyOfRange(stream, 0, a),
                                Arrays.copyOfRange(stream, a, b),
                                Arrays.copyOfRange(stream, b, stream.length)),
                        "cut at " + a + " and " + b);
            }
        }
        byte[][] single = new byte[stream.length][];
        Arrays.setAll(single, i -> new byte[] {stream[i]});
        assertEquals(whole, decode(server(), single));
    }

    @Test
    void reservedBitsAndOpcodes() {
        for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
            assertEquals(1002, violation(frame(0x80 | bits | 1, utf8("x"))));
            assertEquals(1002, violation(frame(0x80 | bits | 9, utf8("x"))));
        }
        for (int op : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            assertEquals(1002, violation(frame(0x80 | op, utf8("x"))));
            assertEquals(1002, violation(frame(op, utf8("x"))));
        }
    }

    @Test
    void masksAreForClientsAndForThemOnly() {
        assertEquals(1002, violation(hex("8105 48656c6c6f")));
        assertEquals(1002, violation(new FrameDecoder(LIMITS, false), frame(0x81, utf8("x"))));
    }

    @Test
    void aViolationIsSeenInTheSecondByte() {
        assertEquals(1002, violation(hex("81"), hex("05")));
        assertEquals(1002, violation(hex("c1"), hex("80")));
    }

    @Test
    void controlFramesAreShortAndWhole() {
        assertEquals(1002, violation(frame(0x89, new byte[126])));
        assertEquals(1002, violation(frame(0x09, new byte[1])));
        assertEquals(1002, violation(frame(0x08, hex("03e8"))));
    }

    @Test
    void fragmentsInTheWrongOrder() {
        assertEquals(1002, violation(frame(0x80, utf8("x"))));
        assertEquals(1002, violation(frame(0x00, utf8("x"))));
        assertEquals(1002, violation(frame(0x01, utf8("x")), frame(0x81, utf8("y"))));
        assertEquals(1002, violation(frame(0x01, utf8("x")), frame(0x02, utf8("y"))));
    }

    @Test
    void lengthsInALongerFormThanNeeded() {
        assertEquals(1002, violation(hex("82fe007d 00000000"), new byte[125]));
        assertEquals(1002, violation(hex("82ff000000000000ffff 00000000")));
        assertEquals(1002, violation(hex("82ff8000000000000000 00000000")));
    }

    @Test
    void limits() throws Exception {
        FrameDecoder small = new FrameDecoder(new WebSocketLimits(200, 300, Duration.ZERO), true);
        assertEquals(1, decode(small, frame(0x82, new byte[200])).size());
        assertEquals(1009, violation(small, frame(0x82, new byte[201])));
        FrameDecoder fragments = new FrameDecoder(new WebSocketLimits(200, 300, Duration.ZERO), true);
        assertEquals(0, decode(fragments, frame(0x02, new byte[200])).size());
        assertEquals(0, decode(fragments, frame(0x00, new byte[100])).size());
        assertEquals(1009, violation(fragments, frame(0x00, new byte[1])));
        assertEquals(1009, violation(hex("82ff7fffffffffffffff 00000000")));
    }

    @Test
    void anAnnouncementTakesNoMemory() throws Exception {
        WebSocketLimits huge = new WebSocketLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ZERO);
        FrameDecoder[] many = new FrameDecoder[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new FrameDecoder(huge, true);
            assertEquals(List.of(), decode(many[i], hex("82ff000000007fffffff 00000000 01")));
            assertFalse(many[i].isIdle());
        }
    }

    @Test
    void aMillionFragmentsOfOneByteAreNoQuadraticWork() throws Exception {
        byte[] fragment = frame(0x00, utf8("x"));
        WebSocketLimits many = new WebSocketLimits(1 << 20, 1 << 20, 1 << 20, Duration.ofSeconds(1));
        FrameDecoder decoder = new FrameDecoder(many, true);
        decode(decoder, frame(0x01, utf8("x")));
        long before = System.nanoTime();
        for (int i = 0; i < 1_000_000; i++) {
            decoder.next(ByteBuffer.wrap(fragment));
        }
        assertTrue(System.nanoTime() - before < 10_000_000_000L);
        assertEquals(
                1_000_002, decode(decoder, frame(0x80, utf8("x"))).getFirst().length() - "text ".length());
    }

    @Test
    void utf8AcrossFragments() throws Exception {
        byte[] text = utf8("aé€🌍z");
        for (int cut = 0; cut <= text.length; cut++) {
            assertEquals(
                    List.of("text aé€🌍z"),
                    decode(
                                    server(),
                                    frame(0x01, Arrays.copyOfRange(text, 0, cut)),
                                    frame(0x89, new byte[0]),
                                    frame(0x80, Arrays.copyOfRange(text, cut, text.length)))
                            .subList(1, 2));
        }
        assertEquals(1007, violation(frame(0x01, hex("e2")), frame(0x80, hex("28a1"))));
        assertEquals(1007, violation(frame(0x01, hex("e282")), frame(0x80, new byte[0])));
        assertEquals(1007, violation(frame(0x81, hex("f09f8c"))));
    }

    @Test
    void wrongTextIsRefusedBeforeItsFrameHasEnded() {
        byte[] frame = frame(0x01, hex("6161ff61616161616161"));
        assertEquals(1007, violation(Arrays.copyOf(frame, 9)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c080",
                "c1bf",
                "c0af",
                "e08080",
                "e09fbf",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "ff",
                "fe",
                "c328",
                "e282",
                "c3",
                "f09f8c",
                "cebae1bdb9cf83cebcceb5eda080656469746564"
            })
    void whatIsNoUtf8(String digits) {
        byte[] bytes = hex(digits);
        assertEquals(1007, violation(frame(0x81, bytes)));
        assertEquals(1007, violation(frame(0x81, concat(utf8("abcdefgh"), bytes))));
    }

    @Test
    void closeFrames() throws Exception {
        assertEquals(List.of("close 1005 "), decode(server(), frame(0x88, new byte[0])));
        assertEquals(List.of("close 1000 ok"), decode(server(), frame(0x88, concat(hex("03e8"), utf8("ok")))));
        assertEquals(1002, violation(frame(0x88, hex("03"))));
        assertEquals(1007, violation(frame(0x88, hex("03e8ff"))));
        for (int code : new int[] {
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
        }) {
            assertEquals(List.of("close " + code + " "), decode(server(), frame(0x88, Frames.closePayload(code, ""))));
        }
        for (int code : new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            assertEquals(1002, violation(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code})), "code " + code);
        }
    }
}
