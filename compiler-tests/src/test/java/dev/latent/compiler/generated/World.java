package dev.latent.compiler.generated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What generated programs share: a trace, and coins that fall alike in each run. */
public abstract class World {
    /** More than this is too long to compare. */
    static final int LIMIT = 20_000;

    final List<String> trace = new ArrayList<>();
    private int coins;

    protected final void log(String what) {
        trace.add(what);
        if (trace.size() > LIMIT) {
            throw new TooLong();
        }
    }

    /** Ends a run that has become too long. */
    static final class TooLong extends Error {
        private static final long serialVersionUID = 1L;
    }

    protected final boolean coin() {
        coins++;
        return (coins * 0x9E3779B9 >>> 13 & 3) < 1;
    }

    protected final void mayThrow() throws Exception {}

    protected static String show(Object o) {
        return o instanceof int[] ints ? Arrays.toString(ints) : o instanceof Double d ? "d" + d : String.valueOf(o);
    }

    protected static String describe(Throwable t) {
        StringBuilder out = new StringBuilder(t.getClass().getName())
                .append(' ')
                .append(t instanceof NullPointerException ? "" : t.getMessage());
        for (Throwable s : t.getSuppressed()) {
            if (!s.getClass().getSimpleName().matches("Unwind|Dropped")) {
                out.append(" [").append(describe(s)).append(']');
            }
        }
        return out.toString();
    }

    protected static int sum(int... numbers) {
        return Arrays.stream(numbers).sum();
    }

    /** Has wide arguments. */
    public record Sum(int a, double b, long c) {
        /** {@return the sum} */
        public int sum() {
            return (int) (a + b + c);
        }
    }

    /** A resource that closes at once. */
    public final class Res implements AutoCloseable {
        private final String name;
        private final Exception failure;

        Res(String name, Exception failure) {
            this.name = name;
            this.failure = failure;
            log("open " + name);
        }

        @Override
        public void close() throws Exception {
            log("close " + name);
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    protected final Res res(String name, Exception failure) {
        return new Res(name, failure);
    }
}
