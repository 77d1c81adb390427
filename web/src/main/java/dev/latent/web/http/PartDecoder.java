package dev.latent.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a form into its parts, however it was cut on its way (RFC 2046, 5.1.1). What is kept between two pieces is no longer than the head of a part.
 *
 * <pre>
 *   BEFORE --1--&gt; BOUNDARY --2--&gt; HEAD --3--&gt; CONTENT --1--&gt; BOUNDARY
 *                    `-----4--&gt; AFTER
 *
 *   1 a line that begins with the boundary    2 the end of that line    3 an empty line    4 two dashes
 * </pre>
 */
final class PartDecoder {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    /** Told what comes. */
    interface Parts {
        /** A part begins; {@code head} is its header, each line with its end. */
        void begin(String head);

        /** Some of its content. */
        void content(byte[] bytes, int from, int length);

        /** It has ended. */
        void end();
    }

    private enum State {
        BEFORE,
        BOUNDARY,
        HEAD,
        CONTENT,
        AFTER
    }

    private final byte[] delimiter;
    private final int maxHead;
    private final Parts parts;
    private State state = State.BEFORE;

    /** Bytes that stand before the content, and may belong to its delimiter: the end of the head. */
    private int lead;

    /** What has come and was not taken; the form's first line need not be behind another one. */
    private byte[] kept = LINE_END;

    /** A decoder of parts whose heads have up to so many bytes. */
    PartDecoder(String boundary, int maxHead, Parts parts) {
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.maxHead = maxHead;
        this.parts = parts;
    }

    /** {@return whether the last part has ended} */
    boolean isEnded() {
        return state == State.AFTER;
    }

    /**
     * Takes in the next piece.
     *
     * @throws HttpException 400 where it is no form, 413 where a head is too long
     */
    void offer(ByteBuffer piece) {
        byte[] all = Arrays.copyOf(kept, kept.length + piece.remaining());
        piece.get(all, kept.length, piece.remaining());
        int at = 0;
        for (int next = step(all, at); next >= 0; next = step(all, at)) {
            at = next;
        }
        int end = state == State.BEFORE || state == State.CONTENT ? content(all, at, mayBegin(all, at)) : at;
        kept = state == State.AFTER ? new byte[0] : Arrays.copyOfRange(all, end, all.length);
    }

    /** {@return where to go on, behind what was taken; negative when more is needed} */
    private int step(byte[] all, int at) {
        switch (state) {
            case BEFORE, CONTENT -> {
                int end = indexOf(all, at, delimiter);
                if (end >= 0) {
                    content(all, at, end);
                    if (state == State.CONTENT) {
                        parts.end();
                    }
                    state = State.BOUNDARY;
                    return end + delimiter.length;
                }
            }
            case BOUNDARY -> {
                return boundary(all, at);
            }
            case HEAD -> {
                boolean none = startsWith(all, at, LINE_END);
                int end = none ? at : indexOf(all, at, HEAD_END);
                if ((end < 0 ? all.length : end) - at > maxHead) {
                    throw HttpException.of(413, "a part with too long a head");
                }
                if (end >= 0) {
                    int content = end + (none ? LINE_END : HEAD_END).length;
                    parts.begin(new String(all, at, content - at, StandardCharsets.UTF_8));
                    state = State.CONTENT;
                    lead = LINE_END.length;
                    return content - lead;
                }
            }
            case AFTER -> {}
        }
        return -1;
    }

    private int boundary(byte[] all, int at) {
        int end = at;
        while (end < all.length && (all[end] == ' ' || all[end] == '\t')) {
            end++;
        }
        if (end - at > maxHead) {
            throw Disposition.malformed();
        }
        if (startsWith(all, end, LINE_END)) {
            state = State.HEAD;
            return end + LINE_END.length;
        }
        if (end == at && startsWith(all, at, new byte[] {'-', '-'})) {
            state = State.AFTER;
            return at + 2;
        }
        boolean mayBecome =
                end == all.length || end + 1 == all.length && (all[end] == '\r' || end == at && all[end] == '-');
        if (!mayBecome) {
            throw Disposition.malformed();
        }
        return -1;
    }

    /** {@return {@code to}} */
    private int content(byte[] all, int from, int to) {
        int skipped = Math.min(lead, to - from);
        lead -= skipped;
        if (state == State.CONTENT && to - from > skipped) {
            parts.content(all, from + skipped, to - from - skipped);
        }
        return to;
    }

    private static boolean startsWith(byte[] all, int at, byte[] wanted) {
        return at + wanted.length <= all.length && Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static int indexOf(byte[] all, int from, byte[] wanted) {
        for (int i = from; i + wanted.length <= all.length; i++) {
            if (all[i] == wanted[0] && startsWith(all, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** {@return where the delimiter may begin of which only the first bytes have come; at the end where it does not} */
    private int mayBegin(byte[] all, int at) {
        int i = Math.max(at, all.length - delimiter.length + 1);
        while (i < all.length && !Arrays.equals(all, i, all.length, delimiter, 0, all.length - i)) {
            i++;
        }
        return i;
    }
}
