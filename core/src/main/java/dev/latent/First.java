package dev.latent;

/** The first branch of a select won. */
public record First<A, B, C, D>(A value) implements OneOf2<A, B, C, D> {}
