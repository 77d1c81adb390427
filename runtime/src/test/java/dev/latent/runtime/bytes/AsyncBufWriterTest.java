package dev.latent.runtime.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.io.AsyncBufWriter;
import dev.latent.io.AsyncWriter;
import dev.latent.io.ByteCounter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AsyncBufWriterTest {
    private final Dropping hand = new Dropping();
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private int writes;

    @AfterEach
    void close() {
        hand.close();
    }

    /** Takes so many bytes at a poll, and is pending in between. */
    private AsyncWriter narrow(int atOnce) {
        return from -> {
            writes++;
            return new OwnedFuture<>() {
                @Override
                protected Poll<Void> pollOwned(Context cx) {
                    int n = Math.min(atOnce, from.remaining());
                    taken.write(from.array(), from.arrayOffset() + from.position(), n);
                    from.position(from.position() + n);
                    if (!from.hasRemaining()) {
                        return Poll.done();
                    }
                    cx.waker().wake();
                    return Poll.pending();
                }

                @Override
                protected void dropOwned() {}
            };
        };
    }

    @Test
    void everyByteGoesOutOnceAndInOrderWhereverAWriteIsDropped() throws Exception {
        long seed = System.nanoTime();
        for (int round = 0; round < 1_000; round++) {
            Random random = new Random(seed + round);
            IntSupplier patience = () -> 1 + random.nextInt(3);
            taken.reset();
            ByteCounter counter = ByteCounter.create();
            AsyncBufWriter out =
                    AsyncBufWriter.of(counter.countWrites(narrow(1 + random.nextInt(10))), 1 + random.nextInt(30));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = 0; i < 20; i++) {
                byte[] some = new byte[random.nextInt(50)];
                random.nextBytes(some);
                expected.write(some);
                ByteBuffer from = ByteBuffer.wrap(some);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        hand.run(() -> out.write(from), patience);
                        hand.run(out::flush, patience);
                        assertEquals(0, out.buffered());
                    }
                    case 1 -> {
                        int middle = random.nextInt(some.length + 1);
                        ByteBuffer first = ByteBuffer.wrap(some, 0, middle).slice();
                        ByteBuffer second = ByteBuffer.wrap(some, middle, some.length - middle)
                                .slice();
                        hand.run(() -> out.writeAll(first, second), patience);
                    }
                    default -> hand.run(() -> out.write(from), patience);
                }
            }
            hand.run(out::shutdownOutput, patience);
            String how = "seed " + (seed + round);
            assertArrayEquals(expected.toByteArray(), taken.toByteArray(), how);
            assertEquals(expected.size(), counter.written(), how);
        }
        assertTrue(hand.drops > 1_000, () -> hand.drops + " drops");
    }

    @Test
    void smallPiecesGoOutTogether() throws Exception {
        AsyncBufWriter out = AsyncBufWriter.of(narrow(1_000), 100);
        for (int i = 0; i < 26; i++) {
            hand.run(() -> out.write("äbc"), () -> 1);
        }
        assertEquals(1, writes);
        assertEquals(100, taken.size());
        assertEquals(0, hand.drops);
        hand.run(out::flush, () -> 1);
        assertEquals(2, writes);
        assertEquals("äbc".repeat(26), taken.toString(UTF_8));
    }

    @Test
    void aSecondWriteWhileOneWaitsIsRefused() throws Exception {
        AsyncBufWriter out = AsyncBufWriter.of(narrow(1), 10);
        hand.run(() -> out.write("abc"), () -> 1);
        Future<Void> first = out.flush();
        hand.poll(first, 1);
        Future<Void> second = out.write("d");
        assertThrows(IllegalStateException.class, () -> hand.poll(second, 1));
        assertTrue(hand.poll(first, 2).isReady());
        assertEquals("abc", taken.toString(UTF_8));
    }
}
