package dev.latent.channel;

/** There is nothing to receive any more, or nobody to send to: the channel has been closed, by whom it was made for or from the other side. */
public final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ChannelClosedException(Object channel) {
        super(channel + " is closed");
    }

    ChannelClosedException(String message) {
        super(message);
    }
}
