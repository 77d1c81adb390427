package dev.latent.io;

import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Item;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A capability: the signals that the process gets. The system's own, or some that are played. */
public interface Signals {
    /**
     * {@return what gives each signal of {@code wanted} that comes from now on, until it is closed}
     *
     * <p>As long as somebody listens, a signal does nothing else: the process does not end by it. A few that nobody has asked for yet are kept.
     *
     * @throws IllegalStateException when they can't be listened for, with the reason: a JVM that was started with {@code -Xrs} leaves signals to the system
     */
    Source<Signal> listen(Set<Signal> wanted);

    /**
     * {@return a stream of each of these signals that comes from when the stream is first asked, to the executor that asks}
     *
     * <p><em>Throws</em> {@link IllegalStateException} as {@link #listen}.
     */
    static AsyncStream<Signal> of(Signal... wanted) {
        Set<Signal> all = wanted.length == 0 ? EnumSet.noneOf(Signal.class) : EnumSet.copyOf(List.of(wanted));
        return AsyncStream.generate(out -> {
            try (Source<Signal> heard = context().capability(Signals.class).listen(all)) {
                while (await(heard.next()) instanceof Item(var signal)) {
                    await(out.emit(signal));
                }
            }
        });
    }
}
