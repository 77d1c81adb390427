package dev.latent.internal;

import dev.latent.First;
import dev.latent.Foreign;
import dev.latent.Fourth;
import dev.latent.Item;
import dev.latent.Outcome;
import dev.latent.Owners;
import dev.latent.Releasable;
import dev.latent.Second;
import dev.latent.Third;
import dev.latent.Timed;
import dev.latent.Tuple2;
import dev.latent.Tuple3;
import dev.latent.Tuple4;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What becomes of a value whose receiver was dropped. */
public final class Undelivered {
    private Undelivered() {}

    /**
     * Closes the value if it is {@linkplain Releasable held}, also inside what Latent wraps values in; any other is simply let go.
     * Several are closed whatever one of them throws; that of a single one is the caller's.
     */
    public static void discard(@Nullable Object value) {
        if (value instanceof Releasable held) {
            held.close();
        } else if (value != null) {
            discardInside(value);
        }
    }

    /**
     * Gives the value to {@code consumer}, or, where there is none, {@linkplain #discard discards} it. Never throws: what is thrown is reported, and takes no
     * memory itself.
     *
     * @param subject whose value it was, for a person to read
     */
    public static <T extends @Nullable Object> void give(
            @Nullable Consumer<? super T> consumer, T value, @Nullable Object subject) {
        try {
            if (consumer != null) {
                consumer.accept(value);
            } else {
                discard(value);
            }
        } catch (Throwable t) {
            Owners.report(null, subject, ", a value undelivered", t);
        }
    }

    /** {@return whether {@link #discard} would close anything} */
    public static boolean isHeld(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Releasable _ -> true;
            case Item<?>(var item) -> isHeld(item);
            case First<?, ?, ?, ?>(var won) -> isHeld(won);
            case Second<?, ?, ?, ?>(var won) -> isHeld(won);
            case Third<?, ?, ?, ?>(var won) -> isHeld(won);
            case Fourth<?, ?, ?, ?>(var won) -> isHeld(won);
            case Timed.InTime<?>(var inTime) -> isHeld(inTime);
            case Outcome.Ok<?>(var result) -> isHeld(result);
            case Tuple2<?, ?>(var a, var b) -> isHeld(a) || isHeld(b);
            case Tuple3<?, ?, ?>(var a, var b, var c) -> isHeld(a) || isHeld(b) || isHeld(c);
            case Tuple4<?, ?, ?, ?>(var a, var b, var c, var d) -> isHeld(a) || isHeld(b) || isHeld(c) || isHeld(d);
            default -> false;
        };
    }

    private static void discardInside(Object value) {
        switch (value) {
            case Item<?>(var item) -> discard(item);
            case First<?, ?, ?, ?>(var won) -> discard(won);
            case Second<?, ?, ?, ?>(var won) -> discard(won);
            case Third<?, ?, ?, ?>(var won) -> discard(won);
            case Fourth<?, ?, ?, ?>(var won) -> discard(won);
            case Timed.InTime<?>(var inTime) -> discard(inTime);
            case Outcome.Ok<?>(var result) -> discard(result);
            case Tuple2<?, ?>(var a, var b) -> discardAll(a, b);
            case Tuple3<?, ?, ?>(var a, var b, var c) -> discardAll(a, b, c);
            case Tuple4<?, ?, ?, ?>(var a, var b, var c, var d) -> discardAll(a, b, c, d);
            default -> {}
        }
    }

    private static void discardAll(@Nullable Object... values) {
        for (Object value : values) {
            Foreign.call(null, value, ", at its close", () -> discard(value));
        }
    }
}
