package dev.latent.runtime;

import java.util.concurrent.locks.ReentrantLock;

/** The close of an executor: it happens once, and whoever closes again meanwhile returns when it has ended. */
final class CloseOnce {
    private final ReentrantLock running = new ReentrantLock();
    private boolean ended;

    /** Runs {@code close}, on the first thread that comes. Where it throws it has not begun, and the next thread tries. */
    void run(Runnable close) {
        running.lock(); // held by a thread that closes, and wanted by others that do: no task ever waits for it
        try {
            if (!ended) {
                close.run();
                ended = true;
            }
        } finally {
            running.unlock();
        }
    }
}
