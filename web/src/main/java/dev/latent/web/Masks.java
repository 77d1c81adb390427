package dev.latent.web;

import dev.latent.world.Entropy;

/** A client's masks, fetched some at a time, since a strong source is dear to ask. Only the writer asks. */
final class Masks {
    private static final int BYTES = 64;

    private final Entropy source;
    private final byte[] bytes = new byte[BYTES];
    private int used = BYTES;

    Masks(Entropy source) {
        this.source = source;
    }

    int next() {
        if (used == BYTES) {
            source.nextBytes(bytes);
            used = 0;
        }
        int mask = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            mask = mask << Byte.SIZE | bytes[used++] & 0xff;
        }
        return mask;
    }
}
