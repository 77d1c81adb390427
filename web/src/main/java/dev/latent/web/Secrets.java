package dev.latent.web;

import dev.latent.Context;
import java.security.SecureRandom;

/** Bytes that nobody can guess, as the keys and masks of a client have to be (RFC 6455, 4.1 and 5.3). */
@FunctionalInterface
interface Secrets {
    /** Overwrites all of {@code bytes}. */
    void nextBytes(byte[] bytes);

    /** {@return the source of those that {@code cx} polls} */
    @SuppressWarnings("unused")
    static Secrets of(Context cx) {
        return new SecureRandom()::nextBytes;
    }
}
