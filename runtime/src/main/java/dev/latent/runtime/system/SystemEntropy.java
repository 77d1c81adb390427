package dev.latent.runtime.system;

import dev.latent.world.Entropy;
import java.security.SecureRandom;

/** The machine's entropy; its source is opened with the first use. */
public enum SystemEntropy implements Entropy {
    /** The only one. */
    INSTANCE;

    private static final class Source {
        static final SecureRandom OPENED = new SecureRandom();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        Source.OPENED.nextBytes(bytes);
    }
}
