package dev.latent.web;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate without context takeover: how it is agreed on, and what packs and unpacks, which is lent for one message. Packing and
 * unpacking don't wait, so no more of it is out than there are threads that poll. Thread-safe.
 */
final class Deflate {
    static final String NAME = "permessage-deflate";
    private static final String SERVER_RESETS = "server_no_context_takeover";
    private static final String CLIENT_RESETS = "client_no_context_takeover";
    private static final String SERVER_WINDOW = "server_max_window_bits";
    private static final String CLIENT_WINDOW = "client_max_window_bits";

    /** What a client asks for, and a server answers; to one that asked for a window, that one besides (RFC 7692, 7.1.2.1). */
    static final String TERMS = NAME + "; " + SERVER_RESETS + "; " + CLIENT_RESETS;

    /** The end of each packed message, which is not sent (RFC 7692, 7.2.1). */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final int MAX_WINDOW = 15;
    private static final int MIN_WINDOW = 8;

    /** More are let go. */
    private static final int MOST_KEPT = 64;

    private final int level;
    private final int threshold;
    private final ArrayDeque<Deflater> deflaters = new ArrayDeque<>();
    private final ArrayDeque<Inflater> inflaters = new ArrayDeque<>();

    Deflate(int level, int threshold) {
        this.level = level;
        this.threshold = threshold;
    }

    // ---- agreeing ---------------------------------------------------------------------------------------------------

    /** {@return the answer to the first of a client's offers that can be accepted; null where none can} */
    static @Nullable String answerTo(List<String> offers) {
        for (WebSocketExtensionData offer : extensions(offers)) {
            if (NAME.equals(offer.name())
                    && offer.parameters().entrySet().stream().allMatch(Deflate::isOffered)) {
                return offer.parameters().containsKey(SERVER_WINDOW)
                        ? TERMS + "; " + SERVER_WINDOW + "=" + MAX_WINDOW
                        : TERMS;
            }
        }
        return null;
    }

    private static boolean isOffered(Map.Entry<String, @Nullable String> parameter) {
        return switch (parameter.getKey()) {
            case SERVER_RESETS, CLIENT_RESETS -> parameter.getValue() == null;
            case CLIENT_WINDOW -> parameter.getValue() == null || isWindow(parameter.getValue(), MIN_WINDOW);
            case SERVER_WINDOW -> // the JDK packs with the largest one only
                parameter.getValue() != null && isWindow(parameter.getValue(), MAX_WINDOW);
            default -> false;
        };
    }

    /** {@return whether a server's answer agrees to {@link #TERMS}; false also where it says more} */
    static boolean isAgreed(List<String> answer) {
        List<WebSocketExtensionData> agreed = extensions(answer);
        return agreed.size() == 1
                && NAME.equals(agreed.getFirst().name())
                && agreed.getFirst().parameters().containsKey(SERVER_RESETS)
                && agreed.getFirst().parameters().entrySet().stream()
                        .allMatch(parameter -> switch (parameter.getKey()) {
                            case SERVER_RESETS, CLIENT_RESETS -> parameter.getValue() == null;
                            case SERVER_WINDOW ->
                                parameter.getValue() != null && isWindow(parameter.getValue(), MIN_WINDOW);
                            default -> false;
                        });
    }

    private static List<WebSocketExtensionData> extensions(List<String> values) {
        return WebSocketExtensionUtil.extractExtensions(String.join(",", values));
    }

    private static boolean isWindow(String bits, int least) {
        return bits.matches("[1-9]\\d?") && Integer.parseInt(bits) >= least && Integer.parseInt(bits) <= MAX_WINDOW;
    }

    // ---- packing ----------------------------------------------------------------------------------------------------

    /** {@return {@code payload}, packed; null where that would not make it shorter} */
    byte @Nullable [] pack(byte[] payload) {
        if (payload.length < threshold) {
            return null;
        }
        Deflater deflater = take(deflaters);
        if (deflater == null) {
            deflater = new Deflater(level, true);
        }
        try {
            deflater.setInput(payload);
            byte[] packed = new byte[payload.length + TAIL.length];
            int size = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
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

    private synchronized <T> @Nullable T take(ArrayDeque<T> kept) {
        return kept.poll();
    }

    private <T> void give(ArrayDeque<T> kept, T one, Consumer<T> end) {
        synchronized (this) {
            if (kept.size() < MOST_KEPT) {
                kept.push(one);
                return;
            }
        }
        end.accept(one);
    }
}
