package dev.latent.runtime.system;

import dev.latent.io.Net;
import dev.latent.world.Timers;
import dev.latent.world.World;

/**
 * A part of a world that is served by a thread of ours: that of one executor, or the background thread of the system's world. Over a
 * world with such a part, an executor with a loop of its own serves it itself.
 */
public interface OwnPart {
    /** {@return {@code given}, with {@code timers} and {@code net} where an executor may bring its own} */
    static World brought(World given, Timers timers, Net net) {
        World world = given;
        if (given.timers() == null || given.timers() instanceof OwnPart) {
            world = world.with(Timers.class, timers);
        }
        return given.capability(Net.class) instanceof OwnPart ? world.with(Net.class, net) : world;
    }
}
