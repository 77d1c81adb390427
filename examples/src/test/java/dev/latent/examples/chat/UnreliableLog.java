package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.stream.AsyncStream;
import dev.latent.sync.Notify;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A log of several nodes in memory that does all that a {@link Bus} may do: it is slow, refuses, does not say that it has taken an event, takes one twice, gives one again, and ends a reading at any place. By the
 * context's chance, so of one seed it does the same again.
 */
final class UnreliableLog implements Bus {
    /** Of so many, one goes wrong in each way. */
    private final int rarely;

    private final Notify more = Notify.create();
    final List<Entry> entries = new ArrayList<>();
    int refused;
    int unsure;
    int twice;
    int ended;
    int again;

    /** Whether it is still the log that it was. */
    boolean isSame = true;

    /** Whether a hundred events are gone before they were read. */
    boolean letGo;

    /** Whether it does none of that any more. */
    boolean isGood;

    UnreliableLog(int rarely) {
        this.rarely = rarely;
    }

    private boolean goesWrong(Context cx) {
        return !isGood && cx.capability(RandomGenerator.class).nextInt(rarely) == 0;
    }

    private static Duration soon(Context cx) {
        return Duration.ofMillis(cx.capability(RandomGenerator.class).nextInt(20));
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Future<Void> publish(Event event) {
        return async(() -> {
            await(sleep(soon(context())));
            if (goesWrong(context())) {
                refused++;
                throw new IOException("refused");
            }
            append(event);
            if (goesWrong(context())) {
                twice++;
                append(event);
            }
            await(sleep(soon(context())));
            if (goesWrong(context())) {
                unsure++;
                throw new IOException("no answer");
            }
        });
    }

    void append(Event event) {
        entries.add(new Entry(entries.size() + 1, event));
        more.notifyWaiters();
    }

    @Override
    public Future<Boolean> isSame() {
        return Futures.lazy(() -> Futures.ready(isSame));
    }

    @Override
    public Future<Long> end() {
        return Futures.lazy(() -> Futures.ready((long) entries.size()));
    }

    @Override
    public AsyncStream<Entry> from(long after) {
        return AsyncStream.generate(out -> {
            int next = (int) after;
            while (true) {
                var told = more.notified();
                if (next < entries.size()) {
                    told.drop();
                    LetGo.check(next, next + 1 + (letGo ? 100 : 0));
                    if (goesWrong(context())) {
                        ended++;
                        throw new IOException("the reading ended");
                    }
                    await(out.emit(entries.get(next++)));
                    if (goesWrong(context())) {
                        again++;
                        await(out.emit(entries.get(next - 1)));
                    }
                    if (goesWrong(context())) {
                        await(sleep(soon(context())));
                    }
                } else {
                    await(told);
                }
            }
        });
    }

    @Override
    public Future<Void> closeAsync() {
        return Futures.done();
    }

    @Override
    public void close() {}
}
