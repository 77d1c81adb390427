package dev.latent.stream;

/**
 * The functions of operators that do not await: as those of {@code java.util.function}, but they may throw anything. Lambdas and method references fit;
 * of a JDK's function {@code f} it is {@code f::apply}.
 */
public final class Plain {
    private Plain() {}

    /** A function of one argument. */
    @FunctionalInterface
    public interface Function<A, R> {
        /** {@return its value} */
        R apply(A a) throws Exception;
    }

    /** A function of two arguments. */
    @FunctionalInterface
    public interface BiFunction<A, B, R> {
        /** {@return its value} */
        R apply(A a, B b) throws Exception;
    }

    /** A question. */
    @FunctionalInterface
    public interface Predicate<A> {
        /** {@return yes or no} */
        boolean test(A a) throws Exception;
    }

    /** A look at a value. */
    @FunctionalInterface
    public interface Consumer<A> {
        /** Looks. */
        void accept(A a) throws Exception;
    }
}
