package merge;

/**
 * How one way of asking went.
 *
 * @param way of asking, see {@link Way}
 * @param slow the database that was slow, or empty
 * @param pages served
 * @param pagesPerSecond of them
 * @param parts of a page, of five, on average
 * @param p50 a page's time, in milliseconds, as p99
 * @param megabytes of the process's memory, at the end
 * @param threads alive at the same time, at most
 */
record Figures(
        String way,
        String slow,
        long pages,
        double pagesPerSecond,
        double parts,
        double p50,
        double p99,
        long megabytes,
        int threads) {}
