package dev.latent.channel;

import dev.latent.Releasable;
import java.util.Objects;

/**
 * Places in a channel that are kept for its holder: what is sent by it need not wait, and is delivered even if the channel is closed meanwhile.
 *
 * {@snippet :
 * try (var permit = await(jobs.reserve())) {
 *     permit.send(make());
 * }
 * }
 *
 * <p>It is for one task or thread at a time. Closing gives back the places that are left.
 */
public final class Permit<T> implements Releasable {
    private final Pipe<T> pipe;
    private int left;

    Permit(Pipe<T> pipe, int count) {
        this.pipe = pipe;
        this.left = count;
    }

    /**
     * Sends {@code value}, at once.
     *
     * <p><em>Memory effects:</em> what happened before is visible to who receives it.
     *
     * @return false when nobody will receive it, since the last receiver has closed; then it is still the caller's. The place is used up all the same
     * @throws IllegalStateException when no place is left
     */
    public boolean send(T value) {
        Objects.requireNonNull(value);
        if (left == 0) {
            throw new IllegalStateException("no place is left in this permit of " + pipe);
        }
        boolean sent = pipe.sendLent(value);
        left--;
        return sent;
    }

    /** {@return how many more may be sent} */
    public int left() {
        return left;
    }

    /** Gives back what is left; closing twice does nothing. */
    @Override
    public void close() {
        int rest = left;
        if (rest > 0) {
            left = 0;
            pipe.giveBack(rest);
        }
    }

    @Override
    public String toString() {
        return "permit for " + left + " in " + pipe;
    }
}
