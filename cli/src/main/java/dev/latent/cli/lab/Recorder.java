package dev.latent.cli.lab;

import dev.latent.cli.Failure;

/** Keeps what all languages say now, for those who lack one. */
public final class Recorder {
    private Recorder() {}

    /** Asks them all, and writes it down. */
    public static void record(Lab lab) throws Failure, InterruptedException {
        Models.record(lab);
    }
}
