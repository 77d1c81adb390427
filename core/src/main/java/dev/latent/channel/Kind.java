package dev.latent.channel;

/** What a channel does when it is full. */
enum Kind {
    BOUNDED("Channel.bounded"),
    /** Bounded, for one thread. */
    LOCAL("Channel.local"),
    UNBOUNDED("Channel.unbounded"),
    RENDEZVOUS("Channel.rendezvous"),
    DROP_OLDEST("Channel.dropOldest"),
    DROP_LATEST("Channel.dropLatest");

    private final String maker;

    Kind(String maker) {
        this.maker = maker;
    }

    boolean drops() {
        return this == DROP_OLDEST || this == DROP_LATEST;
    }

    boolean isBounded() {
        return this == BOUNDED || this == LOCAL;
    }

    String name(int capacity) {
        return maker + (isBounded() || drops() ? "(" + capacity + ")" : "()");
    }
}
