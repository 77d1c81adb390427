package compress;

/** What RFC 1952 says of a member, and the two fields by which others, and this program, say how long one is, so that all can be found without decompressing any. */
final class Gzip {
    static final int MAGIC = 0x8b1f;
    static final int DEFLATED = 8;
    static final int UNKNOWN_SYSTEM = 255;

    /** Magic, method, flags, time, extra flags, system. */
    static final int HEADER = 10;

    static final int FLAGS_AT = 3;

    /** Check sum and size. */
    static final int TRAILER = 8;

    static final int FLAG_CHECKED = 2;
    static final int FLAG_EXTRA = 4;
    static final int FLAG_NAME = 8;
    static final int FLAG_COMMENT = 16;
    static final int FLAGS_RESERVED = 0xe0;

    /** The field of mgzip and pgzip: four bytes, the member's size, header and trailer included. */
    static final int FIELD_IG = 'I' | 'G' << 8;

    /** That of bgzip: two bytes, the same less one. */
    static final int FIELD_BC = 'B' | 'C' << 8;

    /** Of a field: its name and its length. */
    static final int FIELD = 4;

    private Gzip() {}
}
