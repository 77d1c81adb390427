package dev.latent.stream;

import dev.latent.Context;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#sample} and {@link AsyncStream#debounce}: of the values that come while time passes, the latest. */
final class Latest<T> extends Ahead<T, T> {
    private final Pause pause;

    /** Time counts from the latest value, not from the one that was given last. */
    private final boolean untilQuiet;

    private @Nullable Object latest = NONE;
    private boolean begun;

    Latest(String name, AsyncStream<T> source, Pause pause, boolean untilQuiet) {
        super(name, source);
        this.pause = pause;
        this.untilQuiet = untilQuiet;
    }

    @Override
    boolean wants() {
        return true;
    }

    @Override
    void accept(@Nullable Object value, Context cx) throws Exception {
        letLatestGo();
        latest = value;
        if (untilQuiet) {
            pause.begin(cx);
        }
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        if (!begun && !untilQuiet) {
            pause.begin(cx);
        }
        begun = true;
        fill(cx);
        if (!isOver()) {
            if (pause.isUnderWay(cx)) {
                return PENDING;
            }
            if (!untilQuiet) {
                pause.begin(cx);
            }
        }
        if (latest == NONE) {
            return isOver() ? end() : PENDING;
        }
        Object value = latest;
        latest = NONE;
        return value;
    }

    private void letLatestGo() {
        if (latest != NONE) {
            discard(latest);
            latest = NONE;
        }
    }

    @Override
    void letGo() {
        pause.end();
        letLatestGo();
    }
}
