package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.stream.AsyncStream;
import dev.latent.sync.Notify;
import dev.latent.world.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bus in memory, for one node. Its numbers are microseconds since 1970, or one more than the last: those of a node that was started again go on where they were.
 *
 * <p>The log is a chain of which each reader holds the place that it has come to; what all have read is nobody's any more. So reading {@linkplain #from from} a number begins
 * with what comes now.
 */
public final class MemoryBus implements Bus {
    /** A place in the chain. */
    private static final class Link {
        final Entry entry;

        /** Guarded by the bus's monitor. */
        @Nullable
        Link next;

        Link(Entry entry) {
            this.entry = entry;
        }
    }

    private final Notify more = Notify.create();
    private Link last = new Link(new Entry(0, new Event.Beat("", "")));

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Future<Void> publish(Event event) {
        return async(() -> {
            append(event, micros(context()));
            more.notifyWaiters();
        });
    }

    static long micros(Context cx) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, cx.capability(Clock.class).instant());
    }

    private synchronized void append(Event event, long now) {
        Link link = new Link(new Entry(Math.max(last.entry.number() + 1, now), event));
        last.next = link;
        last = link;
    }

    @Override
    public Future<Long> end() {
        return Futures.lazy(() -> Futures.ready(last().entry.number()));
    }

    private synchronized Link last() {
        return last;
    }

    private synchronized @Nullable Link next(Link link) {
        return link.next;
    }

    @Override
    public AsyncStream<Entry> from(long after) {
        Link begin = last();
        return AsyncStream.generate(out -> {
            Link read = begin;
            while (true) {
                var told = more.notified();
                Link next = next(read);
                if (next == null) {
                    await(told);
                } else {
                    told.drop();
                    read = next;
                    await(out.emit(next.entry));
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
