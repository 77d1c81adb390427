package compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** Decompresses a frame that says how much comes of it. */
final class ZstdDecompressor implements Coder {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();

    @Override
    public void code(ByteBuffer in, ByteBuffer out) throws BadInput {
        try {
            int n = zstd.decompressDirectByteBuffer(
                    out, out.position(), out.remaining(), in, in.position(), in.remaining());
            in.position(in.limit());
            out.position(out.position() + n);
        } catch (ZstdException e) {
            throw ZstdFrames.said(e);
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
