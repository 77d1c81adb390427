package compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** Makes a zstd frame of a piece (RFC 8878): frames one after the other are a file, and each can be found, and decompressed, without the others. */
final class ZstdCompressor implements Coder {
    /** Bytes of a piece: as large as the window of the usual levels, so little is lost by compressing it by itself. */
    static final int PIECE = 4 << 20;

    /** Bytes that may come of a piece that can't be compressed. */
    static final int MOST = (int) Zstd.compressBound(PIECE);

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();

    ZstdCompressor(int level) {
        zstd.setLevel(level).setChecksum(true).setContentSize(true);
    }

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        int n = zstd.compressDirectByteBuffer(out, out.position(), out.remaining(), in, in.position(), in.remaining());
        in.position(in.limit());
        out.position(out.position() + n);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
