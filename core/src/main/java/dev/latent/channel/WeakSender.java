package dev.latent.channel;

import java.util.Optional;

/** What makes counted senders of a channel as long as that is open, and keeps it open by no means: for a cache, a registry, a task that may come late. */
public final class WeakSender<T> {
    private final Channel<T> channel;

    WeakSender(Channel<T> channel) {
        this.channel = channel;
    }

    /** {@return a new counted sender, or nothing when the channel is closed} */
    public Optional<Sender<T>> upgrade() {
        try {
            return Optional.of(channel.newSender());
        } catch (ChannelClosedException closed) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "weak sender of " + channel;
    }
}
