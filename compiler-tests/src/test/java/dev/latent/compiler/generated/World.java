package dev.latent.compiler.generated;

import dev.latent.Outcome;
import dev.latent.compiler.generated.Shapes.Cell;
import dev.latent.compiler.generated.Shapes.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** What generated programs share: a trace, and coins that fall alike in each run. */
public abstract class World {
    /** More entries, or steps, are too much to compare. */
    private static final int LIMIT = 2_000;

    final List<String> trace = new ArrayList<>();
    private final Cell cell = new Cell();
    private final int[] array = new int[3];
    private int coins;
    private int steps;
    private int tokens;
    boolean tooLong;

    protected String shown = "shown";

    /** Suspensions so far. */
    int suspensions;

    protected final void log(String what) {
        trace.add(what);
        step();
    }

    protected final void step() {
        if (++steps > LIMIT) {
            tooLong = true;
            throw new TooLong();
        }
    }

    /** Ends a run that has become too long; programs whose plain version does are left out. */
    static final class TooLong extends Error {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("too long", null, true, false);
        }
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

    protected static String outcome(Object o) {
        return o instanceof Outcome.Failed<?>(var failure) ? "failed " + describe(failure) : show(o);
    }

    /** {@return what was passed}, having held a monitor. */
    protected final synchronized int locked(int n) {
        step();
        return n;
    }

    protected static int sum(int... numbers) {
        int sum = 0;
        for (int n : numbers) {
            sum += n;
        }
        return sum;
    }

    protected static int apply(ToIntFunction<String> function, String argument) {
        return function.applyAsInt(argument);
    }

    protected static <T extends CharSequence & Comparable<? super T>> String both(T a, T b) {
        return a.length() + "" + a.compareTo(b) + a.charAt(0) + b;
    }

    protected String greet(String who, long times) {
        return "hello " + who + times;
    }

    protected final Cell cell() {
        return cell;
    }

    protected final Cell noCell() {
        return null;
    }

    protected final int[] array() {
        return coins % 7 == 0 ? null : array;
    }

    protected final Object token() {
        return new Token(++tokens);
    }

    protected static int number(Object token) {
        return ((Token) token).number;
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
            shut();
            if (failure != null) {
                throw failure;
            }
        }

        /** Closes, and does not fail. */
        final void shut() {
            log("close " + name);
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
