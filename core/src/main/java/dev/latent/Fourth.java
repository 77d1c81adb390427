package dev.latent;

/** The fourth branch of a select won. */
public record Fourth<A, B, C, D>(D value) implements OneOf4<A, B, C, D> {}
