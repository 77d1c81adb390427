package dev.latent;

/** A type without values: the branches that a select does not have. */
public final class Never {
    private Never() {}
}
