package dev.latent;

/** What a select of two gives; {@code switch} over it is exhaustive with {@link First} and {@link Second}. */
public sealed interface OneOf2<A, B, C, D> extends OneOf3<A, B, C, D> permits First, Second {}
