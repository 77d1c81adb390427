package dev.latent.internal.scope;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinSet;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** {@link JoinSet#firstSuccess}. First it takes outcomes, then it closes the group and waits for that. */
public final class FirstSuccess<T extends @Nullable Object> extends OwnedFuture<T> {
    private final Group group;
    private @Nullable Future<@Nullable Member<?>> next;
    private @Nullable Member<?> won;
    private @Nullable Throwable failure;
    private @Nullable Future<Void> close;

    public FirstSuccess(Group group) {
        this.group = group;
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        try {
            return tried(cx);
        } catch (Throwable t) {
            if (won != null) { // and can't be told
                won.letGo();
            }
            throw t;
        }
    }

    private Poll<T> tried(Context cx) throws Exception {
        while (close == null) {
            if (next == null) {
                next = group.next(member -> member);
                Owners.claim(next, this);
            }
            if (!(Owners.poll(next, this, cx) instanceof Poll.Ready<@Nullable Member<?>> ready)) {
                return Poll.pending();
            }
            Member<?> member = ready.value();
            next = null;
            if (member != null && member.failure() != null) {
                failure = Failures.add(failure, member.failure());
                continue;
            }
            won = member;
            close = group.closeAsync();
            Owners.claim(close, this);
        }
        return Owners.poll(close, this, cx).isReady() ? told() : Poll.pending();
    }

    @SuppressWarnings("unchecked")
    private Poll<T> told() {
        if (won != null) {
            return Poll.ready((T) won.value());
        }
        throw failure != null
                ? Sneaky.rethrow(failure)
                : new NoSuchElementException("the first success of no tasks at all");
    }

    @Override
    protected void dropOwned() {
        if (next != null) {
            Owners.drop(next, this);
        }
        if (close != null) {
            Owners.drop(close, this);
        }
        if (won != null) {
            won.letGo();
        } else if (failure != null) {
            Owners.report(group.spawner(), this, ", dropped", failure);
        }
    }

    @Override
    protected void undelivered(T value) {
        if (won != null) {
            won.letGo();
        }
    }

    @Override
    public String toString() {
        return "the first success of " + group.size() + " tasks";
    }
}
