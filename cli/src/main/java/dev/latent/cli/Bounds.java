package dev.latent.cli;

import java.time.Duration;

/**
 * How far a server is driven: until somebody is not let in, or one of these.
 *
 * @param most connections, and why not more
 * @param memoryMb resident, of the server; its heap may have as much
 * @param time until the last has come
 */
record Bounds(Limits.Most most, int memoryMb, Duration time) {}
