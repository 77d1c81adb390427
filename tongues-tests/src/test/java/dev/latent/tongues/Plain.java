package dev.latent.tongues;

import dev.latent.AsyncCallable;
import dev.latent.AsyncFunction;
import dev.latent.AsyncRunnable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import java.util.concurrent.Callable;

/** Stands for {@code Async} where the classes of a compiler run as they are: a future is a body to call, and an await calls it. */
public final class Plain {
    private Plain() {}

    /** {@return the body} */
    public static <T> Future<T> async(AsyncCallable<? extends T> body) {
        return new Call<>(body::call);
    }

    /** {@return the body} */
    public static Future<Void> async(AsyncRunnable body) {
        return new Call<>(() -> {
            body.run();
            return null;
        });
    }

    /** {@return the body, with its argument} */
    public static <A, R> Future<R> async(AsyncFunction<? super A, ? extends R> body, A argument) {
        return new Call<>(() -> body.apply(argument));
    }

    /** {@return what the body returns} */
    public static <T> T await(Future<? extends T> future) throws Exception {
        return switch (future) {
            case Call<? extends T> call -> call.body.call();
            case World.Wait<? extends T> wait -> wait.get();
            default -> throw new AssertionError(future);
        };
    }

    private record Call<T>(Callable<? extends T> body) implements Future<T> {
        @Override
        public Poll<T> poll(Context cx) {
            throw new AssertionError("nothing polls plain code");
        }

        @Override
        public void drop() {
            throw new AssertionError("nothing drops plain code");
        }
    }
}
