package dev.latent.stream;

import dev.latent.Context;
import dev.latent.internal.Fifo;
import java.util.stream.Gatherer;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#gather}: an operator of {@code java.util.stream}, whose output waits here until it is asked for. */
final class Gathered<T, A, R> extends Linear<T, R> implements Gatherer.Downstream<R> {
    private final Gatherer<? super T, A, R> gatherer;
    private final Gatherer.Integrator<A, ? super T, R> integrator;
    private final Fifo<R> out = new Fifo<>();
    private @Nullable Object state = NONE;
    private boolean over;

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
                return END;
            }
            Object value = source.advance(cx);
            if (value == PENDING) {
                return PENDING;
            }
            if (value == END || !integrator.integrate(cast(state), cast(value), this)) {
                over = true;
                gatherer.finisher().accept(cast(state), this);
            }
        }
        return out.take();
    }

    @Override
    public boolean push(R element) {
        out.add(element);
        return true;
    }

    @Override
    boolean dispose(Context cx) {
        out.drainTo(dev.latent.stream.Stage::discard);
        return source.dispose(cx);
    }

    @Override
    void disposeNow() {
        out.drainTo(dev.latent.stream.Stage::discard);
        source.disposeNow();
    }
}
