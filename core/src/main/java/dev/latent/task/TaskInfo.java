package dev.latent.task;

import dev.latent.AwaitChain;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A live task as it was when somebody looked.
 *
 * @param name where its body begins, in parentheses after the name that the program has given it, if any
 * @param state what it is doing
 * @param since for how long, as exactly as its executor looks at the clock: to some 40 ms, up to 13 days
 * @param chain what it waits for, or will go on from; null while a thread polls it, when only that thread can tell
 */
public record TaskInfo(
        String name, State state, Duration since, @Nullable AwaitChain chain) {
    /** What a task can be doing. */
    public enum State {
        /** A thread polls it. */
        RUNNING,
        /** It has been woken or spawned, and stands in a queue. */
        READY,
        /** Nobody has woken it. */
        WAITING,
        /**
         * As {@link #WAITING}, but its last poll asked for no waker: what it awaits has broken the rule of {@link dev.latent.Future#poll}, and
         * nothing is known that will wake it.
         */
        STRANDED,
        /** It has been cancelled, and its cleanup waits. */
        CANCELLED
    }

    /** The lines of a dump. */
    @Override
    public String toString() {
        String head = "task " + name + ", " + state.name().toLowerCase(java.util.Locale.ROOT) + " for "
                + since.toMillis() / 100 / 10.0 + " s\n";
        return chain == null ? head : head + chain.toString().indent(4);
    }
}
