package dev.latent.compiler.generated;

/** The words of an async program for the plain version: await calls. */
public final class PlainAsync {
    private PlainAsync() {}

    /** Something to call. */
    public interface Future<T> {
        /** {@return the value} */
        T run() throws Exception;
    }

    /** A closure with wide and boxed parameters. */
    public interface Handler {
        /** {@return something} */
        int handle(long a, String b) throws Exception;
    }

    /** {@return the body} */
    public static <T> Future<T> async(Future<T> body) {
        return body;
    }

    /** {@return what the body returns} */
    public static <T> T await(Future<? extends T> f) throws Exception {
        return f.run();
    }
}
