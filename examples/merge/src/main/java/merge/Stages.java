package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Futures;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What clients of other worlds begin, as futures. */
final class Stages {
    private Stages() {}

    /** {@return a future of what {@code begin} begins at the first poll} */
    static <T> Future<T> of(Supplier<io.vertx.core.Future<T>> begin) {
        return Futures.fromCompletionStage(() -> begin.get().toCompletionStage());
    }

    /** {@return the same, of something that is closed where nobody is left to take it} */
    static <C> Future<C> opening(Supplier<? extends CompletionStage<C>> begin, Consumer<C> close) {
        return async(() -> {
            CompletionStage<C> begun = begin.get();
            boolean isTaken = false;
            try {
                C opened = await(Futures.observe(begun));
                isTaken = true;
                return opened;
            } finally {
                if (!isTaken) {
                    begun.thenAccept(close);
                }
            }
        });
    }
}
