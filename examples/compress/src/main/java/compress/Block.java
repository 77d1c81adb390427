package compress;

import java.nio.ByteBuffer;

/**
 * A piece of a file: filled by who reads, coded by any thread, emptied by who writes, and then filled again. It has its own coder, so no thread needs one.
 * Who waits for the thread that has coded it sees what that has done.
 */
final class Block implements AutoCloseable {
    private final Coder coder;
    private ByteBuffer in = ByteBuffer.allocateDirect(0);
    private ByteBuffer out = ByteBuffer.allocateDirect(0);
    private boolean coded;
    private boolean closed;

    Block(Coder coder) {
        this.coder = coder;
    }

    /** {@return the empty buffer for what is read, at least that large, and places for at least {@code outSize} of what comes of it} */
    ByteBuffer empty(int inSize, int outSize) {
        in = in.capacity() < inSize ? ByteBuffer.allocateDirect(inSize) : in.clear();
        out = out.capacity() < outSize ? ByteBuffer.allocateDirect(outSize) : out.clear();
        coded = false;
        return in;
    }

    /** {@return the empty buffer for what needs no coder any more} */
    ByteBuffer emptyCoded(int outSize) {
        empty(0, outSize);
        coded = true;
        return out;
    }

    /** {@return this, coded} Synchronized, so that a coder is not closed while a thread that nobody waits for still uses it. */
    synchronized Block coded() throws BadInput {
        if (!coded && !closed) {
            coder.code(in.flip(), out);
            coded = true;
        }
        return this;
    }

    /** {@return what came of it} */
    ByteBuffer result() {
        return out.flip();
    }

    @Override
    public synchronized void close() {
        closed = true;
        coder.close();
    }
}
