package dev.latent.runtime;

import dev.latent.Timers;
import java.io.IOException;

/**
 * Time and network for tasks on executors that have none, such as {@link Latent#on}: one daemon thread that waits and wakes. It
 * starts with the first use.
 */
final class Background implements Runnable {
    /** The parts of the world that it serves. */
    static final World.Own OWN = new World.Own() {
        @Override
        public Timers timers() {
            return Lazy.INSTANCE.shard;
        }

        @Override
        public Net net() {
            return Lazy.INSTANCE.net();
        }
    };

    private static final class Lazy {
        static final Background INSTANCE = new Background();

        static {
            Thread thread = new Thread(INSTANCE, "latent-background");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private final TimerShard shard = new TimerShard(null, this::unpark);
    private volatile Driver driver = new ParkDriver();
    private volatile boolean hasNet;

    private Background() {}

    private void unpark() {
        driver.unpark();
    }

    private synchronized Net net() {
        if (!hasNet) {
            Driver before = driver;
            driver = NioDriver.open();
            hasNet = true;
            before.unpark();
        }
        return driver.net();
    }

    @Override
    public void run() {
        while (true) {
            try {
                Driver d = driver;
                long now = System.nanoTime();
                shard.fire(now);
                d.park(shard.untilNext(now));
            } catch (IOException | RuntimeException e) {
                System.getLogger("dev.latent").log(System.Logger.Level.ERROR, "the background driver failed", e);
            }
        }
    }
}
