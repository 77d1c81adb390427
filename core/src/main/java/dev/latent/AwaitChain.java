package dev.latent;

import dev.latent.internal.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a suspended future waits for: the bodies that await each other, and at their end the future that none of them is part of.
 * For who looks at a running program.
 *
 * @param frames where the bodies stand, the innermost first; empty for a future that is no async body
 * @param waitsFor the future that the innermost body awaits, in words; null: it has not been polled yet
 * @param branches what that future is made of, where it is a {@code join}, a {@code select} and the like
 */
public record AwaitChain(
        List<StackTraceElement> frames, @Nullable String waitsFor, List<AwaitChain> branches) {
    /** Bodies that are listed; a chain can be a million frames deep. */
    private static final int MOST_FRAMES = 1_024;

    /** Futures within futures that are listed. */
    private static final int MOST_LEVELS = 32;

    /** Copies. */
    public AwaitChain {
        frames = List.copyOf(frames);
        branches = List.copyOf(branches);
    }

    /**
     * {@return the chain of {@code future}, which must not be polled meanwhile} To be called by its executor: a future belongs to one
     * thread at a time.
     */
    public static AwaitChain of(Future<?> future) {
        return of(future, 0);
    }

    private static AwaitChain of(Future<?> future, int level) {
        List<StackTraceElement> frames = new ArrayList<>();
        Future<?> leaf = shown(future);
        if (leaf instanceof AsyncFrame<?> root) {
            leaf = null;
            for (AsyncFrame<?> f = root.top(); f != null && frames.size() < MOST_FRAMES; f = f.caller()) {
                frames.add(f.location(f.point()));
                leaf = leaf == null ? f.awaited() : leaf;
            }
        }
        List<AwaitChain> branches = new ArrayList<>();
        if (leaf instanceof OwnedFuture<?> owned && level < MOST_LEVELS) {
            addBranches(owned, branches, level);
        }
        return new AwaitChain(frames, leaf == null ? null : Names.of(leaf), branches);
    }

    /** A program's own words may fail where it is in trouble; the rest is shown all the same. */
    private static void addBranches(OwnedFuture<?> future, List<AwaitChain> branches, int level) {
        try {
            for (Future<?> child : future.children()) {
                branches.add(of(child, level + 1));
            }
        } catch (Throwable t) {
            branches.add(new AwaitChain(
                    List.of(),
                    "others, which are not known: children threw "
                            + t.getClass().getName(),
                    List.of()));
        }
    }

    /** {@return what stands in the place of {@code future}, after a bounded number of steps} */
    static Future<?> shown(Future<?> future) {
        Future<?> shown = future;
        try {
            for (int i = 0; i < MOST_LEVELS && shown instanceof OwnedFuture<?> owned && owned.shown() != owned; i++) {
                shown = Objects.requireNonNull(owned.shown());
            }
        } catch (Throwable t) {
            // Then it is shown itself.
        }
        return shown;
    }

    /**
     * {@return a name for {@code future}, which may be polled meanwhile}: where its body begins, or its class, in parentheses after the
     * name that the program has given it.
     */
    public static String name(Future<?> future) {
        Future<?> at = future;
        try {
            for (int i = 0; i < MOST_LEVELS && at instanceof OwnedFuture<?> owned; i++) {
                if (owned instanceof Named<?> named) {
                    return named.name + " (" + place(named) + ")";
                }
                at = Objects.requireNonNull(owned.shown());
            }
        } catch (Throwable t) {
            // Then it goes by its place.
        }
        return place(future);
    }

    private static String place(Future<?> future) {
        Future<?> shown = shown(future);
        if (shown instanceof AsyncFrame<?> frame) {
            return frame.location(0).toString();
        }
        Class<?> type = shown.getClass();
        return type.getName().startsWith("dev.latent.internal.") ? type.getSimpleName() : type.getName();
    }

    /** {@return the bodies, and what they called, on a thread that polls; empty where it is in no body} */
    public static List<StackTraceElement> polling(Thread thread) {
        return AwaitTrace.bodies(thread.getStackTrace());
    }

    /** {@return the place in the program that called the {@code blockOn} that {@code thread} is in, the innermost; null: it is in none} */
    public static @Nullable StackTraceElement blocker(Thread thread) {
        boolean inside = false;
        for (StackTraceElement e : thread.getStackTrace()) {
            if (Machine.is(e)) {
                inside |= e.getMethodName().equals("blockOn");
            } else if (inside) {
                return AwaitTrace.named(e);
            }
        }
        return null;
    }

    /** {@return in a few words what is waited for, and in which body} */
    public String inBrief() {
        String what = waitsFor == null ? "its first poll" : waitsFor;
        return frames.isEmpty() ? what : what + ", in " + frames.getFirst();
    }

    /** The lines of a dump: what is waited for, its branches further in, and the bodies. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "");
        return text.toString();
    }

    private void append(StringBuilder text, String indent) {
        text.append(waitsFor == null ? "not polled yet" : waitsFor).append('\n');
        for (AwaitChain branch : branches) {
            text.append(indent).append("  - ");
            branch.append(text, indent + "    ");
        }
        frames.forEach(f -> text.append(indent).append("at ").append(f).append('\n'));
    }
}
