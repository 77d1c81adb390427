package compress;

import dev.latent.cli.Progress;

/** How far it is, how fast, and how long it will take: as a bar where that can be seen. */
final class Bar implements AutoCloseable {
    private static final long EVERY_NANOS = 100_000_000;

    /** Where nobody looks on, what is done before that needs no word. */
    private static final long SHORT_NANOS = 2_000_000_000;

    private static final int WIDTH = 30;
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;
    private static final int MINUTE = 60;

    private final Progress progress = new Progress();
    private final Input input;
    private final long began = System.nanoTime();
    private long shown = began;

    Bar(Input input) {
        this.input = input;
    }

    void move() {
        long now = System.nanoTime();
        if (now - shown >= EVERY_NANOS && (progress.isTerminal() || now - began >= SHORT_NANOS)) {
            shown = now;
            progress.now(text(input.taken(), input.size(), (now - began) / NANOS, progress.isTerminal()));
        }
    }

    static String text(long done, long all, double seconds, boolean bar) {
        String rate = "%,.1f MB/s".formatted(done / MEGA / seconds);
        if (all <= 0 || done > all) {
            return "%,.1f MB, %s".formatted(done / MEGA, rate);
        }
        double part = (double) done / all;
        long left = done == 0 ? 0 : Math.round(seconds / part - seconds);
        String drawn = "";
        if (bar) {
            int full = (int) Math.round(part * WIDTH);
            drawn = "█".repeat(full) + "░".repeat(WIDTH - full) + " ";
        }
        return "%s%3.0f %% of %,.1f MB, %s, %d:%02d left"
                .formatted(drawn, part * 100, all / MEGA, rate, left / MINUTE, left % MINUTE);
    }

    @Override
    public void close() {
        progress.end();
    }
}
