package dev.latent;

/** The third branch of a select won. */
public record Third<A, B, C, D>(C value) implements OneOf3<A, B, C, D> {}
