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
        chunk.add(cast(value));
        if (within != null && chunk.size() == 1) {
            within.begin(cx);
        }
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
        List<T> full = Collections.unmodifiableList(chunk);
        chunk = new ArrayList<>();
        return full;
    }

    @Override
    void letGo() {
        if (within != null) {
            within.end();
        }
        List<T> untold = chunk;
        chunk = new ArrayList<>();
        untold.forEach(Stage::discard);
    }
}
