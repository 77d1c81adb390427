package dev.latent.runtime;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a {@link LocalExecutor} that are ready, in the order in which they became so: a ring buffer. Its owner's alone.
 *
 * <p>A push takes no memory, so that a wake never fails: room is kept beforehand, for every task that may come to stand here.
 */
final class ReadyRing implements ReadyOrder.Ready {
    private @Nullable LocalTask<?>[] ring = new LocalTask<?>[16];
    private int head;
    private int tail;

    boolean isEmpty() {
        return head == tail;
    }

    @Override
    public int size() {
        return tail - head;
    }

    @Override
    public int priority(int index) {
        Objects.checkIndex(index, tail - head);
        return Objects.requireNonNull(ring[head + index & ring.length - 1]).priority();
    }

    /** Before a task comes: from then on there is room for {@code tasks}. */
    void keepRoom(int tasks) {
        if (tasks >= ring.length) {
            grow();
        }
    }

    private void grow() {
        @Nullable LocalTask<?>[] bigger = new LocalTask<?>[ring.length * 2];
        for (int i = head; i != tail; i++) {
            bigger[i & bigger.length - 1] = ring[i & ring.length - 1];
        }
        ring = bigger;
    }

    /** In the room that is kept for it. */
    void push(LocalTask<?> task) {
        @Nullable LocalTask<?>[] r = ring;
        int t = tail;
        assert t - head < r.length;
        r[t & r.length - 1] = task;
        tail = t + 1;
    }

    /** {@return the first, which stands here no more}: there is one. */
    @SuppressWarnings("NullAway") // between head and tail there is a task
    LocalTask<?> take() {
        @Nullable LocalTask<?>[] r = ring;
        int at = head & r.length - 1;
        LocalTask<?> task = r[at];
        r[at] = null;
        head++;
        return task;
    }

    /** Makes the one that {@code picked} others stand before the first. */
    void bringForward(int picked) {
        Objects.checkIndex(picked, tail - head);
        int mask = ring.length - 1;
        LocalTask<?> task = ring[head + picked & mask];
        for (int i = head + picked; i != head; i--) {
            ring[i & mask] = ring[i - 1 & mask];
        }
        ring[head & mask] = task;
    }

    /** Shows those that stand here now, in order. */
    // Bounded also for who looks from outside, while the owner goes on.
    void forEach(Consumer<? super LocalTask<?>> what) {
        for (int i = head, end = tail; i - end < 0; i++) {
            what.accept(Objects.requireNonNull(ring[i & ring.length - 1]));
        }
    }
}
