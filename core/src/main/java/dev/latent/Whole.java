package dev.latent;

/**
 * What woven code calls where a debugger has a body run from its start in the method that resumes it; not for programs.
 *
 * <p>Without a debugger this class is never loaded. The JIT compiler ends a path at a call of a class that is not, and so sees in that method
 * no second way into a loop, which it would optimize less.
 */
public final class Whole {
    private Whole() {}

    /** Does nothing. */
    public static void begins() {}
}
