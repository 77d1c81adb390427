package dev.latent.runtime.system;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Each thread's own generator, behind one object that all may share. */
public enum SystemRandom implements RandomGenerator {
    /** The only one. */
    INSTANCE;

    @Override
    public long nextLong() {
        return ThreadLocalRandom.current().nextLong();
    }

    @Override
    public int nextInt() {
        return ThreadLocalRandom.current().nextInt();
    }
}
