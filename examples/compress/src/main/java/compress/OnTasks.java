package compress;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;

import dev.latent.AsyncFunction;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.world.ComputePool;

/**
 * The same by async: a stream whose source and end block, so they go to the blocking pool, with several blocks at once in between, in order.
 *
 * <p>It is short, too, and bounded, and ends at the first failure. But what it awaits is threads that compute: it is {@link OnThreads} with a state machine around it.
 */
final class OnTasks {
    /** Blocks that are not in the middle: one that is being read or handed over, and one that is being written. */
    private static final int AT_THE_ENDS = 2;

    private OnTasks() {}

    /** Computing is handed to threads that are there for it: how an async program has to do it. */
    static void handedOver(Source source, Sink sink, Blocks blocks, int threads) throws Exception {
        try (var pool = WorkStealingExecutor.builder()
                .threads(1)
                .world(Latent.system().with(ComputePool.class, Latent.computePool(threads)))
                .build()) {
            pool.blockOn(stream(source, sink, blocks, block -> await(compute(block::coded))));
        }
    }

    /** Each block is a task that computes on the executor itself: what holds up every other task that it might have. */
    static void spawned(Source source, Sink sink, Blocks blocks, int threads) throws Exception {
        try (var pool = WorkStealingExecutor.create(threads)) {
            pool.blockOn(stream(source, sink, blocks, block -> await(spawn(coded(block)))));
        }
    }

    private static Future<Void> stream(Source source, Sink sink, Blocks blocks, AsyncFunction<Block, Block> code) {
        return AsyncStream.<Block>generate(out -> {
                    while (await(spawnBlocking(() -> source.next(blocks))) instanceof Block block) {
                        await(out.emit(block));
                    }
                })
                .mapConcurrent(Math.max(1, blocks.most() - AT_THE_ENDS), code)
                .forEach(block -> await(spawnBlocking(() -> {
                    sink.write(block);
                    return block;
                })));
    }

    @SuppressWarnings("latent:async-without-await") // the point of it
    private static Future<Block> coded(Block block) {
        return async(() -> block.coded());
    }
}
