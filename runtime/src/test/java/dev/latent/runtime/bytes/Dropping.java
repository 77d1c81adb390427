package dev.latent.runtime.bytes;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.LocalExecutor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Polls futures by hand; drops one that has been pending as often as it is told, and asks for another. */
final class Dropping implements AutoCloseable {
    private final LocalExecutor executor = new LocalExecutor();
    private final Context cx = new Context(executor);
    int drops;

    /**
     * {@return what the future becomes that {@code ask} makes, which is dropped and asked for anew}
     *
     * @param patience how often it may be pending before it is dropped
     */
    <T> T run(Supplier<? extends Future<T>> ask, IntSupplier patience) throws Exception {
        for (int round = 0; round < 100_000; round++) {
            Future<T> future = ask.get();
            int pending = patience.getAsInt();
            do {
                cx.begin(Waker.noop());
                if (future.poll(cx) instanceof Poll.Ready<T>(var value)) {
                    return value;
                }
            } while (--pending > 0);
            drops++;
            future.drop();
        }
        throw new AssertionError("it never ends");
    }

    /** {@return what {@code future} becomes, or null when it is still pending after {@code polls}} It is left as it is. */
    <T> Poll<T> poll(Future<T> future, int polls) throws Exception {
        Poll<T> poll = Poll.pending();
        for (int i = 0; i < polls && !poll.isReady(); i++) {
            cx.begin(Waker.noop());
            poll = future.poll(cx);
        }
        return poll;
    }

    @Override
    public void close() {
        executor.close();
    }
}
