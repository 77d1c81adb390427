package dev.latent.junit;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that has made it when real time is up, after it has written down why.
 *
 * <p>{@code armed} and {@code why} change under the monitor, so an interrupt meets the wait that it was meant for: {@link #disarm} comes before it, or takes it
 * back.
 */
final class Watchdog {
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final Thread watched = Thread.currentThread();
    private final Supplier<String> tell;
    private @Nullable ScheduledFuture<?> bark;
    private boolean armed = true;
    private @Nullable String why;

    private Watchdog(Supplier<String> tell) {
        this.tell = tell;
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("latent-test-watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** {@return one that barks after {@code time}; zero: never} */
    static Watchdog over(Duration time, Supplier<String> tell) {
        Watchdog watchdog = new Watchdog(tell);
        if (time.isPositive()) {
            watchdog.bark = TIMER.schedule(watchdog::bark, time.toNanos(), TimeUnit.NANOSECONDS);
        }
        return watchdog;
    }

    private void bark() {
        String told;
        try {
            told = tell.get(); // asks the watched thread
        } catch (Throwable t) {
            told = "timeout, and nothing could be told of it: " + t;
        }
        synchronized (this) {
            if (armed) {
                why = told;
                watched.interrupt();
            }
        }
    }

    synchronized boolean barked() {
        return why != null;
    }

    /** {@return the failure, because of which it ended by {@code end}} */
    synchronized AssertionError failure(Throwable end) {
        AssertionError failure = new AssertionError(why);
        if (!(end instanceof InterruptedException)) {
            failure.addSuppressed(end);
        }
        return failure;
    }

    synchronized void disarm() {
        armed = false;
        if (bark != null) {
            bark.cancel(false);
        }
        if (why != null) {
            boolean _ = Thread.interrupted();
        }
    }
}
