package dev.latent.runtime;

import dev.latent.task.SpawnedTask;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A worker's run queue: its owner pushes and pops, others steal half of it at once. The algorithm is that of Go's scheduler
 * ({@code runqput}, {@code runqget}, {@code runqgrab}); a deviation: the owner clears the slots it has popped, for the garbage
 * collector.
 *
 * <p>{@code tail} is written by the owner only. {@code head} moves by CAS, and a thief copies before its CAS: had the owner
 * written over a slot meanwhile, {@code head} would have moved and the CAS would fail. Both count without bound and wrap.
 */
final class Ring {
    /** Entries; a power of two. As many as in Go and tokio: enough to make overflow rare, little to walk. */
    static final int CAPACITY = 256;

    private static final int MASK = CAPACITY - 1;
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(Ring.class, "head", int.class);
            TAIL = lookup.findVarHandle(Ring.class, "tail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable SpawnedTask<?>[] slots = new SpawnedTask<?>[CAPACITY];
    private volatile int head;
    private volatile int tail;

    /** For the owner: {@return false when it is full} */
    boolean push(SpawnedTask<?> task) {
        int t = (int) TAIL.get(this);
        if (t - (int) HEAD.getAcquire(this) == CAPACITY) {
            return false;
        }
        slots[t & MASK] = task;
        TAIL.setRelease(this, t + 1);
        return true;
    }

    /** For the owner. */
    @Nullable
    SpawnedTask<?> pop() {
        int t = (int) TAIL.get(this);
        while (true) {
            int h = (int) HEAD.getAcquire(this);
            if (h == t) {
                return null;
            }
            SpawnedTask<?> task = slots[h & MASK];
            if (HEAD.compareAndSet(this, h, h + 1)) {
                slots[h & MASK] = null;
                return task;
            }
        }
    }

    /** For anybody; a hint. */
    boolean isEmpty() {
        return head == tail;
    }

    int size() {
        return tail - head;
    }

    /** For a thief: moves half of this to {@code to}, its own and empty: {@return one of them, to be run at once} */
    @Nullable
    SpawnedTask<?> stealInto(Ring to) {
        int at = (int) TAIL.get(to);
        while (true) {
            int h = (int) HEAD.getAcquire(this);
            int n = (int) TAIL.getAcquire(this) - h;
            n -= n / 2;
            if (n <= 0) {
                return null;
            }
            if (n > CAPACITY / 2) {
                continue; // head and tail were read at different times
            }
            for (int i = 0; i < n; i++) {
                to.slots[at + i & MASK] = slots[h + i & MASK];
            }
            if (HEAD.compareAndSet(this, h, h + n)) {
                SpawnedTask<?> last = to.slots[at + n - 1 & MASK];
                to.slots[at + n - 1 & MASK] = null;
                TAIL.setRelease(to, at + n - 1);
                return last;
            }
        }
    }
}
