package dev.latent.compiler.names;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** The names that the weaver and core share. */
public final class Names {
    public static final ClassDesc ASYNC = ClassDesc.of("dev.latent.Async");
    public static final ClassDesc FUTURE = ClassDesc.of("dev.latent.Future");
    public static final ClassDesc FRAME = ClassDesc.of("dev.latent.AsyncFrame");
    public static final ClassDesc CONTEXT = ClassDesc.of("dev.latent.Context");
    public static final ClassDesc WOVEN = ClassDesc.of("dev.latent.Woven");
    public static final ClassDesc JOIN_HANDLE = ClassDesc.of("dev.latent.JoinHandle");
    public static final ClassDesc STACK_TRACE_ELEMENT = ClassDesc.of("java.lang.StackTraceElement");

    static final String ASYNC_CLOSEABLE = "dev/latent/AsyncCloseable";
    static final String ASYNC_CLOSURE = "Ldev/latent/AsyncClosure;";

    /** Between the name of a host and what tells its frame classes apart. */
    public static final String FRAME_INFIX = "$async$";

    public static final String NOT_SEND = "Ldev/latent/NotSend;";

    /** The context, and the depth of the native stack. */
    public static final MethodTypeDesc START = MethodTypeDesc.of(CD_Object, CONTEXT, CD_int);

    /** The caller's frame or null, the innermost frame below, the context, and the depth of the native stack. */
    public static final MethodTypeDesc START_CALLED = MethodTypeDesc.of(CD_Object, FRAME, FRAME, CONTEXT, CD_int);

    /** The context, the depth of the native stack, and what is delivered to the await it resumes at. */
    public static final MethodTypeDesc STEP = MethodTypeDesc.of(CD_Object, CONTEXT, CD_int, CD_Object);

    public static final MethodTypeDesc AWAIT = MethodTypeDesc.of(CD_Object, FUTURE);
    public static final MethodTypeDesc STARTABLE = MethodTypeDesc.of(FRAME, FUTURE, FRAME, CD_int);
    public static final MethodTypeDesc STARTED = MethodTypeDesc.of(CD_Object, CD_Object, FRAME, FRAME, CONTEXT);
    public static final MethodTypeDesc FAILED = MethodTypeDesc.of(CD_Throwable, CD_Throwable, FRAME, FRAME);
    public static final MethodTypeDesc AWAIT_OTHER =
            MethodTypeDesc.of(CD_Object, FUTURE, FRAME, FRAME, CONTEXT, CD_int);
    public static final MethodTypeDesc CALLED = MethodTypeDesc.of(CD_Object, CD_Object, FRAME, FRAME, CONTEXT);
    public static final MethodTypeDesc SUSPEND_AT = MethodTypeDesc.of(CD_Object, FUTURE, CD_int);
    public static final MethodTypeDesc SUSPEND_FIRST = MethodTypeDesc.of(CD_Object, FUTURE, FUTURE, CONTEXT, CD_int);
    public static final MethodTypeDesc CAUGHT = MethodTypeDesc.of(CD_void, FUTURE, CD_Throwable, CD_String);
    public static final MethodTypeDesc ON_FRAME = MethodTypeDesc.of(CD_void, FUTURE);
    public static final MethodTypeDesc CALL = MethodTypeDesc.of(FUTURE, CD_Object, CD_Object.arrayType());
    public static final MethodTypeDesc SPAWN = MethodTypeDesc.of(JOIN_HANDLE, FUTURE, CONTEXT);
    public static final MethodTypeDesc LOCATION =
            MethodTypeDesc.of(STACK_TRACE_ELEMENT, CD_String, CD_String, CD_String, CD_String, CD_int);
    public static final MethodTypeDesc HOLDS = MethodTypeDesc.of(CD_boolean, CD_String, CD_int);

    private Names() {}
}
