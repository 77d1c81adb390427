package dev.latent.junit;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A future that is polled by hand, by a waker that counts: for tests of what a poll does, and of who wakes whom.
 *
 * <pre>{@code
 *   var first = TestTask.spawn(lock.lock());
 *   var second = TestTask.spawn(lock.lock());
 *   var guard = first.assertReady();
 *   second.assertPending();
 *   guard.close();
 *   assertEquals(1, second.wakes());
 *   second.assertReady().close();
 * }</pre>
 *
 * <p>Nothing polls it but its methods. What it spawns waits on an {@linkplain #executor() executor}, until {@link #runOthers} polls it. That has a
 * {@link TestClock}, which {@link #advance} moves. Like any task it is its future's only owner. Not thread-safe; its waker is, as wakers are.
 *
 * @param <T> what the future becomes
 */
public final class TestTask<T extends @Nullable Object> implements AutoCloseable {
    private final Future<T> future;
    private final LocalExecutor executor;
    private final TestClock clock;
    private final Context cx;
    private final AtomicInteger wakes = new AtomicInteger();
    private final Waker waker = wakes::getAndIncrement;

    /** Wakes until the latest poll began. */
    private int answered;

    private int polls;
    private State state = State.LIVE;

    private enum State {
        LIVE,
        DROPPING,
        ENDED
    }

    private TestTask(Future<T> future, LocalExecutor executor, TestClock clock) {
        this.future = future;
        this.executor = executor;
        this.clock = clock;
        this.cx = new Context(executor);
        Owners.claim(future, this);
    }

    /**
     * {@return a task of {@code future}, over {@link Latent#system()} with a clock of its own}
     *
     * @throws IllegalStateException when it has another owner
     */
    public static <T extends @Nullable Object> TestTask<T> spawn(Future<T> future) {
        return spawn(future, Latent.system());
    }

    /**
     * {@return a task of {@code future}, over {@code world} with a clock of its own}
     *
     * @throws IllegalStateException when it has another owner
     */
    public static <T extends @Nullable Object> TestTask<T> spawn(Future<T> future, World world) {
        TestClock clock = new TestClock();
        return new TestTask<>(
                future,
                LocalExecutor.builder()
                        .name("of a TestTask")
                        .world(world.with(Clock.class, clock.time()).with(TestClock.class, clock))
                        .build(),
                clock);
    }

    // ---- polls -----------------------------------------------------------------------------------------------------

    /**
     * {@return what one poll gives}
     *
     * @throws IllegalStateException when it has ended, or was dropped
     * @throws Exception what the future throws; then it has ended
     */
    public Poll<T> poll() throws Exception {
        requireLive();
        begin();
        boolean pending = false;
        try {
            Poll<T> poll = Owners.poll(future, this, cx);
            pending = poll instanceof Poll.Pending<T>;
            return poll;
        } finally {
            if (!pending) {
                state = State.ENDED;
            }
        }
    }

    private void requireLive() {
        if (state != State.LIVE) {
            throw new IllegalStateException(this + " is not polled any more");
        }
    }

    private void begin() {
        answered = wakes.get();
        polls++;
        cx.begin(waker);
    }

    /** Polls once. @throws AssertionError unless it is pending, also when the future throws */
    public void assertPending() {
        Poll<T> poll;
        try {
            poll = poll();
        } catch (Throwable t) {
            throw new AssertionError(this + ", which should be pending, threw " + t, t);
        }
        if (poll instanceof Poll.Ready<T>(var value)) {
            throw new AssertionError(this + ", which should be pending, is ready: " + value);
        }
    }

    /**
     * Polls once.
     *
     * @return the value
     * @throws AssertionError unless it is ready, also when the future throws
     */
    public T assertReady() {
        Poll<T> poll;
        try {
            poll = poll();
        } catch (Throwable t) {
            throw new AssertionError(this + ", which should be ready, threw " + t, t);
        }
        if (poll instanceof Poll.Ready<T>(var value)) {
            return value;
        }
        throw new AssertionError(this + ", which should be ready, is pending");
    }

    /**
     * Polls once.
     *
     * @throws AssertionError unless it is ready with something that equals {@code value}
     */
    public void assertReady(T value) {
        T got = assertReady();
        if (!java.util.Objects.equals(value, got)) {
            throw new AssertionError(this + " should be ready with " + value + ", not with " + got);
        }
    }

    /**
     * Polls once.
     *
     * @return what it threw
     * @throws AssertionError unless it throws a {@code type}
     */
    public <X extends Throwable> X assertFailed(Class<X> type) {
        Poll<T> poll;
        try {
            poll = poll();
        } catch (Throwable t) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
            throw new AssertionError(this + " should throw a " + type.getName() + ", not " + t, t);
        }
        throw new AssertionError(this + " should throw a " + type.getName() + ", and is "
                + (poll instanceof Poll.Ready<T>(var value) ? "ready: " + value : "pending"));
    }

    // ---- wakes -----------------------------------------------------------------------------------------------------

    /** {@return how often it was woken, in all its life} */
    public int wakes() {
        return wakes.get();
    }

    /** {@return whether it was woken since the latest poll began} An executor would poll it now, and not otherwise. */
    public boolean isWoken() {
        return wakes.get() != answered;
    }

    /** {@return how often it was polled, its drops by {@link #pollDrop} too} */
    public int polls() {
        return polls;
    }

    /** {@return its waker, to wake it by hand} */
    public Waker waker() {
        return waker;
    }

    // ---- its end ---------------------------------------------------------------------------------------------------

    /** {@return whether it has ended: was ready, has thrown or was dropped} */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /** Drops the future, as somebody without a context does: a cleanup that awaits goes on by {@link #runOthers}. Nothing, where it has ended. */
    public void drop() {
        if (state != State.ENDED) {
            state = State.ENDED;
            Owners.drop(future, this);
        }
    }

    /**
     * Drops the future, and polls its cleanup.
     *
     * @return pending while that awaits; then it is to be called again
     */
    public Poll<Void> pollDrop() {
        if (state == State.ENDED) {
            return Poll.done();
        }
        state = State.DROPPING;
        begin();
        Poll<Void> poll = Owners.pollDrop(future, this, cx);
        if (poll instanceof Poll.Ready<Void>) {
            state = State.ENDED;
        }
        return poll;
    }

    /** Drops it, if it has not ended, and closes what it has spawned. */
    @Override
    public void close() {
        drop();
        executor.close();
    }

    // ---- around it -------------------------------------------------------------------------------------------------

    /** {@return where its future spawns} */
    public LocalExecutor executor() {
        return executor;
    }

    /** {@return what its future has for a clock} */
    public TestClock clock() {
        return clock;
    }

    /** Lets {@code time} pass, wakes what waited for it, and polls what was spawned. */
    public void advance(Duration time) {
        clock.advance(time);
        runOthers();
    }

    /** Polls what was spawned, until all of it waits. */
    public void runOthers() {
        executor.runUntilStalled();
    }

    @Override
    public String toString() {
        return "the TestTask of " + future;
    }
}
