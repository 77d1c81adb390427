package compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * Makes a gzip member of a piece. Members one after the other are a gzip file (RFC 1952, 2.2), and each says in its header how long it is, so they can be decompressed on several
 * threads too.
 */
final class GzipCompressor implements Coder {
    /** Bytes of a piece: what is compressed by itself finds nothing in what stands before it, and the larger it is, the less that matters. */
    static final int PIECE = 1 << 20;

    /** Bytes that may come of a piece that can't be compressed: more than any zlib needs. */
    static final int MOST = PIECE + PIECE / 8 + 256;

    private static final int FASTEST = 4;
    private static final int BEST = 2;

    private final Deflate deflate;
    private final CRC32 sum = new CRC32();
    private final byte extraFlags;

    GzipCompressor(int level) {
        deflate = Deflate.best(level);
        extraFlags = (byte) (level == 1 ? FASTEST : level == 9 ? BEST : 0);
    }

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        int size = in.remaining();
        out.order(ByteOrder.LITTLE_ENDIAN);
        int start = out.position();
        out.putShort((short) Gzip.MAGIC).put((byte) Gzip.DEFLATED).put((byte) Gzip.FLAG_EXTRA);
        out.putInt(0).put(extraFlags).put((byte) Gzip.UNKNOWN_SYSTEM); // no time: the same input gives the same output
        out.putShort((short) (Gzip.FIELD + Integer.BYTES))
                .putShort((short) Gzip.FIELD_IG)
                .putShort((short) Integer.BYTES);
        int sizeAt = out.position();
        out.putInt(0);
        sum.reset();
        sum.update(in.duplicate());
        deflate.all(in, out);
        out.putInt((int) sum.getValue()).putInt(size);
        out.putInt(sizeAt, out.position() - start);
    }

    @Override
    public void close() {
        deflate.close();
    }
}
