package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.channel.Watch.State;
import java.util.concurrent.atomic.AtomicLong;

/** {@link Watch#changes}. */
final class Changes<T> implements Source<T> {
    private static final long NEVER = -1;

    /** After the close; no version is greater. */
    private static final long CLOSED = Long.MAX_VALUE;

    private final Watch<T> watch;

    /** The version that was given last. */
    private final AtomicLong seen = new AtomicLong(NEVER);

    Changes(Watch<T> watch) {
        this.watch = watch;
    }

    @Override
    @NowOr("nextNow")
    public Future<Next<T>> next() {
        return new ToNext<>(this);
    }

    @Override
    public Object nextNow(Context cx) {
        if (cx.isSpent() || !(look(watch.state()) instanceof Poll.Ready<Next<T>>(Next<T> next))) {
            return Poll.pending();
        }
        cx.spend();
        return next;
    }

    private Poll<Next<T>> look(State<T> state) {
        while (true) {
            long last = seen.get();
            if (last == CLOSED || state.version() <= last) {
                return last == CLOSED || state.closed() ? Poll.ready(Next.end()) : Poll.pending();
            }
            Poll<Next<T>> found = Poll.ready(new Item<>(state.value()));
            if (seen.compareAndSet(last, state.version())) {
                return found;
            }
        }
    }

    /** Nobody has received the value that it had at {@code version}: the latest comes again, if none has come since. */
    private void putBack(long version) {
        changeSeen(version, NEVER);
    }

    @Override
    public void close() {
        long last;
        do {
            last = seen.get();
        } while (!changeSeen(last, CLOSED));
    }

    /** Under the lock, so that nobody waits who has not seen it. */
    private boolean changeSeen(long from, long to) {
        watch.waiting.lock();
        boolean changed = seen.compareAndSet(from, to);
        watch.waiting.unlock();
        if (changed) {
            watch.waiting.wakeAll();
        }
        return changed;
    }

    @Override
    public String toString() {
        return "changes of " + watch;
    }

    private static final class ToNext<T> extends Watching<T, Next<T>> {
        private final Changes<T> changes;
        private long version;

        ToNext(Changes<T> changes) {
            super(changes.watch);
            this.changes = changes;
        }

        @Override
        Poll<Next<T>> look(State<T> state) {
            version = state.version();
            return changes.look(state);
        }

        @Override
        boolean isStale(State<T> state) {
            return changes.seen.get() == CLOSED || changes.seen.get() < state.version();
        }

        @Override
        protected void undelivered(Next<T> next) {
            if (next instanceof Item) {
                changes.putBack(version);
            }
        }

        @Override
        public String toString() {
            return "next of " + changes;
        }
    }
}
