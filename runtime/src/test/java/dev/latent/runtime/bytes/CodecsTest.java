package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.AsyncReader;
import dev.latent.io.ByteSink;
import dev.latent.io.Codec;
import dev.latent.io.Codecs;
import dev.latent.io.FramedReader;
import dev.latent.io.FramedWriter;
import dev.latent.io.Io;
import dev.latent.io.TooLongException;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CodecsTest {
    private static final IntSupplier PATIENT = () -> Integer.MAX_VALUE;

    private final Dropping hand = new Dropping();

    @AfterEach
    void close() {
        hand.close();
    }

    private static final Codec<byte[], byte[]> LINES = new Codec<>() {
        private final Codec<String, String> lines = Codecs.lines();

        @Override
        public byte @Nullable [] decode(ByteBuffer in, boolean ended) throws IOException {
            String line = lines.decode(in, ended);
            return line == null ? null : line.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void encode(byte[] frame, ByteSink out) throws IOException {
            lines.encode(new String(frame, StandardCharsets.UTF_8), out);
        }
    };

    private static final List<Codec<byte[], byte[]>> ALL = List.of(
            Codecs.lengthPrefixed(1),
            Codecs.lengthPrefixed(2),
            Codecs.lengthPrefixed(3),
            Codecs.lengthPrefixed(4),
            Codecs.delimited((byte) 0),
            Codecs.delimited((byte) 1, (byte) 0, (byte) 1),
            LINES);

    /** What comes of the frames, and how it ends, for a person to compare. */
    private List<String> heard(AsyncReader source, Codec<byte[], byte[]> codec, int limit, IntSupplier patience) {
        FramedReader<byte[]> frames = FramedReader.of(source, codec, limit);
        List<String> heard = new ArrayList<>();
        try {
            while (hand.run(frames::next, patience) instanceof Item(var frame)) {
                heard.add(HexFormat.of().formatHex(frame));
            }
            heard.add("end");
        } catch (IOException e) {
            heard.add(e.getClass().getSimpleName());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return heard;
    }

    private static byte[] noise(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : "\0\1\n\r\3a".charAt(random.nextInt(6)));
        }
        return bytes;
    }

    /** Any bytes give the same frames and the same end, in whatever pieces they come and wherever a read is dropped. */
    @Test
    void noiseIsUnderstoodTheSameWayHoweverItComes() {
        long seed = System.nanoTime();
        for (int round = 0; round < 3_000; round++) {
            Random random = new Random(seed + round);
            byte[] bytes = noise(random, 60);
            int limit = 1 + random.nextInt(40);
            for (Codec<byte[], byte[]> codec : ALL) {
                String how = codec + ", limit " + limit + ", seed " + (seed + round);
                List<String> whole = heard(new Pieces(bytes).reader(), codec, limit, PATIENT);
                int[] ends = random.ints(5, 0, bytes.length + 1).sorted().toArray();
                assertEquals(whole, heard(Pieces.single(bytes).ready(), codec, limit, () -> 1), how);
                assertEquals(
                        whole, heard(new Pieces(bytes, ends).reader(), codec, limit, () -> 1 + random.nextInt(3)), how);
            }
        }
    }

    @Test
    void whatIsWrittenIsReadWhateverIsDropped() throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < 300; round++) {
            Random random = new Random(seed + round);
            for (Codec<byte[], byte[]> codec : ALL) {
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                FramedWriter<byte[]> out = FramedWriter.of(
                        from -> Futures.pollFn(cx -> {
                            wire.write(from.get());
                            cx.waker().wake();
                            return from.hasRemaining() ? Poll.pending() : Poll.done();
                        }),
                        codec,
                        1_000);
                List<byte[]> sent = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    byte[] frame = new byte[random.nextInt(30)];
                    for (int b = 0; b < frame.length; b++) {
                        frame[b] = (byte) ('a' + random.nextInt(3));
                    }
                    hand.run(() -> out.feed(frame), () -> 1 + random.nextInt(5));
                    sent.add(frame);
                    if (random.nextBoolean()) {
                        hand.run(out::flush, () -> 1 + random.nextInt(5));
                    }
                }
                hand.run(out::shutdownOutput, () -> 1 + random.nextInt(5));
                FramedReader<byte[]> in =
                        FramedReader.of(Pieces.single(wire.toByteArray()).reader(), codec, 1_000);
                List<byte[]> got = hand.run(() -> in.stream().toList(), PATIENT);
                assertEquals(sent.size(), got.size(), codec + ", seed " + (seed + round));
                for (int i = 0; i < got.size(); i++) {
                    assertArrayEquals(sent.get(i), got.get(i), codec + ", seed " + (seed + round));
                }
            }
        }
        assertTrue(hand.drops > 1_000, () -> hand.drops + " drops");
    }

    @Test
    void limitsCountAllThatAFrameTakes() throws Exception {
        Codec<byte[], byte[]> codec = Codecs.lengthPrefixed(2);
        byte[] five = {0, 5, 1, 2, 3, 4, 5};
        assertEquals(List.of("0102030405", "end"), heard(new Pieces(five).reader(), codec, 7, PATIENT));
        assertEquals(List.of("TooLongException"), heard(new Pieces(five).reader(), codec, 6, PATIENT));
        FramedWriter<byte[]> out = FramedWriter.of(_ -> Futures.done(), codec, 6);
        assertThrows(TooLongException.class, () -> hand.run(() -> out.feed(new byte[5]), PATIENT));
        hand.run(() -> out.feed(new byte[4]), PATIENT);
        assertThrows(
                IllegalArgumentException.class,
                () -> hand.run(
                        () -> FramedWriter.of(_ -> Futures.done(), Codecs.lengthPrefixed(1), 1_000)
                                .feed(new byte[256]),
                        PATIENT));
    }

    @Test
    void aFrameThatWouldBeReadAsAnotherIsRefused() {
        FramedWriter<String> lines = FramedWriter.of(_ -> Futures.done(), Codecs.lines(), 100);
        assertThrows(IllegalArgumentException.class, () -> hand.run(() -> lines.send("a\nb"), PATIENT));
        assertThrows(IllegalArgumentException.class, () -> hand.run(() -> lines.send("a\r"), PATIENT));
        FramedWriter<byte[]> parts = FramedWriter.of(_ -> Futures.done(), Codecs.delimited((byte) 1, (byte) 1), 100);
        assertThrows(
                IllegalArgumentException.class, () -> hand.run(() -> parts.send(new byte[] {2, 1, 1, 2}), PATIENT));
        assertThrows(IllegalArgumentException.class, () -> hand.run(() -> parts.send(new byte[] {2, 1}), PATIENT));
    }

    @Test
    void theEndWithinAFrameIsToldAndACodecThatTakesNothingIsRefused() throws Exception {
        FramedReader<byte[]> cut =
                FramedReader.of(new Pieces(new byte[] {0, 9, 1}).reader(), Codecs.lengthPrefixed(2), 99);
        EOFException end = assertThrows(EOFException.class, () -> hand.run(cut::next, PATIENT));
        assertTrue(end.getMessage().endsWith("within a frame, of which 3 bytes have come"), end.getMessage());
        Codec<String, String> endless = new Codec<>() {
            @Override
            public String decode(ByteBuffer in, boolean ended) {
                return "again";
            }

            @Override
            public void encode(String frame, ByteSink out) {}
        };
        FramedReader<String> frames = FramedReader.of(new Pieces(new byte[] {1}).reader(), endless, 9);
        assertThrows(IllegalStateException.class, () -> hand.run(frames::next, PATIENT));
    }

    @Test
    void framesGoOnBehindAHeadThatWasReadByLines() throws Exception {
        AsyncBufReader in = AsyncBufReader.of(
                Pieces.single(new byte[] {'h', 'i', '\n', 1, 7, 0}).ready());
        assertEquals(new Item<>("hi"), hand.run(in::readLine, PATIENT));
        FramedReader<byte[]> frames = FramedReader.of(in, Codecs.lengthPrefixed(1), 9);
        assertArrayEquals(new byte[] {7}, ((Item<byte[]>) hand.run(frames::next, PATIENT)).value());
        assertEquals(0, ((Item<byte[]>) hand.run(frames::next, PATIENT)).value().length);
        assertEquals(Next.end(), hand.run(frames::next, PATIENT));
    }

    @Test
    void streamsPassBetweenTwoWorkers() throws Exception {
        try (var pool = WorkStealingExecutor.create(2)) {
            pool.blockOn(async(() -> {
                var ends = Io.duplex(100);
                FramedWriter<String> out = FramedWriter.of(ends.first(), Codecs.lines(), 100);
                FramedReader<String> in = FramedReader.of(ends.second(), Codecs.lines(), 100);
                try (var sending = spawn(async(() -> {
                    await(out.sendAll(AsyncStream.from((Iterable<Integer>) IntStream.range(0, 20_000)::iterator)
                            .map(i -> "line " + i)));
                    await(out.shutdownOutput());
                }))) {
                    int n = 0;
                    while (await(in.next()) instanceof Item(var line)) {
                        assertEquals("line " + n++, line);
                    }
                    assertEquals(20_000, n);
                    await(sending);
                }
            }));
        }
    }
}
