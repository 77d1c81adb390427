package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.internal.combine.WokenSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#mergeAll}: only branches that were woken, or gave a value, are polled, in turns. */
final class Merge<T> extends Stage<T> {
    private final WokenSet<Branch<Integer, T>> branches = new WokenSet<>();

    Merge(List<? extends AsyncStream<? extends T>> all) {
        for (Drive<T> each : Stage.<T>driveAll(all, this)) {
            branches.add(new Branch<>(branches.size(), each));
        }
    }

    @Override
    @Nullable
    Object advance(Context cx) {
        while (branches.size() > 0) {
            Branch<Integer, T> branch = branches.next(cx);
            if (branch == null) {
                return PENDING;
            }
            Object value = branch.take();
            if (value != END) {
                branches.again(branch);
                return value;
            }
            branches.remove(branch);
        }
        return END;
    }

    @Override
    void work(Context cx) {
        branches.work(cx);
    }

    @Override
    boolean dispose(Context cx) {
        return branches.pollDrop(cx);
    }

    @Override
    void disposeNow() {
        branches.drop();
    }

    @Override
    void children(List<Future<?>> into) {
        branches.children(into);
    }

    @Override
    public String toString() {
        return "merge of " + branches.size();
    }
}
