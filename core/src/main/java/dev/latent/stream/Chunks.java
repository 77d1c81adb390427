package dev.latent.stream;

import dev.latent.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#chunks}: a chunk goes out when it is full, or its time is over, or nothing comes any more. */
final class Chunks<T> extends Ahead<T, List<T>> {
    private final int most;
    private final @Nullable Pause within;

    /** Kept where it is not full. */
    private List<T> chunk = new ArrayList<>();

    Chunks(AsyncStream<T> source, int most, @Nullable Pause within) {
        super("chunks", source);
        this.most = most;
        this.within = within;
    }

    @Override
    boolean wants() {
        return chunk.size() < most;
    }

    @Override
    void accept(@Nullable Object value, Context cx) throws Exception {
        if (within != null && chunk.isEmpty()) {
            within.begin(cx);
        }
        chunk.add(cast(value));
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        fill(cx);
        if (chunk.isEmpty()) {
            return isOver() ? end() : PENDING;
        }
        if (wants() && !isOver() && (within == null || within.isUnderWay(cx))) {
            return PENDING;
        }
        if (within != null) {
            within.end();
        }
        List<T> next = new ArrayList<>();
        List<T> full = Collections.unmodifiableList(chunk);
        chunk = next;
        return full;
    }

    @Override
    void undelivered(@Nullable Object value) {
        discardAll(cast(value));
    }

    private static void discardAll(List<?> values) {
        for (int i = 0; i < values.size(); i++) { // an iterator would take memory
            discard(values.get(i));
        }
    }

    @Override
    void letGo() {
        if (within != null) {
            within.end();
        }
        discardAll(chunk);
        chunk.clear();
    }
}
