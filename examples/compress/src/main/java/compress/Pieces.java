package compress;

import dev.latent.cli.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file, cut into pieces of one size; an empty one is one empty piece. */
final class Pieces implements Source {
    private final Input input;
    private final int size;
    private final int most;
    private boolean begun;
    private boolean ended;

    /**
     * Cuts {@code input}.
     *
     * @param size bytes of a piece
     * @param most bytes that may come of it
     */
    Pieces(Input input, int size, int most) {
        this.input = input;
        this.size = size;
        this.most = most;
    }

    @Override
    public @Nullable Block next(Blocks blocks) throws Failure {
        if (ended) {
            return null;
        }
        Block block = blocks.take();
        ByteBuffer in = block.empty(size, most).limit(size);
        input.take(in);
        ended = in.hasRemaining();
        if (in.position() == 0 && begun) {
            blocks.give(block);
            return null;
        }
        begun = true;
        return block;
    }
}
