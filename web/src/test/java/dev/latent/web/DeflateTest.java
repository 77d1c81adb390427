package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.web.http.ByteBudget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed messages, as RFC 7692 has them. */
class DeflateTest {
    private static final long BUDGET = 1 << 24;

    private final ByteBudget budget = new ByteBudget(BUDGET);
    private final Deflate deflate = new Deflate(6, 0);

    private FrameDecoder decoder(int maxMessage) {
        var limits = new WebSocketLimits(1 << 20, maxMessage, Duration.ofSeconds(1));
        var side = new Side(limits, budget, null, new Deflate(6, 0));
        return new FrameDecoder(limits, false, new FramedSocket(new Valve(0), side, null, null));
    }

    private static byte[] frame(int first, byte[] payload) {
        byte[] frame = Frames.encode(first & 0x0f, payload);
        frame[0] = (byte) first;
        return frame;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    private Incoming decode(int maxMessage, byte[]... frames) throws ProtocolViolation {
        FrameDecoder decoder = decoder(maxMessage);
        Incoming last = null;
        for (byte[] frame : frames) {
            ByteBuffer in = ByteBuffer.wrap(frame);
            while (in.hasRemaining()) {
                last = decoder.next(in);
            }
        }
        assertTrue(last == null || decoder.isIdle());
        return last;
    }

    /** RFC 7692, 7.2.3.1 to 7.2.3.5; all are "Hello". */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f2 48 cd c9 c9 07 00",
                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                "f3 48 cd c9 c9 07 00 00",
                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
            })
    void readsTheExamplesOfTheRfc(String hex) throws Exception {
        assertEquals(new Message.Text("Hello"), decode(1_000, frame(0xc1, bytes(hex))));
    }

    @Test
    void readsFragmentsAndControlFramesBetweenThem() throws Exception {
        assertEquals(
                new Message.Text("Hello"),
                decode(
                        1_000,
                        frame(0x41, bytes("f2 48 cd")),
                        frame(0x89, new byte[0]),
                        frame(0x80, bytes("c9 c9 07 00"))));
    }

    @Test
    void plainMessagesStandBesideCompressedOnes() throws Exception {
        FrameDecoder decoder = decoder(1_000);
        assertEquals(
                new Message.Text("Hello"), decoder.next(ByteBuffer.wrap(frame(0xc1, bytes("f2 48 cd c9 c9 07 00")))));
        assertEquals(new Message.Text("Hi"), decoder.next(ByteBuffer.wrap(frame(0x81, "Hi".getBytes()))));
        assertEquals(
                new Message.Text("Hello"), decoder.next(ByteBuffer.wrap(frame(0xc1, bytes("f2 48 cd c9 c9 07 00")))));
        assertEquals(new Message.Text(""), decoder.next(ByteBuffer.wrap(frame(0xc1, bytes("00")))));
        assertEquals(BUDGET, budget.left());
    }

    @Test
    void anOfferOfNothingIsNone() {
        assertNull(Deflate.answerTo(List.of(",,;,$,", ";;")));
        Deflate.Agreed agreed = Deflate.answerTo(List.of("; ;, permessage-deflate"));
        assertEquals(Deflate.TERMS, agreed == null ? null : agreed.terms());
    }

    @Test
    void whatWasPackedIsUnpacked() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] payload = new byte[random.nextInt(1 << random.nextInt(18))];
            int letters = 1 + random.nextInt(256);
            for (int k = 0; k < payload.length; k++) {
                payload[k] = (byte) random.nextInt(letters);
            }
            byte[] packed = deflate.pack(payload);
            if (packed != null) {
                assertTrue(packed.length < payload.length, "seed " + seed);
                // in pieces, cut anywhere
                FrameDecoder decoder = decoder(1 << 18);
                ByteBuffer all = ByteBuffer.wrap(frame(0xc2, packed));
                Incoming message = null;
                while (all.hasRemaining()) {
                    assertNull(message);
                    byte[] piece = new byte[Math.min(all.remaining(), 1 + random.nextInt(5_000))];
                    all.get(piece);
                    message = decoder.next(ByteBuffer.wrap(piece));
                }
                assertArrayEquals(payload, ((Message.Binary) message).bytes(), "seed " + seed);
            }
        }
        assertEquals(BUDGET, budget.left());
    }

    @Test
    void aMessageAsLongAsItMayBeIsReadAndALongerOneRefused() throws Exception {
        byte[] packed = deflate.pack(new byte[100_000]);
        assertEquals(100_000, ((Message.Binary) decode(100_000, frame(0xc2, packed))).bytes().length);
        var e = assertThrows(ProtocolViolation.class, () -> decode(99_999, frame(0xc2, packed)));
        assertEquals(WebSocketClosed.TOO_BIG, e.code);
    }

    /** A gigabyte of zeros in some megabytes, of which 1 MB is unpacked. */
    @Test
    void aBombCostsNoMoreThanAMessageMay() {
        Deflater deflater = new Deflater(9, true);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        byte[] out = new byte[1 << 16];
        for (int i = 0; i < 1024; i++) {
            deflater.setInput(zeros);
            for (int n = deflater.deflate(out); n > 0; n = deflater.deflate(out)) {
                bomb.write(out, 0, n);
            }
        }
        deflater.end();
        assertTrue(bomb.size() < 1 << 20, "" + bomb.size());
        var e = assertThrows(ProtocolViolation.class, () -> decode(1 << 20, frame(0xc2, bomb.toByteArray())));
        assertEquals(WebSocketClosed.TOO_BIG, e.code);
    }

    @Test
    void theBudgetOfAllConnectionsCountsWhatIsUnpacked() throws Exception {
        byte[] packed = deflate.pack(new byte[1 << 19]);
        assertTrue(budget.take(BUDGET - 100_000));
        var e = assertThrows(ProtocolViolation.class, () -> decode(1 << 20, frame(0xc2, packed)));
        assertEquals(WebSocketClosed.TRY_AGAIN_LATER, e.code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"07", "ff ff ff ff", "00 05 00 fa fe 48", "78 9c f3 48 cd c9 c9 07 00"})
    void whatIsNoDeflateIsBadData(String hex) {
        var e = assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(0xc2, bytes(hex))));
        assertEquals(WebSocketClosed.BAD_DATA, e.code);
    }

    @Test
    void unpackedTextIsUtf8() {
        byte[] packed = deflate.pack(new byte[] {'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', (byte) 0xc3});
        for (int first : new int[] {0xc1}) {
            var e = assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(first, packed)));
            assertEquals(WebSocketClosed.BAD_DATA, e.code);
        }
    }

    /** The bit belongs to the first frame of a message, and to connections that agreed on it. */
    @Test
    void theBitStandsNowhereElse() {
        byte[] packed = bytes("f2 48 cd c9 c9 07 00");
        assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(0xa1, packed)));
        assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(0xd1, packed)));
        assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(0xc9, packed)));
        assertThrows(ProtocolViolation.class, () -> decode(1_000, frame(0x41, packed), frame(0xc0, packed)));
        var plain = new FrameDecoder(WebSocketLimits.DEFAULT, false);
        assertThrows(ProtocolViolation.class, () -> plain.next(ByteBuffer.wrap(frame(0xc1, packed))));
    }

    @Test
    void whatWouldGetLongerIsNotPacked() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        assertNull(deflate.pack(noise));
        assertNull(deflate.pack(new byte[0]));
        assertNull(new Deflate(6, 100).pack(new byte[99]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=9; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; client_max_window_bits; server_max_window_bits=8",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=16, permessage-deflate"
            })
    void offersThatAreAccepted(String offer) {
        Matcher window = Pattern.compile("server_max_window_bits=(8|10|15)").matcher(offer);
        String answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        assertEquals(
                window.find()
                        ? new Deflate.Agreed(answer + "; " + window.group(), Integer.parseInt(window.group(1)))
                        : new Deflate.Agreed(answer, 15),
                Deflate.answerTo(List.of(offer)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x-webkit-deflate-frame",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=a",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; unknown"
            })
    void offersThatAreNot(String offer) {
        assertNull(Deflate.answerTo(List.of(offer)));
    }

    @Test
    void answersThatAgree() {
        assertEquals(15, window(Deflate.TERMS));
        assertEquals(15, window("permessage-deflate; server_no_context_takeover"));
        assertEquals(15, window("permessage-deflate; server_no_context_takeover; server_max_window_bits=9"));
        assertEquals(9, window("permessage-deflate; server_no_context_takeover; client_max_window_bits=9"));
        for (String other : List.of(
                "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_max_window_bits",
                "permessage-deflate; server_no_context_takeover; client_max_window_bits=16",
                "other",
                Deflate.TERMS + ", " + Deflate.TERMS)) {
            assertNull(Deflate.agreed(List.of(other)), other);
        }
    }

    private static int window(String answer) {
        return Deflate.agreed(List.of(answer)).window();
    }

    /** RFC 7692, 7.1.2.1: each piece of the window's length can be unpacked by itself, so nothing in it points to those before. */
    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 14, 15})
    void nothingPointsFartherBackThanTheWindow(int bits) throws Exception {
        Deflate narrow = deflate.within(bits);
        for (int length : new int[] {1 << bits, (1 << bits) + 1, 3 << bits, 100_000}) {
            byte[] payload = new byte[length];
            Random random = new Random(length);
            for (int i = 0; i < length; i++) {
                payload[i] = i < 100 ? (byte) random.nextInt(8) : payload[i - 100];
            }
            byte[] packed = narrow.pack(payload);
            assertArrayEquals(payload, ((Message.Binary) decode(1 << 20, frame(0xc2, packed))).bytes());
            byte[] all = Bytes.concat(packed, bytes("00 00 ff ff"));
            int at = 0;
            for (int from = 0; from < length && bits < 15; from += 1 << bits) {
                int to = Math.min(from + (1 << bits), length);
                int end = narrow.pack(Arrays.copyOf(payload, to)).length + 4;
                Inflater inflater = new Inflater(true);
                inflater.setInput(all, at, end - at);
                byte[] piece = new byte[to - from];
                assertEquals(piece.length, inflater.inflate(piece));
                assertArrayEquals(Arrays.copyOfRange(payload, from, to), piece);
                inflater.end();
                at = end;
            }
        }
    }

    @Test
    void oneForEachWindow() {
        assertSame(deflate, deflate.within(15));
        assertSame(deflate.within(9), deflate.within(9));
    }

    @Test
    void numbersAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Compression.create(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Compression.create(10, 1));
        assertThrows(IllegalArgumentException.class, () -> Compression.create(1, -1));
    }
}
