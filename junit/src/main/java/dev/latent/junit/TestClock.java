package dev.latent.junit;

import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a test: it stands while anything is to be done, and when every task waits it skips to the first time that one waits for.
 *
 * <p><b>It stands, too, while something works that it can't see into</b>: calls by {@code spawnBlocking} and {@code compute}, and whatever is made of them, such as files; and
 * while there are real sockets, open or being connected. A sleep that meets one of those waits for its end; what never ends is the affair of the test's
 * real timeout, which names what held the clock. For all else that works elsewhere, a thread of the test's own, another library's callback, {@link #hold} it:
 *
 * <pre>{@code
 *   try (var _ = clock.hold("the printer")) {
 *       await(printed);                          // some thread wakes us
 *   }
 * }</pre>
 *
 * <p>A test gets it as a parameter, and what runs in the test by {@code context().capability(TestClock.class)}. It begins at
 * 1970-01-01T00:00:00Z. Thread-safe, but for {@link #advance}, which is the test's.
 */
public final class TestClock {
    private final VirtualClock time = new VirtualClock();
    private final Set<Hold> holds = new LinkedHashSet<>();
    private volatile @Nullable Thread waiting;

    TestClock() {}

    /** Keeps the clock where it is until it is closed, once. */
    public final class Hold implements AutoCloseable {
        private final Object what;

        private Hold(Object what) {
            this.what = what;
        }

        /** Lets go; from any thread. What is woken before is seen before time passes. */
        @Override
        public void close() {
            synchronized (holds) {
                holds.remove(this);
            }
            wake();
        }

        @Override
        public String toString() {
            return what.toString();
        }
    }

    /**
     * {@return a hold: until it is closed, no time passes by itself}
     *
     * @param what works meanwhile, for a person to read
     */
    public Hold hold(Object what) {
        Hold hold = new Hold(what);
        synchronized (holds) {
            holds.add(hold);
        }
        return hold;
    }

    boolean isHeld() {
        synchronized (holds) {
            return !holds.isEmpty();
        }
    }

    /** {@return what holds it now} */
    List<String> held() {
        List<Hold> now;
        synchronized (holds) {
            now = new ArrayList<>(holds);
        }
        return now.stream().map(Hold::toString).toList();
    }

    /** Blocks the thread that polls until {@link #wake}, or an interrupt. May return for nothing. */
    void await() {
        waiting = Thread.currentThread();
        LockSupport.park(this);
    }

    /** There may be something to do: has {@link #await} return, the next one if none is under way. */
    void wake() {
        LockSupport.unpark(waiting);
    }

    /** Who polls is this thread now. */
    void enter() {
        waiting = Thread.currentThread();
    }

    /**
     * Lets {@code time} pass, held or not; what waited for it goes on when the caller waits, or has ended.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public void advance(Duration time) {
        this.time.advance(time);
    }

    void advanceTo(long nanoTime) {
        time.advanceTo(nanoTime);
    }

    /** {@return what the test's world has for a clock} */
    Clock time() {
        return time;
    }

    /** {@return how much time has passed since the test began} */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanoTime());
    }

    /** {@return now, in nanoseconds since the test began} */
    public long nanoTime() {
        return time.nanoTime();
    }

    /** {@return now, as a calendar has it} */
    public Instant instant() {
        return time.instant();
    }

    @Override
    public String toString() {
        return "TestClock at " + elapsed();
    }
}
