package dev.latent.compiler;

/** An async body, or a class, that can't be woven; the message is for its author. */
public final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;
    private final int line;

    public WeaveException(Rule rule, int line, String why, String fix) {
        super(rule.message(why, fix));
        this.rule = rule;
        this.line = line;
    }

    private WeaveException(int line, String why, String fix, Throwable fault) {
        this(Rule.NOT_WOVEN, line, why, fix);
        initCause(fault);
    }

    /**
     * {@return what there is to say where the weaver itself has failed}
     *
     * @param type the class, by its Java name
     * @param where the async body in it, or an empty string where it was none
     * @param file the source file
     * @param line of the body, or 0
     */
    public static WeaveException fault(String type, String where, String file, int line, Throwable fault) {
        StackTraceElement[] at = fault.getStackTrace();
        String version = WeaveException.class.getPackage().getImplementationVersion();
        return new WeaveException(
                line,
                "the weaver broke down over class " + type + where + ", compiled from " + file + ": " + fault
                        + (at.length == 0 ? "" : ", at " + at[0]),
                "This is a fault of the weaver and not of your code. Report it with these lines, with latent-compiler "
                        + (version == null ? "(not packaged)" : version) + ", JDK " + Runtime.version()
                        + ", and with what the compiler made of the class: javac -proc:none -d plain …; javap -v -p"
                        + " -cp plain '"
                        + type + "'",
                fault);
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
