package dev.latent.web.internal;

import io.netty.buffer.ByteBuf;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a request's body ends: by its length, or in chunks (RFC 9112, 6.3 and 7.1). Nothing is forgiven in a line between two chunks, or of a trailer: whoever stands before the server
 * may have read it another way. Extensions of chunks, and trailers, are read and not heeded.
 *
 * <pre>
 *   LENGTH --1--&gt; END         1 all bytes have come
 *   SIZE --2--&gt; DATA --3--&gt; DATA_END --4--&gt; SIZE     2 a line with a size    3 so many bytes    4 an empty line
 *     `---5--&gt; TRAILER --6--&gt; END                    5 a size of none        6 an empty line
 * </pre>
 */
public final class BodyDecoder {
    private static final int MAX_PIECE = 64 * 1024;

    /** Bytes of the line before a chunk, extensions included. */
    private static final int MAX_LINE = 1024;

    private static final int LINE_END = 2;

    /** Digits of a chunk's size that are more than zeros. */
    private static final int MAX_DIGITS = 15;

    private enum State {
        LENGTH,
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        END
    }

    private final int maxTrailers;
    private final boolean chunked;
    private State state;

    /** Of the body, or of the chunk. */
    private long left;

    private int trailers;

    /** A body of {@code length} bytes, in chunks where that is negative. */
    public BodyDecoder(long length, int maxTrailers) {
        this.maxTrailers = maxTrailers;
        this.chunked = length < 0;
        this.left = Math.max(0, length);
        this.state = chunked ? State.SIZE : length == 0 ? State.END : State.LENGTH;
    }

    /** {@return whether nothing of it is left} */
    public boolean isEnded() {
        return state == State.END;
    }

    /**
     * {@return the next piece, of as many chunks as are there, null when more is needed for one, or at the end} What it needs is taken out of {@code in}.
     *
     * @throws ProtocolException when it is no body
     */
    public @Nullable ByteBuffer next(HeadBuffer in) throws ProtocolException {
        ByteBuf bytes = in.view();
        try {
            return next(bytes);
        } finally {
            in.skip(bytes.readerIndex());
        }
    }

    private @Nullable ByteBuffer next(ByteBuf in) throws ProtocolException {
        byte[] piece = null;
        int size = 0;
        while (state != State.END) {
            if (state == State.LENGTH || state == State.DATA) {
                int n = (int) Math.min(left, Math.min(in.readableBytes(), MAX_PIECE - size));
                if (n == 0) {
                    break;
                }
                if (piece == null) {
                    piece = new byte[chunked ? Math.min(in.readableBytes(), MAX_PIECE) : n];
                }
                in.readBytes(piece, size, n);
                size += n;
                left -= n;
                if (left == 0) {
                    state = chunked ? State.DATA_END : State.END;
                }
            } else {
                String line = line(in);
                if (line == null) {
                    break;
                }
                between(line);
            }
        }
        return piece == null ? null : ByteBuffer.wrap(piece, 0, size);
    }

    private void between(String line) throws ProtocolException {
        switch (state) {
            case SIZE -> {
                left = size(line);
                state = left == 0 ? State.TRAILER : State.DATA;
            }
            case DATA_END -> {
                if (!line.isEmpty()) {
                    throw bad("a chunk that is longer than it said");
                }
                state = State.SIZE;
            }
            default -> {
                trailers += line.length() + LINE_END;
                if (line.isEmpty()) {
                    state = State.END;
                } else if (trailers > maxTrailers || !isField(line)) {
                    throw bad("trailers that are none, or too many");
                }
            }
        }
    }

    private static long size(String line) throws ProtocolException {
        int end = 0;
        int digits = 0;
        long size = 0;
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0) {
            size = size << 4 | Character.digit(line.charAt(end++), 16);
            digits += size == 0 ? 0 : 1;
        }
        boolean isAll =
                end == line.length() || line.substring(end).stripLeading().startsWith(";");
        if (end == 0 || digits > MAX_DIGITS || !isAll) {
            throw bad("a chunk without a size");
        }
        return size;
    }

    private static boolean isField(String line) {
        int colon = line.indexOf(':');
        return colon > 0
                && line.chars().limit(colon).allMatch(c -> c > ' ' && c < 0x7f && "()<>@,;\\\"/[]?={}".indexOf(c) < 0);
    }

    /** {@return the next line, without its end; null while that has not come} */
    private @Nullable String line(ByteBuf in) throws ProtocolException {
        int from = in.readerIndex();
        int end = from + Math.min(in.readableBytes(), state == State.TRAILER ? maxTrailers : MAX_LINE);
        for (int i = from; i < end; i++) {
            byte b = in.getByte(i);
            if (b == '\r') {
                if (i + 1 == in.writerIndex()) {
                    return null;
                }
                if (in.getByte(i + 1) != '\n') {
                    throw bad("a carriage return within a line");
                }
                String line = in.toString(from, i - from, StandardCharsets.ISO_8859_1);
                in.readerIndex(i + 2);
                return line;
            }
            if (b >= 0 && b < ' ' && b != '\t' || b == 0x7f) {
                throw bad("a control within a line");
            }
        }
        if (end - from == (state == State.TRAILER ? maxTrailers : MAX_LINE)) {
            throw bad("a line that is too long");
        }
        return null;
    }

    private static ProtocolException bad(String what) {
        return new ProtocolException(what);
    }
}
