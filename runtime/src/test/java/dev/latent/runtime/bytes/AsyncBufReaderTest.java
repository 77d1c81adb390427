package dev.latent.runtime.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.AsyncReader;
import dev.latent.io.TooLongException;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncBufReaderTest {
    private static final IntSupplier PATIENT = () -> Integer.MAX_VALUE;
    private static final IntSupplier IMPATIENT = () -> 1;

    private final Dropping hand = new Dropping();

    @AfterEach
    void close() {
        hand.close();
    }

    /** An independent model, of the whole text. */
    private static List<String> model(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String last = lines.removeLast();
        lines.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (!last.isEmpty()) {
            lines.add(last);
        }
        return lines;
    }

    private List<String> lines(AsyncReader source, int buffer, IntSupplier patience) throws Exception {
        AsyncBufReader in = AsyncBufReader.of(source, buffer);
        List<String> lines = new ArrayList<>();
        while (hand.run(in::readLine, patience) instanceof Item(var line)) {
            lines.add(line);
        }
        assertEquals(0, in.buffered());
        return lines;
    }

    private void everyWay(String text) throws Exception {
        byte[] bytes = text.getBytes(UTF_8);
        List<String> expected = model(text);
        for (int buffer : new int[] {1, 3, 64}) {
            for (IntSupplier patience : List.of(PATIENT, IMPATIENT)) {
                for (int first = 0; first <= bytes.length; first++) {
                    for (int second = first; second <= bytes.length; second++) {
                        String how = text + " split at " + first + " and " + second + ", buffer " + buffer;
                        assertEquals(expected, lines(new Pieces(bytes, first, second).reader(), buffer, patience), how);
                        assertEquals(expected, lines(new Pieces(bytes, first, second).ready(), buffer, patience), how);
                    }
                }
                assertEquals(expected, lines(Pieces.single(bytes).reader(), buffer, patience));
                assertEquals(expected, lines(Pieces.single(bytes).ready(), buffer, patience));
            }
        }
    }

    @Test
    void linesAreTheSameHoweverTheyComeAndWhereverTheyAreDropped() throws Exception {
        for (String text : List.of(
                "", "\n", "\r\n", "\r", "a", "a\n", "a\r\nb", "über\nsß\r\n\r\n€ 𝄞\nend", "a\rb\r\r\nc\n\n", "x\r")) {
            everyWay(text);
        }
        assertTrue(hand.drops > 1_000, () -> hand.drops + " drops");
    }

    @Test
    void anyMixOfReadsTakesTheBytesInTheirOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "ab\r\n\0ü".charAt(random.nextInt(5));
            }
            int[] ends = random.ints(random.nextInt(12), 0, bytes.length + 1)
                    .sorted()
                    .toArray();
            Pieces pieces = new Pieces(bytes, ends);
            AsyncBufReader in =
                    AsyncBufReader.of(random.nextBoolean() ? pieces.reader() : pieces.ready(), 1 + random.nextInt(40));
            assertEquals(-1, readAllInSomeWay(in, bytes, random), "seed " + seed + ", round " + round);
        }
        assertTrue(hand.drops > 1_000, () -> hand.drops + " drops");
    }

    /** {@return -1, or where the first byte is wrong} */
    private int readAllInSomeWay(AsyncBufReader in, byte[] bytes, Random random) throws Exception {
        IntSupplier patience = () -> 1 + random.nextInt(3);
        int at = 0;
        while (true) {
            byte[] part;
            int left = bytes.length - at;
            switch (random.nextInt(4)) {
                case 0 -> {
                    int n = random.nextInt(20);
                    if (n > left) {
                        assertThrows(EOFException.class, () -> hand.run(() -> in.readExactly(n), patience));
                        continue;
                    }
                    part = hand.run(() -> in.readExactly(n), patience);
                    assertEquals(n, part.length);
                }
                case 1 -> {
                    if (!(hand.run(() -> in.readUntil((byte) '\n', 1_000), patience) instanceof Item(var until))) {
                        return at == bytes.length ? -1 : at;
                    }
                    int end = at;
                    while (end < bytes.length && bytes[end] != '\n') {
                        end++;
                    }
                    part = until;
                    assertEquals(Math.min(end + 1, bytes.length) - at, part.length);
                }
                case 2 -> {
                    ByteBuffer to = ByteBuffer.allocate(1 + random.nextInt(30));
                    int n = hand.run(() -> in.read(to), patience);
                    if (n < 0) {
                        return at == bytes.length ? -1 : at;
                    }
                    assertEquals(n, to.position());
                    part = Arrays.copyOf(to.array(), n);
                }
                default -> {
                    if (random.nextInt(10) > 0) {
                        continue;
                    }
                    part = hand.run(() -> in.readAll(1_000), patience);
                    assertEquals(left, part.length);
                }
            }
            int mismatch = Arrays.mismatch(part, Arrays.copyOfRange(bytes, at, at + part.length));
            if (mismatch >= 0) {
                return at + mismatch;
            }
            at += part.length;
        }
    }

    @Test
    void whatIsTooLongIsRefusedAndNotLost() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(
                Pieces.single("12345\r\n123456\nx".getBytes(UTF_8)).ready());
        assertEquals(new Item<>("12345"), hand.run(() -> in.readLine(5), PATIENT));
        TooLongException tooLong = assertThrows(TooLongException.class, () -> hand.run(() -> in.readLine(5), PATIENT));
        assertEquals(
                "the line is longer than 5 bytes: pass a higher limit if that is to be allowed", tooLong.getMessage());
        assertThrows(TooLongException.class, () -> hand.run(() -> in.readUntil((byte) '\n', 5), PATIENT));
        assertThrows(TooLongException.class, () -> hand.run(() -> in.lines(5).toList(), PATIENT));
        assertEquals(new Item<>("123456"), hand.run(() -> in.readLine(6), PATIENT));
        assertArrayEquals(new byte[] {'x'}, hand.run(() -> in.readAll(1), PATIENT));
        AsyncBufReader all = AsyncBufReader.of(new Pieces(new byte[100]).reader());
        assertThrows(TooLongException.class, () -> hand.run(() -> all.readAll(99), PATIENT));
        assertEquals(100, hand.run(() -> all.readAll(100), PATIENT).length);
    }

    @Test
    void anEndlessLineIsRefusedBeforeItsEnd() {
        int[] reads = {0};
        AsyncReader endless = to -> Futures.lazy(() -> {
            reads[0]++;
            to.position(to.position() + 1);
            return Futures.ready(1);
        });
        AsyncBufReader in = AsyncBufReader.of(endless);
        assertThrows(TooLongException.class, () -> hand.run(() -> in.readLine(100), PATIENT));
        assertEquals(101, reads[0]);
    }

    @Test
    void theStreamOfLinesMayBeClosedAndTheReaderGoesOn() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(new Pieces("a\nb\nc\nd".getBytes(UTF_8)).reader());
        assertEquals(List.of("a", "b"), hand.run(() -> in.lines().take(2).toList(), PATIENT));
        assertEquals(new Item<>("c"), hand.run(in::readLine, PATIENT));
        assertEquals(List.of("d"), hand.run(() -> in.lines().toList(), PATIENT));
        assertEquals(Next.end(), hand.run(in::readLine, PATIENT));
    }

    @Test
    void whatIsNoTextIsReplaced() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(
                Pieces.single(new byte[] {'a', (byte) 0xC3, '\n', 'b'}).ready());
        assertEquals(List.of("a\uFFFD", "b"), hand.run(() -> in.lines().toList(), PATIENT));
    }

    @Test
    void theEndBeforeThatManyBytesIsToldWithBoth() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(new Pieces(new byte[] {1, 2, 3}).reader());
        EOFException end = assertThrows(EOFException.class, () -> hand.run(() -> in.readExactly(10), PATIENT));
        assertTrue(end.getMessage().endsWith("ended after 3 of 10 bytes"), end.getMessage());
        assertArrayEquals(new byte[] {1, 2, 3}, hand.run(() -> in.readExactly(3), PATIENT));
    }

    @Test
    void aSecondReadWhileOneWaitsIsRefused() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(new Pieces(new byte[] {1, 2, 3}).ready());
        Future<byte[]> first = in.readExactly(2);
        hand.poll(first, 1);
        Future<byte[]> second = in.readExactly(2);
        assertThrows(IllegalStateException.class, () -> hand.poll(second, 1));
        first.drop();
        assertArrayEquals(new byte[] {1, 2}, hand.run(() -> in.readExactly(2), PATIENT));
    }
}
