package dev.latent.compiler;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.TypeKind;
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
            if (Body.isAwait(body.elements.get(i)) && origin(i) instanceof InvokeInstruction made) {
                for (ClassDesc type : made.typeSymbol().parameterList()) {
                    // A body within this one captures it.
                    if (made.name().equalsString("create") && isBound(type)) {
                        return ThreadBinding.captured(null, type.displayName(), file, body.line(i));
                    }
                }
                String bound = oracle.notSend(
                        made.owner().asInternalName(),
                        made.name().stringValue(),
                        made.typeSymbol().descriptorString());
                if (bound != null) {
                    return bound;
                }
            }
        }
        return null;
    }

    /** {@return the call that made the future on top of the stack before the element at {@code i}, as far as that is plain} */
    private @Nullable InvokeInstruction origin(int i) {
        for (int before = previous(i); before >= 0; before = previous(before)) {
            if (body.elements.get(before) instanceof LoadInstruction load) {
                before = stored(load.slot(), before);
            } else if (!(body.elements.get(before) instanceof InvokeInstruction call)) {
                return null;
            } else if (!Body.internal(Names.ASYNC).equals(call.owner().asInternalName())) {
                return call;
            }
            // A combinator's last argument stands right before it.
        }
        return null;
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
