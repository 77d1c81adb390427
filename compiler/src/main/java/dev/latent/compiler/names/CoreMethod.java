package dev.latent.compiler.names;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/** One method of core that woven code calls, or that a frame class has. */
public record CoreMethod(ClassDesc owner, String name, MethodTypeDesc type) {
    /** Calls it, a static method. */
    public CodeBuilder call(CodeBuilder b) {
        return b.invokestatic(owner, name, type);
    }

    /** Calls it on an object. */
    public CodeBuilder callOn(CodeBuilder b) {
        return b.invokevirtual(owner, name, type);
    }

    /** Gives the class {@code c} a method that overrides it. */
    public void override(ClassBuilder c, int flags, Consumer<CodeBuilder> code) {
        c.withMethodBody(name, type, flags, code);
    }

    /** {@return its name and its descriptor} */
    public String signature() {
        return name + type.descriptorString();
    }

    /** {@return whether {@code e} calls it, or another with its name} */
    public boolean isCalledBy(CodeElement e) {
        return e instanceof InvokeInstruction call
                && call.name().equalsString(name)
                && call.owner().asSymbol().equals(owner);
    }

    /** {@return whether {@code e} calls it, and no other with its name} */
    public boolean isExactlyCalledBy(CodeElement e) {
        return isCalledBy(e) && ((InvokeInstruction) e).typeSymbol().equals(type);
    }
}
