package dev.latent.compiler.names;

import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** What woven code refers to. */
public final class WovenCode {
    public static final ClassDesc ASYNC = ClassDesc.of(Core.ASYNC);
    public static final ClassDesc CONTEXT = ClassDesc.of(Core.CONTEXT);
    public static final ClassDesc FRAME = ClassDesc.of(Core.FRAME);
    public static final ClassDesc FUTURE = ClassDesc.of(Core.FUTURE);
    public static final ClassDesc JOIN_HANDLE = ClassDesc.of(Core.JOIN_HANDLE);
    public static final ClassDesc WOVEN = ClassDesc.of(Core.WOVEN);
    private static final ClassDesc POLL_RESULT = ClassDesc.of(Core.POLL);

    // ---- the words of a program, as its compiler writes them; each stands for all with its name
    // ------------------------

    public static final CoreMethod AWAIT = async("await", CD_Object, FUTURE);
    public static final CoreMethod SPAWN = async("spawn", JOIN_HANDLE, FUTURE);
    public static final CoreMethod SPAWN_LOCAL = async("spawnLocal", JOIN_HANDLE, FUTURE);
    public static final CoreMethod GET_CONTEXT = async("context", CONTEXT);
    public static final CoreMethod MAKE = async("async", FUTURE, ClassDesc.of(Core.ASYNC_CALLABLE));

    // ---- a task local: as its compiler writes it, and with the context of the poll behind it
    // ------------------------------------

    private static final ClassDesc TASK_LOCAL = ClassDesc.of(Core.TASK_LOCAL);
    public static final CoreMethod LOCAL_GET = new CoreMethod(TASK_LOCAL, "get", MethodTypeDesc.of(CD_Object));
    public static final CoreMethod LOCAL_GET_IN =
            new CoreMethod(TASK_LOCAL, "get", MethodTypeDesc.of(CD_Object, CONTEXT));
    public static final CoreMethod LOCAL_OR_ELSE =
            new CoreMethod(TASK_LOCAL, "orElse", MethodTypeDesc.of(CD_Object, CD_Object));
    public static final CoreMethod LOCAL_OR_ELSE_IN =
            new CoreMethod(TASK_LOCAL, "orElse", MethodTypeDesc.of(CD_Object, CD_Object, CONTEXT));

    // ---- a future --------------------------------------------------------------------------------------------------

    public static final CoreMethod DROP = new CoreMethod(FUTURE, "drop", MethodTypeDesc.of(CD_void));
    public static final CoreMethod POLL = new CoreMethod(FUTURE, "poll", MethodTypeDesc.of(POLL_RESULT, CONTEXT));
    public static final CoreMethod POLL_DROP =
            new CoreMethod(FUTURE, "pollDrop", MethodTypeDesc.of(POLL_RESULT, CONTEXT));
    public static final CoreMethod CLOSE_ASYNC =
            new CoreMethod(ClassDesc.of(Core.ASYNC_CLOSEABLE), "closeAsync", MethodTypeDesc.of(FUTURE));

    // ---- what a frame class overrides ------------------------------------------------------------------------------

    /** With the context, and the depth of the native stack. */
    public static final CoreMethod START = frame("start", CD_Object, CONTEXT, CD_int);

    /** With the caller's frame or null, the innermost frame below, the context, and the depth of the native stack. */
    public static final CoreMethod START_CALLED = frame("startCalled", CD_Object, FRAME, FRAME, CONTEXT, CD_int);

    /** With the context, the depth of the native stack, and what is delivered to the await it resumes at. */
    public static final CoreMethod STEP = frame("step", CD_Object, CONTEXT, CD_int, CD_Object);

    public static final CoreMethod LOCATION = frame("location", ClassDesc.of("java.lang.StackTraceElement"), CD_int);
    public static final CoreMethod ARGUMENTS = frame("arguments", CD_void, CD_Object.arrayType());
    public static final CoreMethod IN_CLEANUP = frame("inCleanup", CD_boolean, CD_int);
    public static final CoreMethod OWNS_CAPTURES = frame("ownsCaptures", CD_boolean);
    public static final CoreMethod IS_BOUND = frame("notSend", CD_String);

