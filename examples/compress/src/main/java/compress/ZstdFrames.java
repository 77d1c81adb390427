package compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.latent.cli.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The frames of a zstd file: those that are small and say how much comes of them as blocks to be decompressed on any thread, all others decompressed here. */
final class ZstdFrames implements Source {
    private static final int MAGIC = 0xfd2f_b528;
    private static final int SKIPPABLE = 0x184d_2a50;
    private static final int SKIPPABLE_MASK = 0xffff_fff0;
    private static final int SKIPPABLE_HEADER = 8;

    /** The longest header of a frame. */
    private static final int HEADER = 18;

    /** A frame of which more comes is not taken into memory as a whole. */
    private static final int MOST = ZstdCompressor.PIECE;

    /** Bytes of what is decompressed here, at a time. */
    private static final int STEP = 1 << 20;

    private static final long UNSIGNED = 0xffff_ffffL;

    private final Input input;
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private boolean begun;
    private boolean inside;
    private boolean alone;
    private @Nullable String remark;

    ZstdFrames(Input input) {
        this.input = input;
    }

    static boolean isMagic(ByteBuffer bytes) {
        if (bytes.remaining() < Integer.BYTES) {
            return false;
        }
        int magic = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt();
        return magic == MAGIC || isSkippable(magic);
    }

    private static boolean isSkippable(int magic) {
        return (magic & SKIPPABLE_MASK) == SKIPPABLE;
    }

    @Override
    public boolean isParallel() {
        return !alone;
    }

    @Override
    public @Nullable String remark() {
        return remark;
    }

    @Override
    public @Nullable Block next(Blocks blocks) throws Failure, BadInput {
        while (!inside) {
            ByteBuffer ahead = input.look(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            if (!isMagic(ahead)) {
                if (!begun) {
                    throw new BadInput("it is not in zstd's format");
                }
                remark = ahead.hasRemaining() ? "behind its end stands what is not zstd's, which was left out" : null;
                return null;
            }
            begun = true;
            if (isSkippable(ahead.getInt(0))) {
                skip(ahead);
                continue;
            }
            Block block = frame(blocks, ahead);
            if (block != null) {
                return block;
            }
            zstd.reset();
            inside = true;
            alone = true;
        }
        Block block = blocks.take();
        decompress(block.emptyCoded(STEP));
        return block;
    }

    private void skip(ByteBuffer header) throws Failure, BadInput {
        if (header.remaining() < SKIPPABLE_HEADER) {
            throw BadInput.truncated();
        }
        long left = (header.getInt(Integer.BYTES) & UNSIGNED) + SKIPPABLE_HEADER;
        while (left > 0) {
            int n = (int) Math.min(left, input.look(1).remaining());
            if (n == 0) {
                throw BadInput.truncated();
            }
            input.skip(n);
            left -= n;
        }
    }

    /** {@return the next frame as a whole, null if it is too large or does not say how large it is} */
    private @Nullable Block frame(Blocks blocks, ByteBuffer header) throws Failure {
        long content = Zstd.getDirectByteBufferFrameContentSize(header, 0, header.remaining());
        if (content <= 0 || content > MOST) {
            return null;
        }
        ByteBuffer all = input.look(ZstdCompressor.MOST);
        long size = Zstd.findDirectByteBufferFrameCompressedSize(all, 0, all.remaining());
        if (Zstd.isError(size) || size > all.remaining()) {
            return null;
        }
        Block block = blocks.take();
        block.empty((int) size, (int) content).put(all.slice(0, (int) size));
        input.skip((int) size);
        return block;
    }

    private void decompress(ByteBuffer out) throws Failure, BadInput {
        try {
            while (inside && out.hasRemaining()) {
                ByteBuffer in = input.look(1);
                int had = in.remaining();
                int before = out.position();
                inside = !zstd.decompressDirectByteBufferStream(out, in);
                input.skip(had - in.remaining());
                if (inside && had == 0 && out.position() == before) {
                    throw BadInput.truncated();
                }
            }
        } catch (ZstdException e) {
            throw said(e);
        }
    }

    static BadInput said(ZstdException e) {
        return e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
                ? new BadInput("it asks for more than 128 MiB of memory: zstd -d --long=31 decompresses it")
                : BadInput.corrupt();
    }

    @Override
    public void close() {
        zstd.close();
    }
}
