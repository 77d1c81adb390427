package dev.latent.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.End;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.LocalExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A body between who reads the connection and who takes its pieces, in every order of a few steps. Each is polled only when it was woken, so that a wake that is missing shows. All that two threads
 * may do to each other happens between two sections under the monitor: MIDDLE has the one polled between two of the other's.
 */
@Timeout(120)
class InboundOrdersTest {
    private static final int LENGTH = 6;
    private static final int SAID = 6_000;
    private static final int BODY = 5 * SAID;
    private static final Step[] STEPS = Step.values();

    private enum Step {
        SAY,
        READ,
        TAKE,
        MIDDLE,
        DROP,
        LEAVE,
        END
    }

    private static byte at(int i) {
        return (byte) (i * 31 + i / 251);
    }

    private static final class Run {
        final Context cx;
        final Context other;
        final boolean chunked;
        final Valve valve = new Valve(Valve.ALL);
        final Inbound inbound = new Inbound(valve, 256);
        final Future<Void> gone = inbound.gone();
        boolean goneWoken = true;
        boolean hasGone;

        @Nullable
        Future<Next<ByteBuffer>> piece;

        boolean pieceWoken;
        int said;
        int taken;
        boolean left;
        boolean over;
        boolean isWhole;

        @Nullable
        Exception failure;

        Run(Context cx, Context other, boolean chunked) throws Exception {
            this.cx = cx;
            this.other = other;
            this.chunked = chunked;
            valve.say(("POST / HTTP/1.1\r\nHost: h\r\n"
                            + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BODY) + "\r\n\r\n")
                    .getBytes(US_ASCII));
            assertTrue(inbound.read(cx.scratch()));
            assertNotNull(inbound.takeHead());
            inbound.expectsBody(chunked ? -1 : BODY);
        }

        void say() {
            byte[] bytes = new byte[SAID];
            for (int i = 0; i < SAID; i++) {
                bytes[i] = at(said + i);
            }
            if (chunked && said < BODY) {
                String end = said + SAID == BODY ? "\r\n0\r\n\r\n" : "\r\n";
                bytes = Bytes.concat(
                        (Integer.toHexString(SAID) + "\r\n").getBytes(US_ASCII), bytes, end.getBytes(US_ASCII));
            }
            said += SAID;
            valve.say(bytes);
        }

        void read() {
            if (hasGone || !goneWoken) {
                return;
            }
            goneWoken = false;
            cx.begin(() -> goneWoken = true);
            try {
                hasGone = gone.poll(cx).isReady();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        void take() {
            if (failure != null || isWhole) {
                return;
            }
            if (piece == null) {
                piece = inbound.piece(0);
                pieceWoken = true;
            }
            if (!pieceWoken) {
                return;
            }
            pieceWoken = false;
            other.begin(() -> pieceWoken = true);
            try {
                if (piece.poll(other) instanceof Poll.Ready<Next<ByteBuffer>>(var next)) {
                    piece = null;
                    switch (next) {
                        case Item<ByteBuffer>(var bytes) -> {
                            while (bytes.hasRemaining()) {
                                assertEquals(at(taken++), bytes.get());
                            }
                        }
                        case End<ByteBuffer> _ -> isWhole = true;
                    }
                }
            } catch (Exception e) {
                failure = e;
                piece = null;
            }
        }

        void step(Step step) {
            switch (step) {
                case SAY -> {
                    if (!left) {
                        say();
                    }
                }
                case READ -> read();
                case TAKE -> take();
                case MIDDLE -> valve.readable = this::take;
                case DROP -> {
                    if (piece != null) {
                        piece.drop();
                        piece = null;
                    }
                }
                case LEAVE -> {
                    left = true;
                    valve.leave();
                }
                case END -> {
                    over = true;
                    inbound.endTurn();
                }
            }
        }

        void settle() {
            for (int i = 0; i < 30; i++) {
                read();
                take();
            }
        }

        void check() {
            int sent = Math.min(said, BODY);
            if (over) {
                assertTrue(
                        isWhole || failure instanceof IllegalStateException || failure instanceof IOException, "told");
            } else if (sent == BODY) {
                assertTrue(isWhole, "all of it is here, and " + taken + " bytes were taken");
            } else if (left) {
                assertTrue(failure instanceof IOException, "who waits is told: " + failure);
            } else {
                assertFalse(isWhole);
                assertEquals(null, failure);
            }
            if (!over) {
                assertEquals(sent, taken);
                assertEquals(left, hasGone, "it is read on, so that its end is noticed");
            }
        }
    }

    private static void everyOrder(boolean chunked) throws Exception {
        try (var executor = new LocalExecutor()) {
            Context cx = new Context((Spawner) executor);
            Context other = new Context((Spawner) executor);
            int runs = (int) Math.pow(STEPS.length, LENGTH);
            for (int code = 0; code < runs; code++) {
                Step[] steps = new Step[LENGTH];
                for (int i = 0, rest = code; i < LENGTH; i++, rest /= STEPS.length) {
                    steps[i] = STEPS[rest % STEPS.length];
                }
                try {
                    Run run = new Run(cx, other, chunked);
                    for (Step step : steps) {
                        run.step(step);
                    }
                    run.settle();
                    run.check();
                } catch (AssertionError e) {
                    throw new AssertionError(Arrays.toString(steps), e);
                }
            }
        }
    }

    @Test
    void ofAKnownLength() throws Exception {
        everyOrder(false);
    }

    @Test
    void inChunks() throws Exception {
        everyOrder(true);
    }
}
