package dev.latent.internal;

import dev.latent.Waker;

/** A waker that a combinator gives its child, to know which one was woken. */
public interface InnerWaker extends Waker {
    /** {@return the waker that the combinator itself was last polled with} */
    Waker outer();
}
