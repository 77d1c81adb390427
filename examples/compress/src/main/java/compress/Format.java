package compress;

import dev.latent.cli.Failure;
import java.nio.ByteBuffer;

/** A format of compressed files. */
enum Format {
    GZIP("gzip", ".gz", 1, 9, 6) {
        @Override
        Coder compressor(int level) {
            return new GzipCompressor(level);
        }

        @Override
        Coder decompressor() {
            return new GzipDecompressor();
        }

        @Override
        Source pieces(Input input) {
            return new Pieces(input, GzipCompressor.PIECE, GzipCompressor.MOST);
        }

        @Override
        Source parts(Input input) {
            return new GzipMembers(input);
        }

        @Override
        boolean begins(ByteBuffer bytes) {
            return GzipMembers.isMagic(bytes);
        }
    },
    ZSTD("zstd", ".zst", 1, 22, 3) {
        @Override
        Coder compressor(int level) {
            return new ZstdCompressor(level);
        }

        @Override
        Coder decompressor() {
            return new ZstdDecompressor();
        }

        @Override
        Source pieces(Input input) {
            return new Pieces(input, ZstdCompressor.PIECE, ZstdCompressor.MOST);
        }

        @Override
        Source parts(Input input) {
            return new ZstdFrames(input);
        }

        @Override
        boolean begins(ByteBuffer bytes) {
            return ZstdFrames.isMagic(bytes);
        }
    };

    /** What tells formats apart. */
    private static final int MAGIC = 4;

    final String command;
    final String suffix;
    final int leastLevel;
    final int mostLevel;
    final int usualLevel;

    Format(String command, String suffix, int leastLevel, int mostLevel, int usualLevel) {
        this.command = command;
        this.suffix = suffix;
        this.leastLevel = leastLevel;
        this.mostLevel = mostLevel;
        this.usualLevel = usualLevel;
    }

    /** {@return what makes a compressed part, which stands by itself, of a piece} */
    abstract Coder compressor(int level);

    /** {@return what makes the piece again} */
    abstract Coder decompressor();

    /** {@return a file, cut into pieces that are compressed each by itself: at least one, which may be empty} */
    abstract Source pieces(Input input);

    /** {@return the parts of a compressed file} */
    abstract Source parts(Input input);

    abstract boolean begins(ByteBuffer bytes);

    /** {@return that of what is read next} */
    static Format of(Input input) throws Failure {
        ByteBuffer magic = input.look(MAGIC);
        if (!magic.hasRemaining()) {
            throw new Failure(input.name() + " is empty: not even an empty file compresses to that");
        }
        for (Format format : values()) {
            if (format.begins(magic)) {
                return format;
            }
        }
        throw new Failure(input.name() + " is neither gzip's nor zstd's: there is nothing here to decompress");
    }

    @Override
    public String toString() {
        return command;
    }
}
