package dev.latent;

import org.jspecify.annotations.Nullable;

/** What became of the task of a {@link JoinMap} that was known by {@code key}. */
public record Joined<K, T extends @Nullable Object>(K key, Outcome<T> outcome) {}
