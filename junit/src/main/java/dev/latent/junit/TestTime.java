package dev.latent.junit;

/** Which time a test has. */
public enum TestTime {
    /** A {@link TestClock}, which stands while anything is to be done, and then skips to what is waited for: no test waits. */
    VIRTUAL,

    /** The machine's. */
    SYSTEM
}
