package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.Net;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.OwnNet;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.runtime.system.SystemClock;
import dev.latent.runtime.time.TimerShard;
import dev.latent.runtime.time.WheelTimers;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Time and network of the system's world for tasks on executors that serve none themselves, such as {@link Latent#on}: one daemon
 * thread that waits and wakes. It starts with the first use.
 */
final class Background implements Runnable {
    static final Background INSTANCE = new Background();

    /** What keeps failing must not spin. */
    private static final long PAUSE_NANOS = 1_000_000;

    private final TimerShard shard = new TimerShard(SystemClock.INSTANCE, null, this::serve);
    private final ServedTimers timers = new ServedTimers();
    private final LazyDriver driver = new LazyDriver(NioDriver::open);
    private final OwnNet net = new OwnNet(this::openNet);
    private volatile @Nullable Thread thread;

    private Background() {}

    /** {@return whether this is its thread, which must not poll} */
    static boolean isHere() {
        return Thread.currentThread() == INSTANCE.thread;
    }

    Timers timers() {
        return timers;
    }

    Net net() {
        return net;
    }

    /** A timer is set only where there is a thread to serve it: none waits for what could not be started. */
    private final class ServedTimers implements WheelTimers {
        @Override
        public Poll<Void> poll(Alarm alarm, Context cx) {
            start();
            return shard.poll(alarm, cx);
        }

        @Override
        public void drop(Alarm alarm) {
            shard.drop(alarm);
        }

        @Override
        public Clock clock() {
            return shard.clock();
        }
    }

    /** Has the thread look at its timers. */
    private void serve() {
        driver.unpark();
    }

    private void start() {
        if (thread == null) {
            startOnce();
        }
    }

    private synchronized void startOnce() {
        if (thread == null) {
            Thread serving = new Thread(this, "latent-background");
            serving.setDaemon(true);
            thread = serving; // first, for what it wakes
            try {
                serving.start();
            } catch (Throwable none) {
                thread = null;
                throw none;
            }
        }
    }

    private Net openNet() {
        start();
        return driver.net();
    }

    @Override
    public void run() {
        while (true) {
            try {
                boolean _ = Thread.interrupted(); // a waker's: a park would not wait any more
                long now = SystemClock.INSTANCE.nanoTime();
                shard.fire(now);
                driver.park(shard.untilNext(now));
            } catch (Throwable t) { // without it, nobody on other people's executors would ever be woken again
                Owners.report(null, Thread.currentThread().getName(), t);
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }
}
