package compress;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Raw deflate (RFC 1951) of whole pieces. */
interface Deflate extends AutoCloseable {
    /** Compresses all of {@code in} into {@code out}, which has place for it. */
    void all(ByteBuffer in, ByteBuffer out);

    @Override
    void close();

    /** {@return the system's zlib where there is one: built for this machine it is faster than the JDK's own, which is there everywhere} */
    static Deflate best(int level) {
        return SystemZlib.isThere() ? new SystemZlib(level) : jdk(level);
    }

    static Deflate jdk(int level) {
        Deflater deflater = new Deflater(level, true);
        return new Deflate() {
            @Override
            public void all(ByteBuffer in, ByteBuffer out) {
                deflater.reset();
                deflater.setInput(in);
                deflater.finish();
                deflater.deflate(out);
                if (!deflater.finished()) {
                    throw new IllegalStateException("no place for what was compressed");
                }
            }

            @Override
            public void close() {
                deflater.end();
            }
        };
    }
}
