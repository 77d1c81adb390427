package dev.latent.cli.learn;

/** Keys in, text out. */
public interface Terminal extends AutoCloseable {
    /** What {@link #key} gives when none was pressed. */
    int NONE = -1;

    /** What it gives when there will be no more. */
    int END = -2;

    /**
     * {@return the next key, or {@link #NONE} after {@code millis}, or {@link #END}}
     *
     * @param millis how long to wait for one
     */
    int key(int millis) throws InterruptedException;

    /** Shows it. */
    void print(String text);

    @Override
    void close();
}
