package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.time.TimerWheel;
import dev.latent.runtime.time.WheelTimers;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a {@link LocalExecutor}. The wheel belongs to the executor's thread, which reads the clock when it looks at it and not
 * for every sleep; a foreign thread, such as one that drops a future without a context, sends its request through the inbox.
 */
final class LocalTimers implements WheelTimers {
    private final LocalExecutor home;
    private final Clock clock;
    private final TimerWheel wheel;

    /** Who is about to be woken; empty outside {@link #fire}. */
    private final @Nullable Waker[] due = new Waker[64];

    LocalTimers(LocalExecutor home, Clock clock) {
        this.home = home;
        this.clock = clock;
        this.wheel = new TimerWheel(clock);
    }

    @Override
    public Poll<Void> poll(Alarm alarm, Context cx) {
        if (cx.executor() != home) {
            throw WheelTimers.elsewhere(home, cx);
        }
        if (!home.isHere()) {
            return pollElsewhere(alarm, cx);
        }
        if (!TimerWheel.holds(alarm) && (TimerWheel.hasFired(alarm) || !wheel.add(alarm))) {
            return cx.spend() ? Poll.done() : Poll.pending();
        }
        alarm.waker = cx.waker();
        return Poll.pending();
    }

    /** Outside a call of the executor: the wheel is not to be touched, and the clock tells. */
    private Poll<Void> pollElsewhere(Alarm alarm, Context cx) {
        Waker waker = cx.waker();
        if (alarm.deadline - clock.nanoTime() <= 0) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            drop(alarm);
            return Poll.done();
        }
        if (!home.mail.post(() -> arm(alarm, waker))) {
            throw new CancellationException(home + " has closed");
        }
        return Poll.pending();
    }

    @Override
    public void drop(Alarm alarm) {
        if (!home.isHere()) {
            home.mail.post(() -> disarm(alarm));
        } else {
            disarm(alarm);
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public boolean serves(Context cx) {
        return cx.executor() == home;
    }

    private void arm(Alarm alarm, Waker waker) {
        alarm.waker = waker;
        if (!TimerWheel.holds(alarm) && (TimerWheel.hasFired(alarm) || !wheel.add(alarm))) {
            Foreign.wake(home, waker);
        }
    }

    private void disarm(Alarm alarm) {
        if (TimerWheel.holds(alarm)) {
            wheel.remove(alarm);
        }
    }

    /** On the executor's thread: wakes what is due. */
    void fire(long now) {
        int count;
        do {
            count = wheel.fire(now, due);
            for (int i = 0; i < count; i++) {
                Waker waker = due[i];
                due[i] = null;
                Foreign.wake(home, waker);
            }
        } while (count == due.length);
    }

    /** On the executor's thread: as {@link TimerWheel#untilNext}. */
    long untilNext(long now) {
        return wheel.untilNext(now);
    }
}
