package dev.latent.compiler;

/** An async body that can't be woven; the message is for the author of the body. */
public final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;
    private final int line;

    public WeaveException(Rule rule, int line, String why, String fix) {
        super(rule.message(why, fix));
        this.rule = rule;
        this.line = line;
    }

    /** {@return the rule it breaks} */
    public Rule rule() {
        return rule;
    }

    /** {@return the source line, or 0} */
    public int line() {
        return line;
    }
}
