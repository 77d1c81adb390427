package dev.latent.compiler;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A cleanup: the elements from index {@code from} to {@code to}, on a normal path or in a handler. */
final class Region {
    final boolean normal;
    final int from;
    int to;

    /** The ways out of a normal one: an instruction's index, and which of its targets (-1: the next instruction). */
    final Map<Integer, Set<Integer>> exits = new HashMap<>();

    Region(boolean normal, int from, int to) {
        this.normal = normal;
        this.from = from;
        this.to = to;
    }

    boolean contains(int i) {
        return from <= i && i <= to;
    }

    boolean holds(Region other) {
        return other != this && from <= other.from && other.to <= to && to - from > other.to - other.from;
    }
}
