package dev.latent;

/** A thread that waits for a future, as a task would, so that Lincheck sees where it waits: for ever, if nobody wakes it. */
public final class Waiting implements Waker {
    private final Context cx;
    private volatile boolean woken;

    public Waiting(Spawner spawner) {
        cx = new Context(spawner);
    }

    @Override
    public void wake() {
        woken = true;
    }

    /** Waits for a wake. */
    public void forWake() {
        while (!woken) {
            Thread.yield();
        }
        woken = false;
    }

    /** {@return what {@code future} becomes}, polled as {@code owner} who has claimed it. */
    public <T> T forValue(Future<T> future, Object owner) throws Exception {
        while (true) {
            cx.begin(this);
            if (Owners.poll(future, owner, cx) instanceof Poll.Ready<T>(T value)) {
                return value;
            }
            forWake();
        }
    }
}
