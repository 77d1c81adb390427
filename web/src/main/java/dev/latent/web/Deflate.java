package dev.latent.web;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate without context takeover: how it is agreed on, and what packs and unpacks, which is lent for one message. Packing and
 * unpacking don't wait, so no more of it is out than there are threads that poll. Thread-safe.
 *
 * <p>The JDK packs with a window of 32 kB only. A peer that asks for a smaller one gets its message in pieces as long as that, each packed without a look at those before it: so nothing in it
 * points farther back than the window reaches. That is less small, and needs no other packer.
 */
final class Deflate {
    static final String NAME = "permessage-deflate";
    private static final String SERVER_RESETS = "server_no_context_takeover";
    private static final String CLIENT_RESETS = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";

    /** What a server answers; to a client that asked for a window, that one besides (RFC 7692, 7.1.2.1). */
    static final String TERMS = NAME + "; " + SERVER_RESETS + "; " + CLIENT_RESETS;

    /** What a client asks for. */
    static final String OFFER = TERMS + "; " + CLIENT_WINDOW;

    /** The end of each packed message, which is not sent (RFC 7692, 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int MAX_WINDOW = 15;
    private static final int MIN_WINDOW = 8;

    /** More are let go. */
    private static final int MOST_KEPT = 64;

    private final int level;
    private final int threshold;

    /** How far back what it packs may point, as a power of two. */
    private final int window;

    private final ArrayDeque<Deflater> deflaters;
    private final ArrayDeque<Inflater> inflaters;

    /** The same with smaller windows, from {@link #MIN_WINDOW} on. */
    private final List<Deflate> narrower;

    Deflate(int level, int threshold) {
        this.level = level;
        this.threshold = threshold;
        this.window = MAX_WINDOW;
        this.deflaters = new ArrayDeque<>();
        this.inflaters = new ArrayDeque<>();
        this.narrower = IntStream.range(MIN_WINDOW, MAX_WINDOW)
                .mapToObj(bits -> new Deflate(this, bits))
                .toList();
    }

    private Deflate(Deflate widest, int window) {
        this.level = widest.level;
        this.threshold = widest.threshold;
        this.window = window;
        this.deflaters = widest.deflaters;
        this.inflaters = widest.inflaters;
        this.narrower = List.of();
    }

    /** {@return one that packs with windows of so many bits; there is one of each} */
    Deflate within(int bits) {
        return bits == MAX_WINDOW ? this : narrower.get(bits - MIN_WINDOW);
    }

    // ---- agreeing ---------------------------------------------------------------------------------------------------

    /**
     * How messages are packed on a connection.
     *
     * @param terms what the server has answered
     * @param window bits of the window of what is packed here
     */
    record Agreed(String terms, int window) {}

    /** {@return the answer to the first of a client's offers that can be accepted; null where none can} */
    static @Nullable Agreed answerTo(List<String> offers) {
        for (WebSocketExtensionData offer : extensions(offers)) {
            if (NAME.equals(offer.name())
                    && offer.parameters().entrySet().stream().allMatch(Deflate::isOffered)) {
                String window = offer.parameters().get(SERVER_WINDOW);
                return window == null
                        ? new Agreed(TERMS, MAX_WINDOW)
                        : new Agreed(TERMS + "; " + SERVER_WINDOW + "=" + window, Integer.parseInt(window));
            }
        }
        return null;
    }

    private static boolean isOffered(Map.Entry<String, @Nullable String> parameter) {
        return switch (parameter.getKey()) {
            case SERVER_RESETS, CLIENT_RESETS -> parameter.getValue() == null;
            case CLIENT_WINDOW -> parameter.getValue() == null || isWindow(parameter.getValue());
            case SERVER_WINDOW -> isWindow(parameter.getValue());
            default -> false;
        };
    }

    /** {@return what a server's answer to {@link #OFFER} means for the client; null where it agrees to something else} */
    static @Nullable Agreed agreed(List<String> answer) {
        List<WebSocketExtensionData> agreed = extensions(answer);
        if (agreed.size() != 1
                || !NAME.equals(agreed.getFirst().name())
                || !agreed.getFirst().parameters().containsKey(SERVER_RESETS)
                || !agreed.getFirst().parameters().entrySet().stream().allMatch(Deflate::isAnswered)) {
            return null;
        }
        String window = agreed.getFirst().parameters().get(CLIENT_WINDOW);
        return new Agreed(String.join(",", answer), window == null ? MAX_WINDOW : Integer.parseInt(window));
    }

    private static boolean isAnswered(Map.Entry<String, @Nullable String> parameter) {
        return switch (parameter.getKey()) {
            case SERVER_RESETS, CLIENT_RESETS -> parameter.getValue() == null;
            case SERVER_WINDOW, CLIENT_WINDOW -> isWindow(parameter.getValue());
            default -> false;
        };
    }

    private static List<WebSocketExtensionData> extensions(List<String> values) {
        String named = Arrays.stream(String.join(",", values).split(","))
                .filter(one -> !one.replace(';', ' ').isBlank()) // Netty looks for a name in each
                .collect(Collectors.joining(","));
        return WebSocketExtensionUtil.extractExtensions(named);
    }

    private static boolean isWindow(@Nullable String bits) {
        return bits != null
                && bits.matches("[1-9]\\d?")
                && Integer.parseInt(bits) >= MIN_WINDOW
                && Integer.parseInt(bits) <= MAX_WINDOW;
    }

    // ---- packing ----------------------------------------------------------------------------------------------------

    /** {@return {@code payload}, packed; null where that would not make it shorter} */
    byte @Nullable [] pack(byte[] payload) {
        if (payload.length < threshold || payload.length == 0) {
            return null;
        }
        Deflater deflater = take(deflaters);
        if (deflater == null) {
            deflater = new Deflater(level, true);
        }
        try {
            byte[] packed = new byte[payload.length + TAIL.length];
            int size = 0;
            int piece = window == MAX_WINDOW ? payload.length : 1 << window;
            for (int from = 0; from < payload.length && size < packed.length; from += piece) {
                int left = payload.length - from;
                deflater.setInput(payload, from, Math.min(piece, left));
                int flush = left <= piece ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH;
                size += deflater.deflate(packed, size, packed.length - size, flush);
            }
            return size < packed.length && size - TAIL.length < payload.length
                    ? Arrays.copyOf(packed, size - TAIL.length)
                    : null;
        } finally {
            deflater.reset();
            give(deflaters, deflater, Deflater::end);
        }
    }

    Inflater takeInflater() {
        Inflater inflater = take(inflaters);
        return inflater == null ? new Inflater(true) : inflater;
    }

    void give(Inflater inflater) {
        inflater.reset();
        give(inflaters, inflater, Inflater::end);
    }

    /** Gives {@code inflater} the end of a message. */
    static void end(Inflater inflater) {
        inflater.setInput(TAIL);
    }

    private static <T> @Nullable T take(ArrayDeque<T> kept) {
        synchronized (kept) {
            return kept.poll();
        }
    }

    private static <T> void give(ArrayDeque<T> kept, T one, Consumer<T> end) {
        synchronized (kept) {
            if (kept.size() < MOST_KEPT) {
                kept.push(one);
                return;
            }
        }
        end.accept(one);
    }
}
