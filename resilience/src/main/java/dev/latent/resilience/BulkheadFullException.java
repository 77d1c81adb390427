package dev.latent.resilience;

import java.util.concurrent.RejectedExecutionException;

/** A {@link Bulkhead} is full, and so is its line of those who wait. Nothing has run. */
public final class BulkheadFullException extends RejectedExecutionException {
    private static final long serialVersionUID = 1;

    BulkheadFullException(String message) {
        super(message);
    }
}
