package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.internal.Fifo;
import dev.latent.internal.Sneaky;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#gather}: an operator of {@code java.util.stream}, whose output waits here until it is asked for. */
final class Gathered<T, A, R> extends Linear<T, R> implements Gatherer.Downstream<R> {
    private final Gatherer<? super T, A, R> gatherer;
    private final Gatherer.Integrator<A, ? super T, R> integrator;
    private final Fifo<R> out = new Fifo<>();
    private @Nullable Object state = NONE;
    private boolean over;

    /** Of the gatherer; it stands behind what that has pushed. */
    private @Nullable Throwable failure;

    /** Who is told of what nobody else is. */
    private @Nullable Spawner home;

    @SuppressWarnings("unchecked")
    Gathered(AsyncStream<T> source, Gatherer<? super T, A, R> gatherer) {
        super("gather", source);
        this.gatherer = gatherer;
        this.integrator = (Gatherer.Integrator<A, ? super T, R>) gatherer.integrator();
    }

    @Override
    @Nullable
    Leaf<?> leaf() {
        return source.leaf();
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        if (state == NONE) {
            state = gatherer.initializer().get();
        }
        while (out.isEmpty()) {
            if (over) {
                return end();
            }
            Object value = source.advance(cx);
            if (value == PENDING) {
                return PENDING;
            }
            try {
                if (value == END || !integrator.integrate(cast(state), cast(value), this)) {
                    over = true;
                    gatherer.finisher().accept(cast(state), this);
                }
            } catch (Throwable t) {
                over = true;
                failure = t;
                home = cx.spawner();
            }
        }
        return out.take();
    }

    /** {@return {@link #END}, or throws}: all is told. */
    private Object end() {
        if (failure != null) {
            Throwable told = failure;
            failure = null;
            throw Sneaky.rethrow(told);
        }
        return END;
    }

    @Override
    public boolean push(R element) {
        out.add(element);
        return true;
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
        out.drainTo(dev.latent.stream.Stage::discard);
        if (failure != null) {
            Throwable untold = failure;
            failure = null;
            Owners.report(home, this, ", dropped", untold);
        }
    }
}
