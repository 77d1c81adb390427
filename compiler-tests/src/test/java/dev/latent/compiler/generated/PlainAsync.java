package dev.latent.compiler.generated;

/** The words of an async program for the plain version: await calls. */
public final class PlainAsync {
    private PlainAsync() {}

    /** Something to call. */
    public interface Future<T> {
        /** {@return the value} */
        T run() throws Exception;

        /** Never run. */
        default void drop() {}
    }

    /** Means nothing here. */
    public @interface AsyncClosure {}

    /** A body. */
    public interface AsyncCallable<T> {
        /** {@return its value} */
        T call() throws Exception;
    }

    /** A body without a value. */
    public interface AsyncRunnable {
        /** Runs. */
        void run() throws Exception;
    }

    /** A closure with a wide parameter. */
    public interface Handler {
        /** {@return something} */
        int handle(long a, String b) throws Exception;
    }

    /** A closure with parameters of every primitive type. */
    public interface Primitives {
        /** {@return something} */
        int handle(byte a, char b, boolean c, short d, float e, int f, long g, double h) throws Exception;
    }

    /** A generic closure. */
    public interface Op<A extends Comparable<A>, R> {
        /** {@return something} */
        R apply(A a) throws Exception;
    }

    /** {@return the body} */
    public static <T> Future<T> async(AsyncCallable<? extends T> body) {
        return body::call;
    }

    /** {@return the body} */
    public static Future<Void> async(AsyncRunnable body) {
        return () -> {
            body.run();
            return null;
        };
    }

    /** {@return what the body returns} */
    public static <T> T await(Future<? extends T> f) throws Exception {
        return f.run();
    }
}
