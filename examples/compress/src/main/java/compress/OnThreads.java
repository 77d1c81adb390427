package compress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The way that fits: a pool of as many threads as there are processors, and the calling thread, which reads, hands over, and writes in order.
 *
 * <p>Nothing here waits for anything but processors, so there is nothing for async to do. And since one thread both reads and writes there is little that can go wrong: order is
 * that of a queue, memory is bounded by its length, a writer that fails leaves no reader waiting, and the failure of a block comes at its place.
 */
final class OnThreads implements Way {
    @Override
    public void run(Source source, Sink sink, Blocks blocks, int threads) throws Exception {
        Deque<Future<Block>> underWay = new ArrayDeque<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            try {
                for (Block block = source.next(blocks); block != null; block = source.next(blocks)) {
                    underWay.add(pool.submit(block::coded));
                    if (underWay.size() == blocks.most()) {
                        sink.write(result(underWay.remove()));
                    }
                }
                while (!underWay.isEmpty()) {
                    sink.write(result(underWay.remove()));
                }
            } finally {
                underWay.forEach(
                        block -> block.cancel(false)); // after a failure; the pool's end waits for those that run
            }
        }
    }

    private static Block result(Future<Block> coded) throws Exception {
        try {
            return coded.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error cause) { // that there is no memory is told apart
                throw cause;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
