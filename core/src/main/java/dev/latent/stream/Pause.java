package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.internal.combine.Sleep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A time that passes inside an operator, again and again. */
final class Pause {
    private final Duration length;
    private @Nullable Sleep sleep;

    /**
     * Of that length, which does not pass yet.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    Pause(Duration length) {
        if (!length.isPositive()) {
            throw new IllegalArgumentException("a time of " + length + " where a positive one is needed");
        }
        this.length = length;
    }

    /** It begins now, whether or not it has begun before; the waker will be woken. */
    void begin(Context cx) throws Exception {
        end();
        sleep = new Sleep(length);
        Owners.claim(sleep, this);
        if (!isUnderWay(cx)) {
            cx.waker().wake();
        }
    }

    boolean hasBegun() {
        return sleep != null;
    }

    /**
     * {@return whether it has begun and is not over} If so, the waker will be woken. That it is over is seen without budget: where values keep
     * coming, the source has spent it all.
     */
    boolean isUnderWay(Context cx) throws Exception {
        Sleep its = sleep;
        if (its == null) {
            return false;
        }
        boolean waits = false;
        try {
            waits = Owners.pollRaw(its, this, cx) == Owners.PENDING;
        } finally {
            if (!waits) {
                sleep = null;
            }
        }
        if (waits && cx.isSpent() && its.isDue()) {
            end();
            return false;
        }
        return waits;
    }

    /** It is over. */
    void end() {
        if (sleep != null) {
            Stage.drop(sleep, this);
            sleep = null;
        }
    }

    @Override
    public String toString() {
        return "a pause of " + length;
    }
}
