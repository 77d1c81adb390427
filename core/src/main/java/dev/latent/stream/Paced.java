package dev.latent.stream;

import dev.latent.Context;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Operators that give each value at a time that is theirs. */
abstract class Paced<T> extends Linear<T, T> {
    final Pause pause;

    Paced(String name, AsyncStream<T> source, Pause pause) {
        super(name, source);
        this.pause = pause;
    }

    @Override
    boolean dispose(Context cx) {
        pause.end();
        return super.dispose(cx);
    }

    @Override
    void disposeNow() {
        pause.end();
        super.disposeNow();
    }

    /** {@link AsyncStream#spaced}. */
    static final class Spaced<T> extends Paced<T> {
        Spaced(AsyncStream<T> source, Duration apart) {
            super("spaced", source, new Pause(apart));
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            if (pause.isUnderWay(cx)) {
                source.work(cx);
                return PENDING;
            }
            Object value = source.advance(cx);
            if (value != PENDING && value != END) {
                pause.begin(cx);
            }
            return value;
        }
    }

    /** {@link AsyncStream#timeoutEach}. */
    static final class TimeoutEach<T> extends Paced<T> {
        private final Duration limit;

        TimeoutEach(AsyncStream<T> source, Duration limit) {
            super("timeoutEach", source, new Pause(limit));
            this.limit = limit;
        }

        @Override
        @Nullable
        Object advance(Context cx) throws Exception {
            Object value = source.advance(cx);
            if (value != PENDING) {
                pause.end();
                return value;
            }
            if (!pause.hasBegun()) {
                pause.begin(cx);
            } else if (!pause.isUnderWay(cx)) {
                throw new TimeoutException("no value within " + limit + ": " + source);
            }
            return PENDING;
        }
    }
}
