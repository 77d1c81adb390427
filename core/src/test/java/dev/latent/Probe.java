package dev.latent;

import dev.latent.internal.Sneaky;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A future that does as it is told, and counts. */
final class Probe extends OwnedFuture<String> {
    final String name;
    private final List<String> log;
    private int pendings;
    private boolean selfWaking = true;
    private @Nullable Throwable failure;
    private int cleanupPendings;
    private @Nullable Throwable cleanupFailure;

    Waker waker = Waker.noop();
    int polls;

    /** Times that a drop began. */
    int drops;

    boolean finished;

    /** It has thrown, as a future or in its cleanup. */
    boolean threw;

    boolean cleaned;

    Probe(String name) {
        this(name, new ArrayList<>());
    }

    Probe(String name, List<String> log) {
        this.name = name;
        this.log = log;
    }

    /** Pending that often before it is ready, waking itself. */
    Probe after(int polls) {
        pendings = polls;
        return this;
    }

    /** Pending until {@link #fire}. */
    Probe waiting() {
        pendings = Integer.MAX_VALUE;
        selfWaking = false;
        return this;
    }

    Probe failing(Throwable t) {
        failure = t;
        return this;
    }

    Probe cleanup(int polls) {
        cleanupPendings = polls;
        return this;
    }

    Probe cleanupFailing(Throwable t) {
        cleanupFailure = t;
        return this;
    }

    void fireQuietly() {
        pendings = 0;
    }

    void fire() {
        pendings = 0;
        waker.wake();
    }

    @Override
    protected Poll<String> pollOwned(Context cx) throws Exception {
        polls++;
        if (finished || drops > 0) {
            throw new AssertionError(name + " polled after its end");
        }
        if (pendings > 0) {
            pendings--;
            waker = cx.waker();
            if (selfWaking) {
                waker.wake();
            }
            return Poll.pending();
        }
        finished = true;
        if (failure != null) {
            threw = true;
            throw Sneaky.rethrow(failure);
        }
        return Poll.ready(name);
    }

    @Override
    protected void dropOwned() {
        if (drops++ > 0) {
            // Handed over after pollDrop had begun.
            drops--;
            return;
        }
        log.add("drop " + name);
        if (cleanupFailure != null) {
            threw = true;
            throw Sneaky.rethrow(cleanupFailure);
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (drops == 0) {
            drops++;
            log.add("drop " + name);
        }
        if (cleanupPendings-- > 0) {
            cx.waker().wake();
            return Poll.pending();
        }
        cleaned = true;
        log.add("clean " + name);
        if (cleanupFailure != null) {
            threw = true;
            throw Sneaky.rethrow(cleanupFailure);
        }
        return Poll.done();
    }

    @Override
    public String toString() {
        return "probe " + name;
    }
}
