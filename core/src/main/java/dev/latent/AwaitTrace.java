package dev.latent;

import dev.latent.internal.Failures;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the stack trace of a failure read like the source: who threw it, and then the chain of awaits.
 *
 * <p>A failure's own trace tells of the native stack as it was: the body that threw, and below it machinery, bodies that happen
 * to stand on the native stack, and an executor. Only the first part is kept, {@link #top}. What follows is found at the moment
 * at which the failure first crosses from a future to the body that awaits it: {@link Below} reads the native stack for the
 * bodies on it, and puts the frames that are suspended where the loop of their chain stands. The trace is then the same
 * whether the bodies have been suspended or not.
 *
 * <p>So a trace that is complete holds no element of the {@link Machine}, and one that does is not. The chain ends at the task: who runs it is
 * of no interest, but who awaits its handle, or blocks for it, is appended.
 */
final class AwaitTrace {
    /** Elements that a trace may have in the end; a chain can be a million frames deep. */
    private static final int LIMIT = 1_024;

    private AwaitTrace() {}

    /** {@return {@code failure}, thrown by {@code thrower} into {@code running}, both of them on the native stack} */
    static Throwable intoRunning(Throwable failure, AsyncFrame<?> thrower, AsyncFrame<?> running) {
        return complete(failure, thrower, From.BODY, running, false);
    }

    /** {@return {@code failure}, thrown by {@code thrower} into {@code suspended}} */
    static Throwable intoSuspended(Throwable failure, AsyncFrame<?> thrower, AsyncFrame<?> suspended) {
        return complete(failure, thrower, From.BODY, suspended, true);
    }

    /** {@return {@code failure}, thrown by the root of a chain to who polls it} */
    static Throwable outOf(AsyncFrame<?> root, Throwable failure) {
        return complete(failure, root, From.BODY, root, false);
    }

    /** {@return {@code failure}, thrown by {@code leaf} into {@code waiting}, which is suspended or on the native stack} */
    static Throwable ofLeaf(Throwable failure, Future<?> leaf, AsyncFrame<?> waiting, boolean suspended) {
        return complete(
                failure, null, leaf instanceof FailedFuture<?> ? From.MADE_BEFORE : From.LEAF, waiting, suspended);
    }

    /** {@code failure} is thrown by {@code named}: where that is what a task runs, its name is the last that the trace tells of the task. */
    static void ofTask(Throwable failure, OwnedFuture<?> named, String name) {
        try {
            Object owner = named.owner();
            for (int steps = 0; owner instanceof OwnedFuture<?> future && steps < LIMIT; steps++) {
                if (future instanceof JoinHandle<?>) {
                    StackTraceElement last = new StackTraceElement("task", name, "named", -1);
                    StackTraceElement[] trace = failure.getStackTrace();
                    if (failure != Failures.NO_MEMORY
                            && trace.length < LIMIT
                            && (trace.length == 0 || !trace[trace.length - 1].equals(last))) {
                        StackTraceElement[] longer = Arrays.copyOf(trace, trace.length + 1);
                        longer[trace.length] = last;
                        failure.setStackTrace(longer);
                    }
                    return;
                }
                if (future instanceof AsyncFrame<?>) {
                    return;
                }
                owner = future.owner();
            }
        } catch (Throwable t) {
            // As above: it goes on all the same.
        }
    }

    /** {@return {@code failure} of a task, thrown to a call that blocked for it} */
    static Throwable toBlocked(Throwable failure) {
        try {
            Below below = new Below(null, false);
            StackTraceElement[] trace = failure.getStackTrace();
            boolean madeHere = trace.length > 0
                    && !below.elements().isEmpty()
                    && trace[trace.length - 1].equals(below.elements().getLast());
            if (!madeHere) {
                complete(failure, null, From.LEAF, below);
            }
        } catch (Throwable t) {
            // As below.
        }
        return failure;
    }

    /** {@return the trace without the awaits, for a failure that will be thrown to several awaiters} */
    static StackTraceElement[] origin(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        int end = end(trace, From.LEAF);
        return end < 0 ? trace : top(trace, end).toArray(StackTraceElement[]::new);
    }

    /** {@return what a thread that polls is doing for the program}: the elements above its innermost executor. */
    static List<StackTraceElement> bodies(StackTraceElement[] trace) {
        int end = trace.length;
        while (end > 0 && !Machine.isStep(trace[end - 1])) {
            end--;
        }
        int begin = 0;
        while (begin < end && trace[begin].getClassName().equals(Thread.class.getName())) {
            begin++; // the look itself, at the thread that looks
        }
        List<StackTraceElement> bodies = new ArrayList<>();
        for (int i = begin; i < end; i++) {
            if (!Machine.isStep(trace[i]) && !Machine.is(trace[i])) {
                bodies.add(named(trace[i]));
            }
        }
        return bodies;
    }

    /** What throws. */
    private enum From {
        BODY,
        /** A future that is no frame; it may bring what was thrown in another chain, to which this one is then added. */
        LEAF,
        /** A future of a failure. */
        MADE_BEFORE
    }

    private static Throwable complete(
            Throwable failure, @Nullable AsyncFrame<?> thrower, From from, AsyncFrame<?> into, boolean suspended) {
        try {
            complete(failure, thrower, from, new Below(into, suspended));
        } catch (Throwable t) {
            // No stack, no memory, or a trace of the failure's own making: it goes on all the same, and where less of
            // the stack is in
            // use, its next crossing completes it.
        }
        return failure;
    }

    private static void complete(Throwable failure, @Nullable AsyncFrame<?> thrower, From from, Below below) {
        if (failure == Failures.NO_MEMORY) {
            return; // it is nobody's in particular
        }
        StackTraceElement[] trace = failure.getStackTrace();
        StackTraceElement last = thrower == null ? null : thrower.location(thrower.point());
        int end = end(trace, from);
        if (end >= 0) {
            List<StackTraceElement> top = top(trace, end);
            if (from != From.BODY && Machine.isStep(trace[end]) && !top.isEmpty()) {
                below.skip(top.getLast()); // made by the body that awaits it
            }
            set(failure, top, below.elements());
            last = top.isEmpty() ? last : top.getLast();
        } else if (from == From.LEAF && trace.length > 0 && !endsWith(trace, below.elements())) {
            set(failure, top(trace, endOfCall(trace)), below.elements());
        }
        completeLinked(failure, last, from, below);
    }

    /** Causes and suppressed ones: the same awaits have led to those that come from the same place as {@code thrower}. */
    private static void completeLinked(Throwable failure, @Nullable StackTraceElement thrower, From from, Below below) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> left = new ArrayList<>(List.of(failure));
        while (!left.isEmpty() && seen.size() < LIMIT) {
            Throwable t = left.removeLast();
            if (!seen.add(t)) {
                continue;
            }
            left.addAll(Arrays.asList(t.getSuppressed()));
            if (t.getCause() != null) {
                left.add(t.getCause());
            }
            StackTraceElement[] trace = t.getStackTrace();
            int end = t == failure ? -1 : end(trace, from);
            if (end >= 0) {
                List<StackTraceElement> top = top(trace, end);
                boolean together = thrower != null && !top.isEmpty() && isSameMethod(thrower, top.getLast());
                set(t, top, together ? below.elements() : List.of());
            }
        }
    }

    private static void set(Throwable failure, List<StackTraceElement> top, List<StackTraceElement> below) {
        List<StackTraceElement> all = new ArrayList<>(top);
        all.addAll(below);
        failure.setStackTrace(all.subList(0, Math.min(all.size(), LIMIT)).toArray(StackTraceElement[]::new));
    }

    // ---- elements ---------------------------------------------------------------------------------------------------

    /** {@return where the trace of what has thrown ends and the machine begins; -1: it is complete} */
    private static int end(StackTraceElement[] trace, From from) {
        for (int i = 0; i < trace.length; i++) {
            if (Machine.isStep(trace[i])) {
                return i;
            }
            if (Machine.isChain(trace[i])) {
                if (from != From.BODY) {
                    return i;
                }
                if (i > 0 && !Machine.is(trace[i - 1])) {
                    return -1; // complete down to a future of somebody's own: see Below
                }
                // Else the machine has refused what the body wanted of it.
            }
        }
        return -1;
    }

    /** {@return where a call that ran on a thread of the blocking pool ends, and the pool begins} */
    private static int endOfCall(StackTraceElement[] trace) {
        for (int i = 1; i < trace.length; i++) {
            if (Machine.is(trace[i]) && !Machine.is(trace[i - 1])) {
                return i;
            }
        }
        return trace.length;
    }

    /** What Latent itself threw is named first; what lies between that and the body is not. */
    private static List<StackTraceElement> top(StackTraceElement[] trace, int end) {
        List<StackTraceElement> top = new ArrayList<>();
        boolean thrower = true;
        for (int i = 0; i < end && top.size() < LIMIT; i++) {
            thrower &= Machine.is(trace[i]);
            if (thrower ? !Machine.isOwnership(trace[i]) : !Machine.is(trace[i])) {
                top.add(named(trace[i]));
            }
        }
        return top;
    }

    private static boolean endsWith(StackTraceElement[] trace, List<StackTraceElement> below) {
        return trace.length >= LIMIT
                || trace.length >= below.size()
                        && Arrays.asList(trace)
                                .subList(trace.length - below.size(), trace.length)
                                .equals(below);
    }

    private static boolean isSameMethod(StackTraceElement a, StackTraceElement b) {
        return a.getMethodName().equals(b.getMethodName()) && a.getClassName().equals(b.getClassName());
    }

    /** {@code lambda$checkout$3} stands in {@code checkout}. */
    static StackTraceElement named(StackTraceElement e) {
        String method = e.getMethodName();
        if (!method.startsWith("lambda$")) {
            return e;
        }
        int end = method.lastIndexOf('$');
        return new StackTraceElement(
                e.getClassName(), end <= 7 ? method : method.substring(7, end), e.getFileName(), e.getLineNumber());
    }

    /** What stands below the point at which a failure crosses; found when it is first asked for. */
    private static final class Below {
        /** The frame with which the innermost chain goes on; null where it isn't known. */
        private @Nullable AsyncFrame<?> frame;

        /** Whether that frame is suspended, so that it is not on the native stack itself. */
        private boolean suspended;

        /** Steps that may be taken from frame to frame, should one await itself. */
        private int steps = 4 * LIMIT;

        private @Nullable List<StackTraceElement> elements;

        Below(@Nullable AsyncFrame<?> frame, boolean suspended) {
            this.frame = frame;
            this.suspended = suspended;
        }

        List<StackTraceElement> elements() {
            if (elements == null) {
                List<StackTraceElement> found = new ArrayList<>();
                StackWalker.getInstance().walk(stack -> {
                    read(stack.iterator(), found);
                    return found;
                });
                elements = found;
            }
            return elements;
        }

        /** Leaves out the first where it is the same method as {@code thrower}. */
        void skip(StackTraceElement thrower) {
            List<StackTraceElement> all = elements();
            if (!all.isEmpty() && isSameMethod(all.getFirst(), thrower)) {
                elements = all.subList(1, all.size());
            }
        }

        private void read(Iterator<StackFrame> stack, List<StackTraceElement> to) {
            while (stack.hasNext() && to.size() < LIMIT) {
                StackTraceElement e = stack.next().toStackTraceElement();
                if (frame == null && (Machine.isStep(e) || Machine.isChain(e))) {
                    // A future of somebody's own polls this chain from within another. As the failure crosses to that
                    // one, it finds its place by these elements.
                    to.add(e);
                    stack.forEachRemaining(rest -> to.add(rest.toStackTraceElement()));
                } else if (Machine.isLoop(e)) {
                    if (!goOnBelow(addSuspended(to))) {
                        return;
                    }
                } else if (!Machine.isStep(e) && !Machine.is(e)) {
                    to.add(named(e));
                }
            }
        }

        /** {@return the root of the chain, whose suspended frames are listed} */
        private AsyncFrame<?> addSuspended(List<StackTraceElement> to) {
            AsyncFrame<?> at = Objects.requireNonNull(frame);
            boolean listed = suspended;
            while (true) {
                if (listed && to.size() < LIMIT) {
                    to.add(at.location(at.point()));
                }
                AsyncFrame<?> caller = at.caller();
                listed |= caller != null;
                if (caller == null && at.owner() instanceof AsyncFrame<?> running) {
                    caller = running; // both are on the native stack
                }
                if (caller == null || to.size() >= LIMIT || --steps < 0) {
                    return at;
                }
                at = caller;
            }
        }

        /** {@return whether what polls {@code root} is of interest}: the chain that awaits it, not the loop of an executor. */
        private boolean goOnBelow(AsyncFrame<?> root) {
            OwnedFuture<?> awaited = root;
            Object owner = root.owner();
            while (owner instanceof OwnedFuture<?> future
                    && !(future instanceof AsyncFrame<?> || future instanceof JoinHandle<?>)
                    && --steps >= 0) {
                awaited = future;
                owner = future.owner();
            }
            frame = owner instanceof AsyncFrame<?> waiting ? waiting : null;
            suspended = frame != null && frame.awaited() == awaited;
            return !(owner instanceof JoinHandle<?> || owner instanceof SharedFuture<?>);
        }
    }
}
