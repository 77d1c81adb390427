package dev.latent.examples.chat;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import java.util.List;

/** What was said, kept for those who come later. It follows the {@link Bus} by itself, at its own pace; nobody who talks waits for it. */
public interface History extends AsyncCloseable {
    /** {@return a future that keeps what comes over {@code bus}; it never ends} What fails, it tries again. */
    Future<Void> follow(Bus bus);

    /** {@return whether it keeps anything} */
    boolean keeps();

    /** {@return up to which number everything is kept} */
    long kept();

    /** {@return a future that is ready when everything up to {@code number} is kept} */
    Future<Void> reached(long number);

    /** {@return a future of the first {@code limit} lines of a room with a number above {@code after} and not above {@code upTo}, in order, each once} */
    Future<List<Said>> after(String room, long after, long upTo, int limit);

    /** {@return a future of the last {@code limit} lines of a room with a number not above {@code upTo}, in order, each once} */
    Future<List<Said>> last(String room, long upTo, int limit);

    /** {@return one that keeps nothing} */
    static History none() {
        return new History() {
            @Override
            public Future<Void> follow(Bus bus) {
                return Futures.pending();
            }

            @Override
            public boolean keeps() {
                return false;
            }

            @Override
            public long kept() {
                return 0;
            }

            @Override
            public Future<Void> reached(long number) {
                return Futures.done();
            }

            @Override
            public Future<List<Said>> after(String room, long after, long upTo, int limit) {
                return Futures.ready(List.of());
            }

            @Override
            public Future<List<Said>> last(String room, long upTo, int limit) {
                return Futures.ready(List.of());
            }

            @Override
            public Future<Void> closeAsync() {
                return Futures.done();
            }

            @Override
            public void close() {}
        };
    }
}
