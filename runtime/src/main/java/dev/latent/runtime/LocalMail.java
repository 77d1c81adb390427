package dev.latent.runtime;

import dev.latent.Foreign;
import dev.latent.Owners;
import dev.latent.runtime.driver.LazyDriver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What foreign threads want done on the thread of a {@link LocalExecutor}'s owner.
 *
 * <p><b>Nothing is missed while parking.</b> The owner finds the inbox empty, then parks; a sender fills the inbox, then unparks,
 * which the driver remembers.
 *
 * <p><b>Without memory</b> for its message a wake leaves a flag, for which the owner asks each task that waits or stands in the ring
 * for its mail.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code unread}</td><td>any</td><td>the owner, after an unpark</td><td>volatile</td></tr>
 * </table>
 */
final class LocalMail {
    /** What is to be done. */
    interface Message {
        void receive();
    }

    private final LocalExecutor home;
    private final LazyDriver driver;
    private final Foreign.@Nullable Call onReady;
    private final Inbox<Message> inbox = new Inbox<>();

    /** One object, so that to receive takes no memory. */
    private final Consumer<Message> receive = this::receive;

    /** Some task's mail is in no message, since there was no memory for one. */
    private volatile boolean unread;

    LocalMail(LocalExecutor home, LazyDriver driver, @Nullable Runnable onReady) {
        this.home = home;
        this.driver = driver;
        this.onReady = onReady == null ? null : onReady::run;
    }

    // ---- on a foreign thread
    // -----------------------------------------------------------------------------------------

    /**
     * {@return false when the executor has closed}
     *
     * @throws OutOfMemoryError then the message was not taken
     */
    boolean post(Message message) {
        switch (inbox.post(message)) {
            case CLOSED -> {
                return false;
            }
            case MORE -> {}
            case FIRST -> tellOwner();
        }
        return true;
    }

    private void tellOwner() {
        driver.unpark();
        if (onReady != null) {
            Foreign.call(home, home, ", its onReady", onReady);
        }
    }

    /** A task that is live has mail, and there was no memory to post it: {@return false when the executor has closed} */
    boolean leaveUnread() {
        unread = true;
        tellOwner();
        return !inbox.isClosed();
    }

    // ---- on the owner's thread
    // ---------------------------------------------------------------------------------------

    boolean isEmpty() {
        return inbox.isEmpty() && !unread;
    }

    void take() {
        inbox.take(receive);
        if (unread) {
            unread = false;
            home.live.forEach(receive);
            home.ready.forEach(receive);
        }
    }

    /** From now on nothing is accepted. {@return false, and changes nothing, while there are messages} */
    boolean close() {
        return inbox.close();
    }

    private void receive(Message message) {
        try {
            message.receive();
        } catch (Throwable t) { // the next ones are to be received, too
            threw(t);
        }
    }

    private void threw(Throwable thrown) {
        try {
            Owners.report(home, home, ", at a message to it", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }
}
