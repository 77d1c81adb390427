package dev.latent.runtime;

import dev.latent.Owners;
import dev.latent.runtime.inspect.Tasks;

/**
 * How a {@link LocalExecutor} closes, in a call of its own.
 *
 * <pre>{@code
 *   open ──▶ closing ─────────────────────▶ closed ───────────────────▶ the inbox is closed
 *            cleanups are still taken       nobody is; every task       so every task has ended
 *            all tasks are cancelled        is dropped
 * }</pre>
 */
final class LocalClosing {
    private final LocalExecutor home;
    private final LocalLoop loop;
    private final long timeoutNanos;
    private final CloseOnce once = new CloseOnce();

    LocalClosing(LocalExecutor home, LocalLoop loop, long timeoutNanos) {
        this.home = home;
        this.loop = loop;
        this.timeoutNanos = timeoutNanos;
    }

    void close() {
        once.run(this::closeNow);
    }

    private void closeNow() {
        RunLoop before = home.enter();
        try {
            home.mail.take();
            home.closing = true;
            home.mail.take();
            cancelAll();
            try {
                loop.untilEmpty(timeoutNanos);
            } catch (Throwable t) { // the world's, or a hook's: then there is no waiting, and what is left ends at once
                Owners.report(home, "closing " + home, t);
            }
            home.closed = true;
            do { // whoever finds the inbox closed takes it that every task has ended
                home.mail.take();
                endAllNow();
            } while (!home.mail.close());
            home.driver().close();
            Tasks.closed(home);
        } finally {
            home.leave(before);
        }
    }

    private void cancelAll() {
        home.live.forEach(LocalTask::cancelHere);
        home.ready.forEach(task -> {
            if (!task.isFinished()) { // else its outcome is its handle's
                task.cancelHere();
            }
        });
    }

    private void endAllNow() {
        home.live.takeAll(LocalTask::endNow);
        while (!home.ready.isEmpty()) {
            home.ready.take().endNow();
        }
    }
}
