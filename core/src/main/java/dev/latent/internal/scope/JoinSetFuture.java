package dev.latent.internal.scope;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@link Async#joinSet}: a body over a {@link Group} of the executor that polls it first. When the body has ended, by whatever way, the group is
 * closed and waited for.
 *
 * <pre>
 *   NEW --1--&gt; BODY --2--&gt; CLOSING --3--&gt; ended    1 first poll   2 the body is ready, has thrown, or is dropped with its cleanup
 *    +---------------------------------------^      3 all tasks have ended
 * </pre>
 */
public final class JoinSetFuture<R extends @Nullable Object> extends OwnedFuture<R> {
    private final Function<Group, Future<R>> maker;
    private @Nullable Group group;
    private @Nullable Future<R> body;
    private @Nullable Future<Void> close;
    private @Nullable R value;
    private @Nullable Throwable failure;

    /** @param maker makes the body */
    public JoinSetFuture(Function<Group, Future<R>> maker) {
        this.maker = maker;
    }

    @Override
    protected Poll<R> pollOwned(Context cx) throws Exception {
        if (group == null) {
            group = new Group(cx.spawner());
            body = maker.apply(group);
            Owners.claim(body, this);
        }
        if (close == null && body != null) {
            try {
                if (!(Owners.poll(body, this, cx) instanceof Poll.Ready<R>(var ready))) {
                    return Poll.pending();
                }
                value = ready;
            } catch (Throwable t) {
                failure = t;
            }
            closeBegins(group);
        }
        return closed(cx) ? told() : Poll.pending();
    }

    private void closeBegins(Group ended) {
        close = ended.closeAsync();
        Owners.claim(close, this);
    }

    private boolean closed(Context cx) throws Exception {
        return close == null || Owners.poll(close, this, cx).isReady();
    }

    /** The value is null only where its type admits null. */
    @SuppressWarnings("NullAway")
    private Poll<R> told() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        return Poll.ready(value);
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        Group mine = group;
        if (mine == null || body == null) {
            return Poll.done();
        }
        if (close == null) {
            try {
                if (!Owners.pollDrop(body, this, cx).isReady()) {
                    mine.close();
                    return Poll.pending();
                }
            } catch (Throwable t) {
                failure = Failures.add(failure, t);
            }
            closeBegins(mine);
        }
        try {
            if (!closed(cx)) {
                return Poll.pending();
            }
        } catch (Throwable t) {
            failure = Failures.add(failure, t);
        }
        abandon(mine.spawner());
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        Group mine = group;
        if (mine == null || body == null) {
            return;
        }
        mine.close();
        try {
            if (close == null) {
                Owners.drop(body, this);
            } else {
                Owners.drop(close, this);
            }
        } finally {
            abandon(mine.spawner());
        }
    }

    private void abandon(Spawner spawner) {
        if (failure != null) {
            Owners.report(spawner, this, ", dropped", failure);
        } else if (value != null) {
            undelivered(value);
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        Future<?> now = close == null ? body : close;
        return now == null ? List.of() : List.of(now);
    }

    @Override
    protected boolean isBeingPolled() {
        return close == null && body != null && Owners.isBeingPolled(body);
    }

    @Override
    protected void undelivered(R told) {
        if (body != null) {
            Owners.undelivered(body, told);
        }
    }

    @Override
    public String toString() {
        return "joinSet of " + body;
    }
}