    // ---- what it calls ---------------------------------------------------------------------------------------------

    /** The field with what a body returns when it is suspended. */
    public static final String SUSPENDED = "SUSPENDED";

    /** The field with what the sibling of an awaited call gives when there is nothing yet. */
    public static final String PENDING = "PENDING";

    /** The field that tells whether there may be a debugger. */
    public static final String DEBUGGED = "DEBUGGED";

    public static final CoreMethod IS_START = woven("isStart", CD_boolean, FUTURE);
    public static final CoreMethod BEGINS =
            new CoreMethod(ClassDesc.of(Core.WHOLE), "begins", MethodTypeDesc.of(CD_void));
    public static final CoreMethod POINT = woven("point", CD_int, FUTURE);
    public static final CoreMethod STARTABLE = woven("startable", FRAME, FUTURE, FRAME, CD_int);
    public static final CoreMethod STARTED = woven("started", CD_Object, CD_Object, FRAME, FRAME, CONTEXT);
    public static final CoreMethod FAILED = woven("failed", CD_Throwable, CD_Throwable, FRAME, FRAME);
    public static final CoreMethod AWAIT_OTHER = woven("awaitOther", CD_Object, FUTURE, FRAME, FRAME, CONTEXT, CD_int);
    public static final CoreMethod CALLED = woven("called", CD_Object, CD_Object, FRAME, FRAME, CONTEXT);
    public static final CoreMethod SUSPEND_AT = woven("suspendAt", CD_Object, FUTURE, CD_int);
    public static final CoreMethod SUSPEND_FIRST = woven("suspendFirst", CD_Object, FUTURE, FUTURE, CONTEXT, CD_int);
    public static final CoreMethod RESUMED = woven("resumed", CD_Object, CD_Object);
    public static final CoreMethod CAUGHT = woven("caught", CD_void, FUTURE, CD_Throwable, CD_String);
    public static final CoreMethod END_CLEANUP = woven("endCleanup", CD_void, FUTURE);
    public static final CoreMethod OPENED_CAPTURES = woven("openedCaptures", CD_void, FUTURE);
    public static final CoreMethod SPAWN_ON = woven("spawn", JOIN_HANDLE, FUTURE, CONTEXT);
    public static final CoreMethod SPAWN_LOCAL_ON = woven("spawnLocal", JOIN_HANDLE, FUTURE, CONTEXT);
    public static final CoreMethod CALL = woven("call", FUTURE, CD_Object, CD_Object.arrayType());
    public static final CoreMethod PATTERN = woven("pattern", FRAME, FRAME);
    public static final CoreMethod CALLED_DIRECTLY =
            woven("calledDirectly", ClassDesc.of("java.lang.IllegalStateException"), FRAME);
    public static final CoreMethod TELL_LOCATION = woven(
            "location",
            ClassDesc.of("java.lang.StackTraceElement"),
            CD_String,
            CD_String,
            CD_String,
            CD_String,
            CD_int);
    public static final CoreMethod HOLDS = woven("holds", CD_boolean, CD_String, CD_int);
    public static final CoreMethod DEFINE = woven("define", CD_void, CD_MethodHandles_Lookup, CD_String.arrayType());

    private WovenCode() {}

    private static CoreMethod async(String name, ClassDesc gives, ClassDesc... takes) {
        return new CoreMethod(ASYNC, name, MethodTypeDesc.of(gives, takes));
    }

    private static CoreMethod frame(String name, ClassDesc gives, ClassDesc... takes) {
        return new CoreMethod(FRAME, name, MethodTypeDesc.of(gives, takes));
    }

    private static CoreMethod woven(String name, ClassDesc gives, ClassDesc... takes) {
        return new CoreMethod(WOVEN, name, MethodTypeDesc.of(gives, takes));
    }
}
