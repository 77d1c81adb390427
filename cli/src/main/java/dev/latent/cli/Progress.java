package dev.latent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line on the error stream that is written over again; where that is no terminal, a line now and then. */
public final class Progress {
    private static final long QUIET_NANOS = 2_000_000_000L;
    private static final String CLEAR = "\r\u001b[K";

    private final boolean terminal = findsTerminal();
    private long last = System.nanoTime() - QUIET_NANOS;

    /** {@return whether it is seen at once, by somebody who looks at a terminal} */
    public boolean isTerminal() {
        return terminal;
    }

    /** Tells how far it is; may be left out. */
    public void now(String text) {
        if (terminal) {
            System.err.print(CLEAR + text);
            System.err.flush();
        } else if (System.nanoTime() - last >= QUIET_NANOS) {
            last = System.nanoTime();
            System.err.println(text);
        }
    }

    /** Clears the line, so that something else may be printed. */
    public void end() {
        if (terminal) {
            System.err.print(CLEAR);
            System.err.flush();
        }
    }

    private static boolean findsTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev/pts");
        } catch (IOException e) {
            return false;
        }
    }
}
