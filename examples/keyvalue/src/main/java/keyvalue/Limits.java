package keyvalue;

import java.time.Duration;

/**
 * What a client may ask of the server.
 *
 * @param clients at once; further ones wait to be accepted
 * @param lineBytes of a command
 * @param queued lines on their way to a client, beyond which its commands wait, and its subscriptions are {@code slow}
 * @param subscriptions of a client
 * @param idle how long a client without a subscription may say nothing
 * @param patience how long it may take to take in what it is sent
 * @param slow what becomes of a subscriber who reads more slowly than others publish
 */
record Limits(int clients, int lineBytes, int queued, int subscriptions, Duration idle, Duration patience, Slow slow) {
    enum Slow {
        /** Its connection ends: it may come again, and knows that it missed something. */
        CLOSE,
        /** It misses messages, and is told how many. */
        MISS
    }

    static final Limits DEFAULT =
            new Limits(1_000, 8 * 1024, 256, 100, Duration.ofMinutes(5), Duration.ofSeconds(10), Slow.CLOSE);

    Limits queued(int lines) {
        return new Limits(clients, lineBytes, lines, subscriptions, idle, patience, slow);
    }

    Limits clients(int atOnce) {
        return new Limits(atOnce, lineBytes, queued, subscriptions, idle, patience, slow);
    }

    Limits slow(Slow policy) {
        return new Limits(clients, lineBytes, queued, subscriptions, idle, patience, policy);
    }
}
