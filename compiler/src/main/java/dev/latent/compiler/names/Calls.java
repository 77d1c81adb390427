package dev.latent.compiler.names;

import java.util.Set;

/**
 * Methods of core and runtime that lints know, by name, with all their overloads.
 *
 * @param types that declare them, by their qualified names: each name at least one of these, each of these at least one name
 */
public record Calls(Set<String> types, Set<String> names) {
    /** The types whose methods make futures, and make them of others. */
    public static final Set<String> COMBINATORS = Set.of(Core.ASYNC, Core.FUTURES);

    public static final Calls ASYNC = ofAsync("async");
    public static final Calls AWAIT = ofAsync("await");
    public static final Calls CONTEXT = ofAsync("context");
    public static final Calls SPAWN = ofAsync("spawn");
    public static final Calls SELECT = ofAsync("select", "selectBiased");

    /** Those that work on the async body around them. */
    public static final Calls WORDS = ofAsync("await", "spawn", "spawnLocal", "context");

    /** Those that use the context of the body around them, where there is one. */
    public static final Calls TASK_LOCAL = new Calls(Set.of(Core.TASK_LOCAL), Set.of("get", "orElse"));

    /** Those that throw where a future comes too late. */
    public static final Calls TIMEOUT = ofAsync("timeout");

    /** Those that say so where a future comes too late. */
    public static final Calls WITH_TIMEOUT = ofAsync("withTimeout");

    /** Those that give a future a handler, for a select. */
    public static final Calls HANDLED = ofAsync("on", "onDo");

    /** Those that drop a future which comes too late. */
    public static final Calls MAY_LOSE = ofAsync("select", "selectBiased", "timeout", "withTimeout");

    /** Those of the {@link #COMBINATORS} that give nothing made of their arguments. */
    public static final Calls TAKE_NO_FUTURE =
            ofAsync("await", "spawn", "spawnLocal", "spawnBlocking", "compute", "context");

    /** Those of the {@link #COMBINATORS} that keep a future through a select. */
    public static final Calls KEEP = new Calls(COMBINATORS, Set.of("pin", "spawn", "spawnLocal", "shared"));

    /** Those whose futures may be awaited any number of times. */
    public static final Calls REUSABLE =
            new Calls(Set.of(Core.FUTURES), Set.of("ready", "done", "failed", "pending", "shared"));

    /** That makes a future of an exception. */
    public static final Calls FAILED = new Calls(Set.of(Core.FUTURES), Set.of("failed"));

    /** Those to which the JDK's future might be given. */
    public static final Calls TAKERS = ofAsync(
            "await", "spawn", "join", "settle", "select", "selectBiased", "on", "timeout", "withTimeout", "pin");

    /** Those of spawners, of what holds tasks, and of {@code Latent} that make a task of a future. */
    public static final Calls MAKE_TASKS = new Calls(
            Set.of(
                    Core.SPAWNER,
                    Core.SCOPE,
                    Core.JOIN_SET,
                    Core.JOIN_MAP,
                    Core.TASK_TRACKER,
                    Core.LATENT,
                    Core.WORK_STEALING_EXECUTOR),
            Set.of("spawn", "spawnLocal", "blockOn", "toCompletableFuture"));

    /** Those that put a future into a set of futures. */
    public static final Calls ADD_FUTURES = new Calls(Set.of(Core.FUTURES_TOLD), Set.of("add"));

    /** Those beside the {@link #COMBINATORS} that make a future of a future. */
    public static final Calls WRAP = new Calls(
            Set.of(Core.TASK_LOCAL, Core.TASK_LOCALS, Core.TASK_TRACKER, Core.CANCELLATION_TOKEN),
            Set.of("where", "updated", "around", "track", "runUntilCancelled"));

    /** Those of spawners, and their likes, by which a task may come to another thread. */
    public static final Calls MOVE_TASKS = new Calls(
            Set.of(Core.SPAWNER, Core.WORK_STEALING_EXECUTOR), Set.of("spawn", "toCompletableFuture", "blockOn"));

    /** Those of what holds tasks of the executor that it is on, which may move them. */
    public static final Calls HOLDERS_SPAWN =
            new Calls(Set.of(Core.SCOPE, Core.JOIN_SET, Core.JOIN_MAP), Set.of("spawn"));

    /** Which is told the spawner. */
    public static final Calls TRACKER_SPAWN = new Calls(Set.of(Core.TASK_TRACKER), Set.of("spawn"));

    public static final Calls SPAWN_LOCAL = new Calls(Set.of(Core.SPAWNER), Set.of("spawnLocal"));

    /** Those of anything that make a task, or a future, and don't wait. */
    public static final Calls START =
            new Calls(Set.of(Core.ASYNC, Core.SPAWNER, Core.JOIN_HANDLE), Set.of("async", "spawn", "detach"));

    public static final Calls DETACH = new Calls(Set.of(Core.JOIN_HANDLE), Set.of("detach"));

    /** Those that ask for an end, beside {@code close()}, and have a future of it. */
    public static final Calls ASK_TO_CLOSE =
            new Calls(Set.of(Core.ASYNC_CLOSEABLE, Core.JOIN_HANDLE), Set.of("closeAsync", "cancel"));

    public static final Calls POLL = new Calls(Set.of(Core.FUTURE), Set.of("poll"));
    public static final Calls DROP = new Calls(Set.of(Core.FUTURE), Set.of("drop"));

    /** Those by which a drop comes to a future that somebody has written. */
    public static final Calls DROPS =
            new Calls(Set.of(Core.FUTURE, Core.OWNED_FUTURE), Set.of("drop", "dropOwned", "pollDrop", "pollDropOwned"));

    /** Those that block the calling thread until a future has ended. */
    public static final Calls BLOCK = new Calls(
            Set.of(Core.LATENT, Core.LOCAL_EXECUTOR, Core.WORK_STEALING_EXECUTOR, Core.THREAD_PER_CORE),
            Set.of("blockOn"));

    /** Those of what a lock, a semaphore or a channel has lent that leave it lent. */
    public static final Calls KEEP_LENT = new Calls(
            Set.of(Core.GUARD, Core.EXCLUSIVE_GUARD, Core.PERMITS, Core.CHANNEL_PERMIT),
            Set.of("get", "set", "count", "left"));

    public static final Calls NEW_SENDER = new Calls(Set.of(Core.SENDER), Set.of("newSender"));

    /** Those of a sender that leave it open. */
    public static final Calls KEEP_SENDING = new Calls(
            Set.of(Core.SENDER),
            Set.of(
                    "send",
                    "sendNow",
                    "trySend",
                    "sendBlocking",
                    "reserve",
                    "reserveMany",
                    "tryReserve",
                    "newSender",
                    "weak",
                    "closed",
                    "isClosed"));

    /** The types whose tasks all share the caller's thread. */
    public static final Set<String> ONE_THREAD = Set.of(Core.LATENT, Core.LOCAL_EXECUTOR);

    private static Calls ofAsync(String... names) {
        return new Calls(Set.of(Core.ASYNC), Set.of(names));
    }

    /** {@return whether one of them has this name} */
    public boolean has(CharSequence name) {
        return names.contains(name.toString());
    }
}
