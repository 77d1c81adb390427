package dev.latent.runtime;

import dev.latent.io.Net;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.OwnNet;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.runtime.system.SystemClock;
import dev.latent.runtime.time.TimerShard;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Time and network of the system's world for tasks on executors that serve none themselves, such as {@link Latent#on}: one daemon
 * thread that waits and wakes. It starts with the first use.
 */
public final class Background implements Runnable {
    static final Background INSTANCE = new Background();

    private final TimerShard timers = new TimerShard(SystemClock.INSTANCE, null, this::serve);
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

    /** Has the thread look at its timers. */
    private void serve() {
        start();
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
                timers.fire(now);
                driver.park(timers.untilNext(now));
            } catch (IOException | RuntimeException e) {
                FailureHandler.logging().unhandled("the background driver", e);
            }
        }
    }
}
