package dev.latent.compiler;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** The names that the weaver and core share. */
final class Names {
    static final ClassDesc ASYNC = ClassDesc.of("dev.latent.Async");
    static final ClassDesc FUTURE = ClassDesc.of("dev.latent.Future");
    static final ClassDesc FRAME = ClassDesc.of("dev.latent.AsyncFrame");
    static final ClassDesc CONTEXT = ClassDesc.of("dev.latent.Context");
    static final ClassDesc WOVEN = ClassDesc.of("dev.latent.Woven");
    static final ClassDesc JOIN_HANDLE = ClassDesc.of("dev.latent.JoinHandle");
    static final ClassDesc STACK_TRACE_ELEMENT = ClassDesc.of("java.lang.StackTraceElement");

    static final String ASYNC_CLOSEABLE = "dev/latent/AsyncCloseable";
    static final String ASYNC_CLOSURE = "Ldev/latent/AsyncClosure;";

    /** Between the name of a host and what tells its frame classes apart. */
    static final String FRAME_INFIX = "$async$";

    static final String NOT_SEND = "Ldev/latent/NotSend;";

    /** A body after weaving: the frame, the context, and what is delivered to the await it resumes at. */
    static final MethodTypeDesc STEP = MethodTypeDesc.of(CD_Object, CONTEXT, CD_Object);

    static final MethodTypeDesc AWAIT = MethodTypeDesc.of(CD_Object, FUTURE);
    static final MethodTypeDesc WOVEN_AWAIT = MethodTypeDesc.of(CD_Object, FUTURE, FUTURE, CONTEXT);
    static final MethodTypeDesc CAUGHT = MethodTypeDesc.of(CD_void, FUTURE, CD_Throwable, CD_String);
    static final MethodTypeDesc ON_FRAME = MethodTypeDesc.of(CD_void, FUTURE);
    static final MethodTypeDesc CALL = MethodTypeDesc.of(FUTURE, CD_Object, CD_Object.arrayType());
    static final MethodTypeDesc SPAWN = MethodTypeDesc.of(JOIN_HANDLE, FUTURE, CONTEXT);
    static final MethodTypeDesc LOCATION =
            MethodTypeDesc.of(STACK_TRACE_ELEMENT, CD_String, CD_String, CD_String, CD_String, CD_int);
    static final MethodTypeDesc HOLDS = MethodTypeDesc.of(CD_boolean, CD_String, CD_int);

    private Names() {}
}
