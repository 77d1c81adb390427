package dev.latent;

import java.util.concurrent.atomic.AtomicInteger;

/** A waker that counts. */
public final class Count implements Waker {
    private final AtomicInteger times = new AtomicInteger();

    @Override
    public void wake() {
        times.getAndIncrement();
    }

    public int times() {
        return times.get();
    }
}
