package dev.latent;

/** The second branch of a select won. */
public record Second<A, B, C, D>(B value) implements OneOf2<A, B, C, D> {}
