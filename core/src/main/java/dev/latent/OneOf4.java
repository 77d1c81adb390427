package dev.latent;

/** What a select of four gives. */
public sealed interface OneOf4<A, B, C, D> permits OneOf3, Fourth {}
