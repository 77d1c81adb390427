package dev.latent.io.spi;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.util.List;

/** A close that waits: begun, it also ends, by {@code atOnce} where nobody waits for it any more, or the pool does not take it. */
public final class Closing extends OwnedFuture<Void> {
    private final Future<Void> patient;
    private final Runnable atOnce;
    private boolean begun;

    /**
     * A close.
     *
     * @param patient that waits
     * @param atOnce that does not
     */
    public Closing(Future<Void> patient, Runnable atOnce) {
        this.patient = patient;
        this.atOnce = atOnce;
        Owners.claim(patient, this);
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        begun = true;
        try {
            return Owners.poll(patient, this, cx);
        } catch (RuntimeException | Error notTaken) {
            atOnce.run();
            throw notTaken;
        }
    }

    @Override
    protected void dropOwned() {
        Owners.drop(patient, this);
        if (begun) {
            atOnce.run();
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(patient);
    }

    @Override
    public String toString() {
        return "close of " + patient;
    }
}
