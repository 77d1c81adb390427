package dev.latent.compiler.body;

import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** What has no bytecode of its own: it stands in a body as the call of a method that there is not, until it becomes code. */
public enum Marker {
    /** {@code Async.spawn}, of the future on the stack. */
    SPAWN("spawn", MethodTypeDesc.of(WovenCode.JOIN_HANDLE, WovenCode.FUTURE)),
    /** {@code Async.spawnLocal}, of the future on the stack. */
    SPAWN_LOCAL("spawnLocal", MethodTypeDesc.of(WovenCode.JOIN_HANDLE, WovenCode.FUTURE)),
    /** The context of the current poll. */
    CONTEXT("context", MethodTypeDesc.of(WovenCode.CONTEXT)),
    /** A catch begins, with what was caught on the stack: it flies on while a drop passes. */
    CAUGHT("caught", MethodTypeDesc.of(CD_void, CD_Throwable)),
    /** A cleanup ends on a normal path: a drop that has arrived meanwhile goes on. */
    END_CLEANUP("endCleanup", MethodTypeDesc.of(CD_void)),
    /** The body has opened the resources that it was given. */
    OPENED("opened", MethodTypeDesc.of(CD_void));

    private static final ClassDesc OWNER = ClassDesc.of("dev.latent.compiler.Marker");

    private final String method;
    private final MethodTypeDesc type;

    Marker(String method, MethodTypeDesc type) {
        this.method = method;
        this.type = type;
    }

    /** {@return a new element of {@code body} that stands for this} */
    public InvokeInstruction in(Body body) {
        return body.call(OWNER, method, type);
    }

    /** {@return whether {@code e} stands for this} */
    public boolean is(CodeElement e) {
        return e instanceof InvokeInstruction call
                && call.name().equalsString(method)
                && call.owner().asSymbol().equals(OWNER);
    }
}
