package dev.latent;

import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

/** A clock that stands. */
public final class Fixed {
    private Fixed() {}

    public static final Clock CLOCK = new VirtualClock();
}
