package dev.latent.io;

/** By which the system, or a person at a terminal, tells a process something. */
public enum Signal {
    /** {@code SIGINT}: Ctrl-C. */
    INT,
    /** {@code SIGTERM}: asked to end, by a service manager or {@code kill}. */
    TERM,
    /** {@code SIGHUP}: its terminal is gone; services mostly read their settings again. Windows knows it not. */
    HUP;

    /** {@return its name as systems spell it} */
    @Override
    public String toString() {
        return "SIG" + name();
    }
}
