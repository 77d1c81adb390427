package dev.latent.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Codecs that many protocols are made of. None has state; how long a frame may be, who reads and who writes says. */
public final class Codecs {
    private Codecs() {}

    /**
     * {@return a codec of frames that stand behind their length}
     *
     * <p>Encoding throws {@link IllegalArgumentException} where a length does not go into its bytes.
     *
     * @param lengthBytes of the length, big-endian and unsigned, which does not count itself: 1 to 4
     * @throws IllegalArgumentException for any other number of bytes
     */
    public static Codec<byte[], byte[]> lengthPrefixed(int lengthBytes) {
        if (lengthBytes < 1 || lengthBytes > Integer.BYTES) {
            throw new IllegalArgumentException("a length of " + lengthBytes + " bytes, not of 1 to 4");
        }
        return new LengthPrefixed(lengthBytes);
    }

    private record LengthPrefixed(int lengthBytes) implements Codec<byte[], byte[]> {
        @Override
        public byte @Nullable [] decode(ByteBuffer in, boolean ended) {
            if (in.remaining() < lengthBytes) {
                return null;
            }
            long length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length << Byte.SIZE | in.get(in.position() + i) & 0xFF;
            }
            if (in.remaining() - lengthBytes < length) {
                return null;
            }
            byte[] frame = new byte[(int) length];
            in.position(in.position() + lengthBytes).get(frame);
            return frame;
        }

        @Override
        public void encode(byte[] frame, ByteSink out) {
            if (lengthBytes < Integer.BYTES && frame.length >>> lengthBytes * Byte.SIZE != 0) {
                throw new IllegalArgumentException(
                        "a frame of " + frame.length + " bytes behind a length of " + lengthBytes);
            }
            for (int i = lengthBytes - 1; i >= 0; i--) {
                out.put(frame.length >>> i * Byte.SIZE);
            }
            out.put(frame);
        }
    }

    /**
     * {@return a codec of lines, in UTF-8} They end in {@code \n} or {@code \r\n}, the last one perhaps in nothing, and are written with {@code \n}.
     *
     * <p>Encoding throws {@link IllegalArgumentException} for a text of several lines, which would be read as more than one, and for one that ends in {@code \r}, which would be
     * read without.
     */
    public static Codec<String, String> lines() {
        return new Lines();
    }

    private record Lines() implements Codec<String, String> {
        @Override
        public @Nullable String decode(ByteBuffer in, boolean ended) {
            byte[] line = part(in, ended, (byte) '\n');
            if (line == null) {
                return null;
            }
            boolean isPair = line.length > 0 && line[line.length - 1] == '\r' && in.get(in.position() - 1) == '\n';
            return new String(line, 0, line.length - (isPair ? 1 : 0), StandardCharsets.UTF_8);
        }

        @Override
        public void encode(String frame, ByteSink out) {
            if (frame.indexOf('\n') >= 0 || frame.endsWith("\r")) {
                throw new IllegalArgumentException("a line with a line's end in it");
            }
            out.put(frame).put('\n');
        }
    }

    /**
     * {@return a codec of frames that {@code delimiter} ends} It is not part of them; behind the last one it may be missing.
     *
     * <p>Encoding throws {@link IllegalArgumentException} for a frame that contains the delimiter, or has it together with the beginning of it that follows.
     *
     * @throws IllegalArgumentException when {@code delimiter} is empty
     */
    public static Codec<byte[], byte[]> delimited(byte... delimiter) {
        if (delimiter.length == 0) {
            throw new IllegalArgumentException("an empty delimiter");
        }
        return new Delimited(delimiter.clone());
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares codecs
    private record Delimited(byte[] delimiter) implements Codec<byte[], byte[]> {
        @Override
        public byte @Nullable [] decode(ByteBuffer in, boolean ended) {
            return part(in, ended, delimiter);
        }

        @Override
        public void encode(byte[] frame, ByteSink out) {
            int before = out.size();
            out.put(frame).put(delimiter);
            if (indexOf(out.waiting(), out.waiting().position() + before, delimiter)
                    != out.waiting().limit() - delimiter.length) {
                throw new IllegalArgumentException("a frame with the delimiter in it");
            }
        }
    }

    /** {@return what stands before {@code end}, which is taken too, or, if that is all that comes, what there is} */
    private static byte @Nullable [] part(ByteBuffer in, boolean ended, byte... end) {
        int at = indexOf(in, in.position(), end);
        if (at < 0 && !(ended && in.hasRemaining())) {
            return null;
        }
        byte[] part = new byte[(at < 0 ? in.limit() : at) - in.position()];
        in.get(part);
        if (at >= 0) {
            in.position(at + end.length);
        }
        return part;
    }

    private static int indexOf(ByteBuffer in, int from, byte[] wanted) {
        int last = in.limit() - wanted.length;
        for (int i = from; i <= last; i++) {
            int matched = 0;
            while (matched < wanted.length && in.get(i + matched) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
