package dev.latent.compiler.body;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A cleanup: the elements from index {@code from} to {@code to}, on a normal path or in a handler. */
public final class Region {
    public final boolean normal;
    public final int from;
    public int to;

    /** The ways out of a normal one: an instruction's index, and which of its targets (-1: the next instruction). */
    public final Map<Integer, Set<Integer>> exits = new HashMap<>();

    public Region(boolean normal, int from, int to) {
        this.normal = normal;
        this.from = from;
        this.to = to;
    }

    public boolean contains(int i) {
        return from <= i && i <= to;
    }

    public boolean holds(Region other) {
        return other != this && from <= other.from && other.to <= to && to - from > other.to - other.from;
    }
}
