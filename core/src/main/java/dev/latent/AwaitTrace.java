package dev.latent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the stack trace of a failure read like the source: where it crosses a link by resumption, the machine's own elements
 * give way to the chain of awaits, once, and a body's elements carry the name of the method that the body stands in.
 */
final class AwaitTrace {
    /** Elements that a trace may have in the end; a chain can be a million frames deep. */
    private static final int LIMIT = 1_024;

    private static final String MACHINE = AsyncFrame.class.getName();

    private AwaitTrace() {}

    /**
     * {@return {@code failure}, with the awaits that led to it}
     *
     * @param waiting the first frame that waits for it, or null where it leaves its root
     */
    static Throwable complete(Throwable failure, @Nullable AsyncFrame<?> waiting) {
        StackTraceElement[] trace = failure.getStackTrace();
        int cut = 0;
        while (cut < trace.length && !isLoop(trace[cut])) {
            cut++;
        }
        if (cut == trace.length && (waiting == null || trace.length == 0 || has(trace, waiting))) {
            return failure;
        }
        List<StackTraceElement> woven = new ArrayList<>();
        add(woven, trace, 0, cut, false);
        for (AsyncFrame<?> f = waiting; f != null && woven.size() < LIMIT; f = f.caller()) {
            woven.add(f.location(f.point()));
        }
        // What lies below the loop: a chain that polled this one, or the executor.
        add(woven, trace, Math.min(cut + 1, trace.length), trace.length, true);
        failure.setStackTrace(woven.toArray(StackTraceElement[]::new));
        return failure;
    }

    private static void add(List<StackTraceElement> to, StackTraceElement[] from, int start, int end, boolean below) {
        for (int i = start; i < end && to.size() < LIMIT; i++) {
            StackTraceElement e = from[i];
            if (isLoop(e)) {
                to.add(e);
            } else if (!isMachinery(e) && !(below && isExecutor(e))) {
                to.add(named(e));
            }
        }
    }

    /** {@return whether this is the loop whose place the chain takes} */
    private static boolean isLoop(StackTraceElement e) {
        return e.getClassName().equals(MACHINE) && e.getMethodName().equals("run");
    }

    private static boolean isMachinery(StackTraceElement e) {
        String type = e.getClassName();
        return type.equals(MACHINE)
                || type.equals("dev.latent.OwnedFuture")
                || type.equals("dev.latent.Owners")
                || type.equals("dev.latent.Woven")
                || e.getMethodName().equals("step") && type.contains("$async$");
    }

    /** {@return whether this is the loop of an executor, which is of no interest below the chain} */
    private static boolean isExecutor(StackTraceElement e) {
        return e.getClassName().startsWith("dev.latent.runtime.");
    }

    private static boolean has(StackTraceElement[] trace, AsyncFrame<?> frame) {
        StackTraceElement at = frame.location(frame.point());
        for (StackTraceElement e : trace) {
            if (e.getClassName().equals(at.getClassName()) && e.getLineNumber() == at.getLineNumber()) {
                return true;
            }
        }
        return false;
    }

    /** {@code lambda$checkout$3} stands in {@code checkout}. */
    private static StackTraceElement named(StackTraceElement e) {
        String method = e.getMethodName();
        if (!method.startsWith("lambda$")) {
            return e;
        }
        int end = method.lastIndexOf('$');
        return new StackTraceElement(
                e.getClassName(), end <= 7 ? method : method.substring(7, end), e.getFileName(), e.getLineNumber());
    }
}
