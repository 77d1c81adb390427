package dev.latent.compiler.weave;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.model.ThreadBinding;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import org.jspecify.annotations.Nullable;

/**
 * What binds a frame to its thread: a value of a {@code @NotSend} type that is spilled or captured, or a future that it awaits and whose
 * method is bound. The lints find the same in the source, to say it at the {@code spawn}; this is for the {@code spawn} that they can't see.
 */
final class FrameBound {
    private final Body body;
    private final Points points;
    private final Closures.Closure closure;
    private final TypeOracle oracle;
    private final @Nullable String file;

    private FrameBound(ClassModel host, Body body, Points points, Closures.Closure closure, TypeOracle oracle) {
        this.body = body;
        this.points = points;
        this.closure = closure;
        this.oracle = oracle;
        this.file = host.findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse(null);
    }

    /** {@return what binds the frame of {@code body}, for a person to read, or null} */
    static @Nullable String of(ClassModel host, Body body, Points points, Closures.Closure closure, TypeOracle oracle) {
        FrameBound frame = new FrameBound(host, body, points, closure, oracle);
        String bound = frame.spilled();
        bound = bound == null ? frame.captured() : bound;
        return bound == null ? frame.awaited() : bound;
    }

    private @Nullable String spilled() {
        for (Points.Kept kept : points.kept()) {
            if (isBound(kept.type())) {
                String name = kept.slot() < 0 ? null : name(kept.slot(), kept.at());
                return ThreadBinding.across(name, kept.type().displayName(), file, body.line(kept.at()));
            }
        }
        return null;
    }

    private @Nullable String captured() {
        int slot = body.isStatic ? 0 : 1;
        int line = points.lines().charAt(0);
        for (ClassDesc type : body.method.methodTypeSymbol().parameterList().subList(0, closure.captured - slot)) {
            if (isBound(type)) {
                return ThreadBinding.captured(name(slot, 0), type.displayName(), file, line);
            }
            slot += TypeKind.from(type).slotSize();
        }
        return !body.isStatic && isBound(body.self)
                ? ThreadBinding.captured("this", body.self.displayName(), file, line)
                : null;
    }

    private @Nullable String awaited() {
        for (int i = 0; i < body.elements.size(); i++) {
            if (Body.isAwait(body.elements.get(i))) {
                String bound = made(i, 1);
                if (bound != null) {
                    return bound;
                }
            }
        }
        return null;
    }

    /** {@return what binds one of the futures that the call at {@code i} takes as its {@code arguments}, as far as it is plain what these are} */
    private @Nullable String made(int i, int arguments) {
        int left = arguments;
        int inner = 0; // values that belong to arguments which were met already
        for (int before = previous(i); before >= 0 && left + inner > 0; before = previous(before)) {
            CodeElement e = body.elements.get(before);
            int taken = taken(e);
            if (taken < 0) {
                return null;
            }
            if (inner > 0) {
                inner += taken - (isVoid(e) ? 0 : 1);
                continue;
            }
            String bound = e instanceof LoadInstruction load
                    ? made(stored(load.slot(), before), 1)
                    : e instanceof InvokeInstruction call ? made(call, before) : null;
            if (bound != null) {
                return bound;
            }
            left--;
            inner = taken;
        }
        return null;
    }

    private @Nullable String made(InvokeInstruction call, int i) {
        if (call.owner().asSymbol().equals(WovenCode.ASYNC)) {
            return made(i, taken(call)); // a combinator
        }
        for (ClassDesc type : call.typeSymbol().parameterList()) {
            // A body within this one captures it.
            if (call.name().equalsString("create") && isBound(type)) {
                return ThreadBinding.captured(null, type.displayName(), file, body.line(i));
            }
        }
        return oracle.notSend(
                call.owner().asInternalName(),
                call.name().stringValue(),
                call.typeSymbol().descriptorString());
    }

    /** {@return how many values an instruction takes that leaves at most one, or -1 where that is not plain} */
    private static int taken(CodeElement e) {
        return switch (e) {
            case LoadInstruction load -> 0;
            case ConstantInstruction constant -> 0;
            case FieldInstruction field when field.opcode() == Opcode.GETSTATIC -> 0;
            case FieldInstruction field when field.opcode() == Opcode.GETFIELD -> 1;
            case InvokeInstruction call ->
                call.typeSymbol().parameterCount() + (call.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
            case InvokeDynamicInstruction call -> call.typeSymbol().parameterCount();
            default -> -1;
        };
    }

    private static boolean isVoid(CodeElement e) {
        return e instanceof InvokeInstruction call
                && call.typeSymbol().returnType().equals(CD_void);
    }

    /** {@return the last store to {@code slot} before the element at {@code i}, or 0} */
    private int stored(int slot, int i) {
        while (i > 0 && !(body.elements.get(i) instanceof StoreInstruction s && s.slot() == slot)) {
            i--;
        }
        return i;
    }

    private int previous(int i) {
        int before = i - 1;
        while (before >= 0
                && (!(body.elements.get(before) instanceof Instruction)
                        || body.elements.get(before) instanceof NopInstruction
                        || body.elements.get(before) instanceof TypeCheckInstruction)) {
            before--;
        }
        return before;
    }

    private boolean isBound(ClassDesc type) {
        return type.isClassOrInterface() && oracle.isNotSend(Body.internal(type));
    }

    /** {@return the name of the variable in {@code slot} at the element at {@code i}, where the class tells} */
    private @Nullable String name(int slot, int i) {
        LocalVariable variable = body.variable(slot, i);
        return variable == null ? null : variable.name().stringValue();
    }
}
