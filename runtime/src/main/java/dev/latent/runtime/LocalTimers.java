package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.Clock;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * The timers of a {@link LocalExecutor}. The wheel belongs to the executor's thread; a foreign thread, such as one that drops
 * a future without a context, sends its request through the inbox. Whether a sleep is over is read from the clock, so it needs
 * nothing from the wheel.
 */
final class LocalTimers implements TimerClock {
    private static final Consumer<Waker> WAKE = Waker::wake;

    private final LocalExecutor home;
    private final Clock clock;
    private final TimerWheel wheel;

    LocalTimers(LocalExecutor home, Clock clock) {
        this.clock = clock;
        this.wheel = new TimerWheel(clock.nanoTime());
        this.home = home;
    }

    @Override
    public Poll<Void> poll(Sleep sleep, Context cx) {
        if (cx.spawner() != home) {
            throw TimerClock.elsewhere(home, cx);
        }
        boolean here = home.isHere();
        if (sleep.deadline - clock.nanoTime() <= 0) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            drop(sleep);
            return Poll.done();
        }
        Waker waker = cx.waker();
        if (here) {
            arm(sleep, waker);
        } else if (!home.post(() -> arm(sleep, waker))) {
            throw new CancellationException(home + " has closed");
        }
        return Poll.pending();
    }

    @Override
    public void drop(Sleep sleep) {
        if (!home.isHere()) {
            home.post(() -> disarm(sleep));
        } else {
            disarm(sleep);
        }
    }

    private void arm(Sleep sleep, Waker waker) {
        sleep.waker = waker;
        if (!TimerWheel.holds(sleep) && !wheel.add(sleep)) {
            waker.wake();
        }
    }

    private void disarm(Sleep sleep) {
        if (TimerWheel.holds(sleep)) {
            wheel.remove(sleep);
        }
    }

    /** On the executor's thread: wakes what is due. */
    void fire(long now) {
        if (wheel.size() > 0) {
            wheel.fire(now, WAKE);
        }
    }

    /** On the executor's thread: as {@link TimerWheel#untilNext}. */
    long untilNext() {
        return wheel.size() == 0 ? Long.MAX_VALUE : wheel.untilNext(clock.nanoTime());
    }
}
