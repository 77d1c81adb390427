package compress;

import dev.latent.cli.Failure;
import java.nio.ByteBuffer;

/** Reads the header of a gzip member. */
final class GzipHeader {
    /** A name or a comment that is longer is none. */
    private static final int LONGEST_TEXT = 64 << 10;

    private static final int UNSIGNED = 0xffff;

    private GzipHeader() {}

    /** Gives bytes that come next. */
    interface Ahead {
        /** {@return the next bytes, in little endian, at least so many} */
        ByteBuffer look(int least) throws Failure, BadInput;
    }

    /** {@return its length} */
    static int header(Ahead ahead) throws Failure, BadInput {
        ByteBuffer bytes = ahead.look(Gzip.HEADER);
        int flags = bytes.get(Gzip.FLAGS_AT);
        if (bytes.get(2) != Gzip.DEFLATED || (flags & Gzip.FLAGS_RESERVED) != 0) {
            throw new BadInput("its header asks for what gzip's format does not have, or not yet");
        }
        int at = Gzip.HEADER;
        if ((flags & Gzip.FLAG_EXTRA) != 0) {
            at += Short.BYTES;
            at += ahead.look(at).getShort(at - Short.BYTES) & UNSIGNED;
        }
        if ((flags & Gzip.FLAG_NAME) != 0) {
            at = endOfText(ahead, at);
        }
        if ((flags & Gzip.FLAG_COMMENT) != 0) {
            at = endOfText(ahead, at);
        }
        if ((flags & Gzip.FLAG_CHECKED) != 0) {
            at += Short.BYTES;
        }
        ahead.look(at);
        return at;
    }

    private static int endOfText(Ahead ahead, int from) throws Failure, BadInput {
        for (int at = from; at - from < LONGEST_TEXT; at++) {
            if (ahead.look(at + 1).get(at) == 0) {
                return at + 1;
            }
        }
        throw BadInput.corrupt();
    }

    /** {@return the size of the member that this whole header tells, 0 where it does not} */
    static long memberSize(ByteBuffer header) {
        if ((header.get(Gzip.FLAGS_AT) & Gzip.FLAG_EXTRA) == 0) {
            return 0;
        }
        int at = Gzip.HEADER + Short.BYTES;
        int end = at + (header.getShort(Gzip.HEADER) & UNSIGNED);
        while (at + Gzip.FIELD <= end) {
            int name = header.getShort(at) & UNSIGNED;
            int length = header.getShort(at + Short.BYTES) & UNSIGNED;
            at += Gzip.FIELD;
            if (at + length > end) {
                return 0;
            }
            if (name == Gzip.FIELD_IG && length == Integer.BYTES) {
                return header.getInt(at);
            }
            if (name == Gzip.FIELD_BC && length == Short.BYTES) {
                return (header.getShort(at) & UNSIGNED) + 1L;
            }
            at += length;
        }
        return 0;
    }
}
