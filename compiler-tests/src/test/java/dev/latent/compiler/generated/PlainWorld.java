package dev.latent.compiler.generated;

/**
 * Where the plain version of a program runs, and the model of a drop: it arrives at the n-th suspension. Outside of any cleanup
 * it throws {@link Dropped} there; in one it waits for the end of the outermost. From then on a catch passes on whatever it gets
 * if its try was entered before.
 */
public abstract class PlainWorld extends World {
    /** The model's drop. */
    static final class Dropped extends Error {
        private static final long serialVersionUID = 1L;
    }

    private int dropAt;
    private int cleanups;
    private boolean arrived;
    private boolean unwinding;

    /** {@return the program} */
    public abstract PlainAsync.Future<Object> main();

    final String run(int at) {
        dropAt = at;
        String outcome;
        try {
            outcome = "value " + show(main().run());
        } catch (Throwable t) {
            outcome = describe(t);
        }
        return unwinding ? "dropped" : outcome;
    }

    protected final boolean unwinding() {
        return unwinding;
    }

    protected final void passing(boolean before, Throwable caught) {
        if (unwinding && !before) {
            throw PlainWorld.<RuntimeException>sneaky(caught);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable t) throws E {
        throw (E) t;
    }

    protected final void enter() {
        cleanups++;
    }

    protected final void exit(boolean normally) {
        cleanups--;
        if (cleanups == 0 && arrived && !unwinding) {
            unwinding = true;
            if (normally) {
                throw new Dropped();
            }
        }
    }

    private void suspend(int pendings) {
        for (int k = 0; k < pendings; k++) {
            if (++suspensions == dropAt) {
                arrived = true;
                if (cleanups == 0) {
                    unwinding = true;
                    log("drop leaf");
                    throw new Dropped();
                }
            }
        }
    }

    protected final <T> PlainAsync.Future<T> leaf(T value, int pendings) {
        return fail(null, value, pendings);
    }

    protected final <T> PlainAsync.Future<T> fail(Exception failure, T value, int pendings) {
        return () -> {
            suspend(pendings);
            if (failure != null) {
                throw failure;
            }
            return value;
        };
    }

    protected final PlainAsync.Future<Object> watch(int token, int pendings) {
        return leaf("watched", pendings);
    }

    protected final <T> PlainAsync.Future<T> wrap(PlainAsync.Future<T> f) {
        return f;
    }

    /** A resource whose closing waits. */
    public static final class ARes implements AutoCloseable {
        private final PlainWorld world;
        private final String name;
        private final int pendings;
        private final Exception failure;

        /** Opens. */
        public ARes(PlainWorld world, String name, int pendings, Exception failure) {
            this.world = world;
            this.name = name;
            this.pendings = pendings;
            this.failure = failure;
            world.log("open " + name);
        }

        @Override
        public void close() throws Exception {
            boolean ok = false;
            world.enter();
            try {
                world.log("closing " + name);
                world.fail(failure, null, pendings).run();
                world.log("closed " + name);
                ok = true;
            } finally {
                world.exit(ok);
            }
        }
    }

    protected final ARes ares(String name, int pendings, Exception failure) {
        return new ARes(this, name, pendings, failure);
    }
}
