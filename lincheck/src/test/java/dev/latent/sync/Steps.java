package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Waker;
import java.util.function.Supplier;

/** What each thread has of a lock: a future, or what that has given. A step asks, polls again, or gives back. */
final class Steps {
    static final int THREADS = 8;

    private final Future<?>[] futures = new Future<?>[THREADS];
    private final Releasable[] held = new Releasable[THREADS];
    private final Context[] contexts = new Context[THREADS];

    Steps() {
        for (int i = 0; i < THREADS; i++) {
            contexts[i] = new Context(new Nowhere());
        }
    }

    String step(int who, Supplier<? extends Future<?>> ask) throws Exception {
        if (held[who] != null) {
            held[who].close();
            held[who] = null;
            return "gave back";
        }
        if (futures[who] == null) {
            futures[who] = ask.get();
        }
        return poll(who);
    }

    /** Has a future, in the place of none. */
    void ask(int who, Future<?> future) {
        if (futures[who] == null) {
            futures[who] = future;
        }
    }

    String poll(int who) throws Exception {
        if (futures[who] == null) {
            return "nothing";
        }
        contexts[who].begin(Waker.noop());
        if (futures[who].poll(contexts[who]) instanceof Poll.Ready<?>(Object value)) {
            futures[who] = null;
            if (value instanceof Releasable releasable) {
                held[who] = releasable;
            }
            return "has " + (value instanceof Boolean leads ? leads : "it");
        }
        return "waits";
    }

    String leave(int who) {
        if (held[who] != null) {
            held[who].close();
            held[who] = null;
            return "gave back";
        }
        if (futures[who] != null) {
            futures[who].drop();
            futures[who] = null;
            return "left";
        }
        return "nothing";
    }
}
