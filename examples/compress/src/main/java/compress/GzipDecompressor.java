package compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses a member whose header was read: what is left of it, trailer included, into a buffer that is as large as the trailer says. */
final class GzipDecompressor implements Coder {
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();

    @Override
    public void code(ByteBuffer in, ByteBuffer out) throws BadInput {
        ByteBuffer trailer = in.slice(in.limit() - Gzip.TRAILER, Gzip.TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        int size = trailer.getInt(Integer.BYTES);
        ByteBuffer all = in.limit(in.limit() - Gzip.TRAILER);
        inflater.reset();
        inflater.setInput(all);
        int start = out.position();
        try {
            // One byte more than it is to be, to see that there is none.
            out.limit(start + size + 1);
            while (!inflater.finished() && inflater.inflate(out) > 0) {}
        } catch (DataFormatException e) {
            throw BadInput.corrupt();
        }
        int end = out.position();
        sum.reset();
        sum.update(out.limit(end).position(start));
        if (!inflater.finished()
                || all.hasRemaining()
                || end - start != size
                || (int) sum.getValue() != trailer.getInt(0)) {
            throw BadInput.corrupt();
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
