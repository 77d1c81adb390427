package compress;

/** A way to get blocks from a source through their coders to a sink, in order. The first failure ends it, and is thrown. */
interface Way {
    /** Runs to the end, with at most {@code threads} blocks being coded at a time, and no more blocks under way than {@code blocks} has. */
    void run(Source source, Sink sink, Blocks blocks, int threads) throws Exception;
}
