package compress;

import java.nio.ByteBuffer;

/** Turns one block into what is written, by itself. One thread at a time uses it. */
interface Coder extends AutoCloseable {
    /**
     * Codes what {@code in} holds into {@code out}, both direct.
     *
     * @throws BadInput what is wrong with {@code in}
     */
    void code(ByteBuffer in, ByteBuffer out) throws BadInput;

    @Override
    void close();
}
