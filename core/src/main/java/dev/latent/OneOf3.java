package dev.latent;

/** What a select of three gives. */
public sealed interface OneOf3<A, B, C, D> extends OneOf4<A, B, C, D> permits OneOf2, Third {}
