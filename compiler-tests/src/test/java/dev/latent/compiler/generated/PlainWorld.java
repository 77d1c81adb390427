package dev.latent.compiler.generated;

import dev.latent.Outcome;

/**
 * Where the plain version of a program runs, and the model of a drop: it arrives at the n-th suspension. Outside of any cleanup
 * it throws {@link Dropped} there; in one it waits for the end of the outermost. From then on a catch passes on whatever it gets
 * if its try was entered before. What runs at the same time, {@link Strand}s, is in {@link PlainTogether}.
 */
public abstract class PlainWorld extends World {
    /** More rounds do not end. */
    private static final int ROUNDS = 10_000;

    /** The model's drop. */
    static final class Dropped extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final PlainTogether together = new PlainTogether(this);
    private int dropAt;

    /** How often the program as a whole was suspended. */
    int rounds;

    /** The program itself: who drives it, goes on at once, or drops it. */
    final Strand root = new Strand(this, null) {
        @Override
        void pause() {
            if (++rounds > ROUNDS) {
                tooLong = true;
                throw new TooLong();
            }
            arrived |= dropAt > 0 && suspensions >= dropAt;
        }
    };

    /** The one that is running. */
    Strand strand = root;

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
        return root.unwinding ? "dropped" : outcome;
    }

    protected final boolean unwinding() {
        return strand.unwinding;
    }

    protected final void passing(boolean before, Throwable caught) {
        if (unwinding() && !before) {
            throw PlainWorld.<RuntimeException>sneaky(caught);
        }
    }

    @SuppressWarnings("unchecked")
    static <E extends Throwable> E sneaky(Throwable t) throws E {
        throw (E) t;
    }

    protected final void enter() {
        strand.cleanups++;
    }

    protected final void exit(boolean normally) {
        strand.cleanups--;
        if (strand.cleanups == 0 && strand.arrived && !strand.unwinding) {
            strand.unwinding = true;
            if (normally) {
                throw new Dropped();
            }
        }
    }

    protected final <T> PlainAsync.Future<T> leaf(T value, int pendings) {
        return fail(null, value, pendings);
    }

    protected final <T> PlainAsync.Future<T> fail(Exception failure, T value, int pendings) {
        return new PlainAsync.Future<>() {
            @Override
            public T run() throws Exception {
                for (int k = 0; k < pendings; k++) {
                    suspensions++;
                    if (strand.suspend()) {
                        drop();
                        throw new Dropped();
                    }
                }
                if (failure != null) {
                    throw failure;
                }
                return value;
            }

            @Override
            public void drop() {
                log("drop leaf");
            }
        };
    }

    protected final PlainAsync.Future<Object> watch(int token, int pendings) {
        return leaf("watched", pendings);
    }

    protected final <T> PlainAsync.Future<T> wrap(PlainAsync.Future<T> f) {
        return f;
    }

    /** {@return {@code f}, whose body owns resources that close at once}: its drop before the first poll closes them. */
    protected final <T> PlainAsync.Future<T> owns(PlainAsync.Future<T> f, Res first, Res second) {
        return new PlainAsync.Future<>() {
            @Override
            public T run() throws Exception {
                return f.run();
            }

            @Override
            public void drop() {
                second.shut();
                first.shut();
            }
        };
    }

    protected final PlainAsync.Future<Void> yieldNow() {
        return () -> {
            if (strand.suspend()) {
                throw new Dropped();
            }
            return null;
        };
    }

    protected final <T> PlainAsync.Future<Outcome<T>> settle(PlainAsync.Future<T> f) {
        return new PlainAsync.Future<>() {
            @Override
            public Outcome<T> run() {
                boolean before = unwinding();
                try {
                    return new Outcome.Ok<>(f.run());
                } catch (Throwable t) {
                    passing(before, t);
                    return new Outcome.Failed<>(t);
                }
            }

            @Override
            public void drop() {
                f.drop();
            }
        };
    }

    protected final PlainTogether together() {
        return together;
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
