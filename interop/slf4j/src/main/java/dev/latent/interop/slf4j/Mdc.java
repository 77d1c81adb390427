package dev.latent.interop.slf4j;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.TaskLocal;
import dev.latent.ThreadBridge;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Entries of the {@link MDC} that hold for a future, across its awaits and in its cleanup: what is logged there has them. Tasks that are spawned in it inherit
 * them, and {@link Async#spawnBlocking} and {@link Async#compute} have them.
 *
 * {@snippet :
 * await(Mdc.where("order", order.id(), checkout(order)));
 * }
 *
 * <p>The MDC of a thread is set as a poll of such a future begins, and put back as it returns. So what a body itself writes by {@link MDC#put} is lost
 * at its next await: an entry that is to stay is given here.
 */
public final class Mdc {
    private static final TaskLocal<Map<String, String>> ENTRIES = TaskLocal.inherited("mdc", new ThreadBridge<>() {
        @Override
        public @Nullable Object enter(Map<String, String> entries) {
            Map<String, String> before = MDC.getCopyOfContextMap();
            MDC.setContextMap(entries);
            return before;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void leave(@Nullable Object before) {
            if (before == null) {
                MDC.clear();
            } else {
                MDC.setContextMap((Map<String, String>) before);
            }
        }
    });

    private Mdc() {}

    /**
     * {@return {@code future}, with one entry more}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> where(String key, String value, Future<? extends R> future) {
        return where(Map.of(key, value), future);
    }

    /**
     * {@return {@code future}, with {@code entries} beside those that hold where it is awaited, or in the place of those with the same keys}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> where(Map<String, String> entries, Future<? extends R> future) {
        Map<String, String> more = Map.copyOf(entries);
        return ENTRIES.updated(
                around -> {
                    Map<String, String> all = around == null ? new HashMap<>() : new HashMap<>(around);
                    all.putAll(more);
                    return Map.copyOf(all);
                },
                future);
    }

    /**
     * {@return {@code future}, with what the MDC of this thread has now} For where blocking code hands over to async code: {@code executor.spawn(Mdc.carrying(f))}.
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public static <R> Future<R> carrying(Future<? extends R> future) {
        Map<String, String> now = MDC.getCopyOfContextMap();
        Map<String, String> set = now == null ? new HashMap<>() : new HashMap<>(now);
        set.values().removeIf(Objects::isNull); // an MDC takes them, and they say as much as no entry
        return where(set, future);
    }

    /** {@return the entries that hold in the current poll} */
    public static Map<String, String> entries(Context cx) {
        return ENTRIES.orElse(Map.of(), cx);
    }
}
