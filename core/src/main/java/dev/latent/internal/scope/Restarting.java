package dev.latent.internal.scope;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Restart;
import dev.latent.world.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** {@link Restart#run}: now a body, now the pause after it has failed. */
public final class Restarting<R> extends OwnedFuture<R> {
    private final Restart policy;
    private final Object closure;
    private final long withinNanos;

    /** When the failures were that still count, the oldest first; none where all count. */
    private final Deque<Long> failures = new ArrayDeque<>();

    private long count;
    private @Nullable Future<R> body;
    private @Nullable Future<Void> pause;

    public Restarting(Restart policy, Object closure) {
        this.policy = policy;
        this.closure = closure;
        this.withinNanos = saturated(policy.within());
    }

    private static long saturated(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    protected Poll<R> pollOwned(Context cx) throws Exception {
        while (true) {
            if (pause != null) {
                if (!Owners.poll(pause, this, cx).isReady()) {
                    return Poll.pending();
                }
                pause = null;
            }
            Future<R> now = body;
            if (now == null) {
                now = Owners.call(closure);
                Owners.claim(now, this);
                body = now;
            }
            try {
                return Owners.poll(now, this, cx);
            } catch (CancellationException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                body = null;
                if (isOneTooMany(cx)) {
                    throw e;
                }
                Owners.report(cx.spawner(), now, ", which is run anew", e);
            }
            // A body that fails at once must not keep the thread.
            pause = policy.after().isZero() ? Async.yieldNow() : Async.sleep(policy.after());
            Owners.claim(pause, this);
        }
    }

    private boolean isOneTooMany(Context cx) {
        if (policy.most() == Long.MAX_VALUE) {
            return false;
        }
        if (withinNanos == Long.MAX_VALUE) {
            return ++count > policy.most();
        }
        long now = cx.capability(Clock.class).nanoTime();
        while (!failures.isEmpty() && now - failures.getFirst() > withinNanos) {
            failures.removeFirst();
        }
        failures.addLast(now);
        return failures.size() > policy.most();
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        return pause != null
                ? Owners.pollDrop(pause, this, cx)
                : body != null ? Owners.pollDrop(body, this, cx) : Poll.done();
    }

    @Override
    protected void dropOwned() {
        if (pause != null) {
            Owners.drop(pause, this);
        } else if (body != null) {
            Owners.drop(body, this);
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        Future<?> now = pause != null ? pause : body;
        return now == null ? List.of() : List.of(now);
    }

    @Override
    protected boolean isBeingPolled() {
        return pause == null && body != null && Owners.isBeingPolled(body);
    }

    @Override
    protected void undelivered(R value) {
        if (body != null) {
            Owners.undelivered(body, value);
        }
    }

    @Override
    public String toString() {
        return policy + " of " + (body == null ? closure : body);
    }
}
