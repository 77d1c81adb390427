package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/** Operators that take values before anybody asks for what they make of them. The source's end, and its failure, stand behind that. */
abstract class Ahead<A, T> extends Linear<A, T> {
    private boolean over;
    private @Nullable Throwable failure;

    /** Who is told of what nobody else is. */
    @Nullable
    Spawner home;

    Ahead(String name, AsyncStream<A> source) {
        super(name, source);
    }

    /** {@return whether there is place for one more} */
    abstract boolean wants();

    /** Takes one, or throws and has none. */
    abstract void accept(@Nullable Object value, Context cx) throws Exception;

    /** It has not taken {@code value}. */
    void letGo(@Nullable Object value) {
        Stage.discard(value);
    }

    /** Lets go of all that was taken and not told. */
    abstract void letGo();

    /** Takes what there is. */
    final void fill(Context cx) {
        home = cx.spawner();
        try {
            while (!over && wants()) {
                Object value = source.advance(cx);
                if (value == PENDING) {
                    return;
                }
                if (value == END) {
                    over = true;
                    return;
                }
                try {
                    accept(value, cx);
                } catch (Throwable refused) {
                    letGo(value);
                    throw refused;
                }
            }
        } catch (Throwable t) {
            over = true;
            failure = t;
        }
        if (!over) {
            source.work(cx);
        }
    }

    /** {@return whether nothing more is taken} */
    final boolean isOver() {
        return over;
    }

    /** Nothing more is taken, without a failure so far. */
    final void finish() {
        over = true;
    }

    /** {@return {@link #END}, or throws}: all is told. */
    final Object end() {
        if (failure != null) {
            Throwable told = failure;
            failure = null;
            throw Sneaky.rethrow(told);
        }
        return END;
    }

    @Override
    void work(Context cx) {
        fill(cx);
    }

    @Override
    boolean dispose(Context cx) {
        abandon();
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        abandon();
        source.disposeNow();
    }

    private void abandon() {
        over = true;
        letGo();
        if (failure != null) {
            Throwable untold = failure;
            failure = null;
            Owners.report(home, source, ", dropped", untold);
        }
    }
}
