package dev.latent.cli.advise;

/** What a program does most of its time. */
public enum Work {
    NETWORK("waiting for other machines"),
    FILES("reading and writing files"),
    DB("asking databases"),
    COMPUTE("computing"),
    MIXED("waiting, and computing with what came");

    /** In words. */
    final String shown;

    Work(String shown) {
        this.shown = shown;
    }
}
