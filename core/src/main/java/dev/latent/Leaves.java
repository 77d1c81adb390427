package dev.latent;

import dev.latent.task.HeldByTasks;
import dev.latent.task.Wait;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a suspended future waits for in the end, at the tips of its branches; as {@link AwaitChain}, but for machines. */
final class Leaves {
    private static final int MOST_LEVELS = 32;

    private Leaves() {}

    /** Adds what {@code future} waits for: {@return whether that is all, and nothing but what tasks hold} */
    static boolean addTo(List<Wait> waits, Future<?> future, int level) {
        Future<?> at = AwaitChain.shown(future);
        if (at instanceof AsyncFrame<?> root) {
            at = root.top().awaited();
        }
        if (!(at instanceof OwnedFuture<?> leaf) || level > MOST_LEVELS) {
            return false;
        }
        Object on = leaf.waitsFor();
        List<? extends Future<?>> children = leaf.children();
        if (on instanceof HeldByTasks lock) {
            waits.add(new Wait(leaf, lock));
        } else if (on != null || children.isEmpty()) {
            return false;
        }
        for (Future<?> child : children) {
            if (!addTo(waits, child, level + 1)) {
                return false;
            }
        }
        return true;
    }

    /** {@return where the innermost body stands, or null} */
    static @Nullable StackTraceElement place(Future<?> future) {
        if (AwaitChain.shown(future) instanceof AsyncFrame<?> root) {
            AsyncFrame<?> top = root.top();
            return top.location(top.point());
        }
        return null;
    }
}
