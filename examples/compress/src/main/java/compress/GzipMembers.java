package compress;

import dev.latent.cli.Failure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The members of a gzip file: those that say how long they are as blocks to be decompressed on any thread, all others decompressed here. */
final class GzipMembers implements Source {
    /** A member of more compressed bytes, or of more decompressed ones, is not taken into memory as a whole. */
    private static final int MOST = 2 << 20;

    /** Bytes of what is decompressed here, at a time. */
    private static final int STEP = 1 << 20;

    private static final long UNSIGNED = 0xffff_ffffL;

    private final Input input;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private boolean begun;
    private boolean inside;
    private boolean alone;
    private @Nullable String remark;

    GzipMembers(Input input) {
        this.input = input;
    }

    static boolean isMagic(ByteBuffer bytes) {
        return bytes.remaining() > 1
                && (short) Gzip.MAGIC
                        == bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getShort();
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
        if (!inside) {
            ByteBuffer magic = input.look(2);
            if (!isMagic(magic)) {
                if (!begun) {
                    throw magic.hasRemaining() ? new BadInput("it is not in gzip's format") : BadInput.truncated();
                }
                skipRest();
                return null;
            }
            begun = true;
            int header = header();
            int size = size(header);
            if (size > 0) {
                return member(blocks, header, size);
            }
            input.skip(header);
            inflater.reset();
            sum.reset();
            inside = true;
            alone = true;
        }
        Block block = blocks.take();
        inflate(block.emptyCoded(STEP));
        return block;
    }

    /** {@return the size of the member, 0 where it is not said or is too much} */
    private int size(int header) throws Failure, BadInput {
        ByteBuffer bytes = input.look(header).order(ByteOrder.LITTLE_ENDIAN);
        long size = GzipHeader.memberSize(bytes);
        if (size < header + Gzip.TRAILER || size > MOST) {
            return 0;
        }
        ByteBuffer all = input.look((int) size).order(ByteOrder.LITTLE_ENDIAN);
        if (all.remaining() < size) {
            return 0;
        }
        return (all.getInt((int) size - Integer.BYTES) & UNSIGNED) <= MOST ? (int) size : 0;
    }

    private Block member(Blocks blocks, int header, int size) throws Failure, BadInput {
        ByteBuffer all = input.look(size).order(ByteOrder.LITTLE_ENDIAN);
        Block block = blocks.take();
        block.empty(size - header, all.getInt(size - Integer.BYTES) + 1).put(all.slice(header, size - header));
        input.skip(size);
        return block;
    }

    private void inflate(ByteBuffer out) throws Failure, BadInput {
        int start = out.position();
        try {
            while (!inflater.finished() && out.hasRemaining()) {
                ByteBuffer in = input.look(1);
                if (!in.hasRemaining()) {
                    throw BadInput.truncated();
                }
                int before = in.position();
                inflater.setInput(in);
                inflater.inflate(out);
                input.skip(in.position() - before);
                if (inflater.needsDictionary()) {
                    throw BadInput.corrupt();
                }
            }
        } catch (DataFormatException e) {
            throw BadInput.corrupt();
        }
        sum.update(out.duplicate().limit(out.position()).position(start));
        if (inflater.finished()) {
            inside = false;
            ByteBuffer trailer = input.look(Gzip.TRAILER).order(ByteOrder.LITTLE_ENDIAN);
            if (trailer.remaining() < Gzip.TRAILER) {
                throw BadInput.truncated();
            }
            // The size is told modulo 4 GiB.
            if (trailer.getInt() != (int) sum.getValue() || trailer.getInt() != (int) inflater.getBytesWritten()) {
                throw BadInput.corrupt();
            }
            input.skip(Gzip.TRAILER);
        }
    }

    /** {@return how long the header is that comes next} */
    private int header() throws Failure, BadInput {
        return GzipHeader.header(least -> {
            ByteBuffer bytes = input.look(least);
            if (bytes.remaining() < least) {
                throw BadInput.truncated();
            }
            return bytes.order(ByteOrder.LITTLE_ENDIAN);
        });
    }

    /** What stands behind the last member: nothing, zeros as on a tape, or garbage. */
    private void skipRest() throws Failure, BadInput {
        for (ByteBuffer rest = input.look(1); rest.hasRemaining(); rest = input.look(1)) {
            int n = rest.remaining();
            while (rest.hasRemaining()) {
                if (rest.get() != 0) {
                    remark = "behind its end stands what is not gzip's, which was left out";
                    return;
                }
            }
            input.skip(n);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
