package dev.latent.compiler.names;

/** The classes of core and runtime that the compiler knows, by their binary names, each of them here alone. */
public final class Core {
    /** The package of the words of a program. */
    public static final String PACKAGE = "dev.latent";

    public static final String ASYNC = "dev.latent.Async";
    public static final String ASYNC_CALLABLE = "dev.latent.AsyncCallable";
    public static final String ASYNC_CLOSEABLE = "dev.latent.AsyncCloseable";
    public static final String ASYNC_CLOSURE = "dev.latent.AsyncClosure";
    public static final String CONTEXT = "dev.latent.Context";
    public static final String FUTURE = "dev.latent.Future";
    public static final String FUTURES = "dev.latent.Futures";
    public static final String HANDED_TO = "dev.latent.HandedTo";
    public static final String JOIN_HANDLE = "dev.latent.JoinHandle";
    public static final String LEAVES_HALF = "dev.latent.LeavesHalf";
    public static final String NOT_CANCEL_SAFE = "dev.latent.NotCancelSafe";
    public static final String NOT_SEND = "dev.latent.NotSend";
    public static final String NOW_OR = "dev.latent.NowOr";
    public static final String OWNED_FUTURE = "dev.latent.OwnedFuture";
    public static final String POLL = "dev.latent.Poll";
    public static final String SCOPE = "dev.latent.Scope";
    public static final String SCOPED_TASK = "dev.latent.ScopedTask";
    public static final String SPAWNER = "dev.latent.Spawner";
    public static final String JOIN_SET = "dev.latent.JoinSet";
    public static final String JOIN_MAP = "dev.latent.JoinMap";
    public static final String SHARED = "dev.latent.Shared";
    public static final String FUTURES_TOLD = "dev.latent.FuturesTold";
    public static final String RELEASABLE = "dev.latent.Releasable";
    public static final String SOURCE = "dev.latent.Source";

    public static final String TASK_LOCAL = "dev.latent.TaskLocal";
    public static final String TASK_LOCALS = "dev.latent.TaskLocals";

    public static final String CHANNEL_PERMIT = "dev.latent.channel.Permit";
    public static final String SENDER = "dev.latent.channel.Sender";
    public static final String STREAM = "dev.latent.stream.AsyncStream";
    public static final String CANCELLATION_TOKEN = "dev.latent.sync.CancellationToken";
    public static final String EXCLUSIVE_GUARD = "dev.latent.sync.ExclusiveGuard";
    public static final String GUARD = "dev.latent.sync.Guard";
    public static final String PERMITS = "dev.latent.sync.AsyncSemaphore$Permits";
    public static final String TASK_TRACKER = "dev.latent.sync.TaskTracker";

    /** What a select gives, by the branch that has won. */
    public static final String FIRST = "dev.latent.First";

    public static final String SECOND = "dev.latent.Second";
    public static final String THIRD = "dev.latent.Third";
    public static final String FOURTH = "dev.latent.Fourth";

    /** What a time limit gives where it has passed. */
    public static final String TOO_LATE = "dev.latent.Timed$TooLate";

    /** The superclass of all frames. */
    public static final String FRAME = "dev.latent.AsyncFrame";

    /** What woven code calls. */
    public static final String WOVEN = "dev.latent.Woven";

    /** What it calls only for a debugger. */
    public static final String WHOLE = "dev.latent.Whole";

    public static final String LATENT = "dev.latent.runtime.Latent";
    public static final String LOCAL_EXECUTOR = "dev.latent.runtime.LocalExecutor";
    public static final String THREAD_PER_CORE = "dev.latent.runtime.ThreadPerCore";
    public static final String WORK_STEALING_EXECUTOR = "dev.latent.runtime.WorkStealingExecutor";

    /** Between the name of a host and what tells its frame classes apart. */
    public static final String FRAME_INFIX = "$async$";

    /** Awaits in one body that the state word of a frame has room for. */
    public static final int MAX_AWAITS = (1 << 13) - 1;

    /** The system property by which core sees that there is an agent. */
    public static final String AGENT_PROPERTY = "dev.latent.agent";

    private Core() {}

    /** {@return the internal name of {@code type}, as class files have it} */
    public static String internal(String type) {
        return type.replace('.', '/');
    }

    /** {@return the descriptor of {@code type}} */
    public static String descriptor(String type) {
        return "L" + internal(type) + ";";
    }

    /** {@return the name of {@code type} without its package} */
    public static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** {@return whether the class {@code type} is in {@link #PACKAGE}} */
    public static boolean isInPackage(String type) {
        return type.lastIndexOf('.') == PACKAGE.length() && type.startsWith(PACKAGE);
    }
}
