package dev.latent;

import dev.latent.world.MissingCapabilityException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a poll may use: the waker of the task that is polled, the executor to spawn on, and the executor's capabilities.
 *
 * <p>An executor keeps one context for each thread that polls and re-arms it with {@link #begin} before every task, so a
 * context is valid <em>during the poll it was passed to</em> and costs a waiting task nothing. Keep {@link #waker()} or
 * {@link #spawner()}, never the context.
 */
public final class Context extends Apart {
    /** Leaf operations that may take effect in one poll of a task before it has to let others run. */
    static final int BUDGET = 128;

    /** What a unit of the budget is beside one step of a leaf: to look at each of so many bytes takes about as long. */
    static final int BYTES_OF_UNIT = 128;

    private static final int SCRATCH_BYTES = 64 * 1024;

    private final Spawner spawner;
    private @Nullable ByteBuffer scratch;
    private Waker waker = Waker.noop();
    private int budget = BUDGET;

    /** Whether anybody has asked for the waker since {@link #begin}. */
    private boolean asked;

    /** Null: none is set. Whoever sets it puts it back, so it needs no {@link #begin}. */
    private @Nullable TaskLocals locals;

    /** Async calls that stand on the native stack where a leaf is polled, across all chains. */
    int depth;

    /** Set by a body without a frame that must suspend: first what it awaits, then the frame that it has made. */
    @Nullable
    Future<?> pending;

    /**
     * Set by a body that suspends in order to have this frame run in its place. An Error may come between, for want of memory or of
     * stack; so where a poll begins, and where a body suspends for a leaf, {@link #forgetNext} is called.
     */
    @Nullable
    AsyncFrame<?> next;

    /** Where the next {@link #pick} begins that has no random source. */
    private int rotation;

    /**
     * For executors: a context for one thread.
     *
     * @param spawner the executor
     */
    public Context(Spawner spawner) {
        this.spawner = spawner;
    }

    /** {@return what to wake when there is a reason to poll this task again} */
    public Waker waker() {
        asked = true;
        return waker;
    }

    /**
     * {@return the executor that polls; it may be kept across an await} What is spawned by it has the {@linkplain TaskLocal#inherited inherited}
     * task locals that hold here and now.
     */
    public Spawner spawner() {
        TaskLocals here = locals;
        return here == null ? spawner : here.on(spawner);
    }

    /** {@return the executor that polls, and nothing but that}: always the same object, for a leaf that asks whether it is its own. */
    public Spawner executor() {
        return spawner;
    }

    /** {@return the task locals that hold here; they may be kept across an await} */
    public TaskLocals locals() {
        TaskLocals here = locals;
        return here == null ? TaskLocals.none() : here;
    }

    /** Puts others in place: {@return those until now, to be put back when what they are for has been polled} */
    TaskLocals swapLocals(TaskLocals others) {
        TaskLocals before = locals();
        locals = others == TaskLocals.none() ? null : others;
        return before;
    }

    /**
     * {@return the executor's {@code type}}
     *
     * @throws MissingCapabilityException when it has none
     */
    public <C> C capability(Class<C> type) {
        C found = spawner.capability(type);
        if (found == null) {
            throw new MissingCapabilityException(type, spawner);
        }
        return found;
    }

    /**
     * {@return an empty direct buffer of this thread's, 64 kB, to use within this poll only}
     *
     * <p>A connection that waits then holds no buffer: it reads into this one and keeps what is incomplete.
     */
    public ByteBuffer scratch() {
        if (scratch == null) {
            scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);
        }
        return scratch.clear();
    }

    /**
     * For executors, before each poll of a task.
     *
     * @param waker the task's
     */
    public void begin(Waker waker) {
        this.waker = waker;
        this.budget = BUDGET;
        this.depth = 0;
        this.asked = false;
    }

    /**
     * {@return whether anybody has asked for the waker} For executors, after a poll that was pending: if nobody has, what was polled has broken
     * the rule of {@link Future#poll}, and, unless it keeps a waker of an earlier poll, nothing will ever wake the task.
     */
    public boolean isWakerTaken() {
        return asked;
    }

    void forgetNext() {
        if (next != null) {
            next = null;
        }
    }

    /**
     * For combinators that poll several children: puts another waker in place.
     *
     * @return the waker until now, which the caller puts back when the child has been polled
     */
    public Waker swapWaker(Waker other) {
        Waker before = waker;
        asked = true;
        waker = other;
        return before;
    }

    /**
     * For leaves, before they take effect: spends one unit of this poll's cooperative budget.
     *
     * @return false when it is used up: the waker has been woken, and the leaf returns pending without any effect
     */
    public boolean spend() {
        if (budget > 0) {
            budget--;
            return true;
        }
        waker.wake();
        return false;
    }

    /** For leaves that had to {@link #spend} before they could know: takes one unit back, since the poll had no effect. */
    public void unspend() {
        if (budget < BUDGET) {
            budget++;
        }
    }

    /**
     * For leaves whose work grows with what they are given, after it: spends a unit for each {@value #BYTES_OF_UNIT} of these {@code bytes} too, as far as there are any left. So a poll ends soon
     * after it has gone through 16 kB, whatever it had to do with them.
     */
    public void spendBytes(int bytes) {
        budget = Math.max(0, budget - Math.max(0, bytes) / BYTES_OF_UNIT);
    }

    /** {@return whether the budget of this poll is used up, so that a combinator had better stop where it is} */
    public boolean isSpent() {
        return budget <= 0;
    }

    /**
     * {@return one of the numbers from 0 to {@code n - 1}, for a combinator to begin with: at random, by the executor's
     * {@link RandomGenerator}, and in turns where it has none}
     */
    public int pick(int n) {
        RandomGenerator random = spawner.capability(RandomGenerator.class);
        return random != null ? random.nextInt(n) : Math.floorMod(rotation++, n);
    }
}
