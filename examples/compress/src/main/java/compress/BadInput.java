package compress;

/** What is wrong with what is read. */
final class BadInput extends Exception {
    static final String CORRUPT = "it is corrupt: what it holds was changed after it was compressed";
    static final String TRUNCATED = "it ends too early: the rest of it is missing";

    private static final long serialVersionUID = 1L;

    BadInput(String message) {
        super(message);
    }

    static BadInput corrupt() {
        return new BadInput(CORRUPT);
    }

    static BadInput truncated() {
        return new BadInput(TRUNCATED);
    }
}
