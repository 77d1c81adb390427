package compress;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** All the blocks of a run, never more than {@code most}: the bound of its memory. */
final class Blocks implements AutoCloseable {
    private final int most;
    private final Supplier<Block> maker;
    private final List<Block> made = new ArrayList<>();
    private final Deque<Block> free = new ArrayDeque<>();

    Blocks(int most, Supplier<Block> maker) {
        this.most = most;
        this.maker = maker;
    }

    int most() {
        return most;
    }

    /** {@return how many there have been at the same time} */
    synchronized int made() {
        return made.size();
    }

    /**
     * {@return one to be filled}
     *
     * @throws IllegalStateException when all are under way
     */
    synchronized Block take() {
        Block block = free.poll();
        if (block == null) {
            if (made.size() == most) {
                throw new IllegalStateException("all " + most + " blocks are under way");
            }
            block = maker.get();
            made.add(block);
        }
        return block;
    }

    synchronized void give(Block block) {
        free.push(block);
    }

    @Override
    public synchronized void close() {
        made.forEach(Block::close);
    }
}
