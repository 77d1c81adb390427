package compress;

/** The ways by name. */
enum Mode {
    THREADS("threads", new OnThreads()),
    ASYNC("async", OnTasks::handedOver),
    SPAWN("spawn", OnTasks::spawned),
    SEQUENTIAL("sequential", new OneByOne());

    private final String name;
    final Way way;

    Mode(String name, Way way) {
        this.name = name;
        this.way = way;
    }

    /** {@return how many blocks there may be at a time: two for each thread, so that none waits for the one that writes} */
    int blocks(int threads) {
        return this == SEQUENTIAL ? 1 : 2 * threads + 2;
    }

    @Override
    public String toString() {
        return name;
    }
}
