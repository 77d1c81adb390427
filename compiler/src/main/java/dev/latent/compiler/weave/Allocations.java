package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.TypeFlow;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An object whose constructor has not run can't be kept in a field, so {@code new A(x, await(f))} must not have it on the stack
 * across the await: the allocation moves to the constructor call. A {@code new; pop} stays where it was, for the order in which
 * classes are initialised.
 */
final class Allocations {
    private Allocations() {}

    static void delay(Body body) {
        TypeFlow types = new TypeFlow(body);
        Set<CodeElement> moved = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                for (Object type : before.stack()) {
                    if (type instanceof TypeFlow.Uninit(CodeElement site)) {
                        moved.add(site);
                    }
                }
            }
        }
        if (moved.isEmpty()) {
            return;
        }
        for (Map.Entry<Label, StackMapFrameInfo> e : body.frames.entrySet()) {
            StackMapFrameInfo f = e.getValue();
            e.setValue(StackMapFrameInfo.of(
                    f.target(),
                    f.locals(),
                    f.stack().stream()
                            .filter(v -> !(v instanceof UninitializedVerificationTypeInfo
                                    && types.fromFrame(v) instanceof TypeFlow.Uninit(CodeElement site)
                                    && moved.contains(site)))
                            .toList()));
        }
        Set<CodeElement> single = Collections.newSetFromMap(new IdentityHashMap<>());
        List<CodeElement> out = new ArrayList<>();
        for (int i = 0; i < body.elements.size(); i++) {
            CodeElement e = body.elements.get(i);
            if (e instanceof NewObjectInstruction && moved.contains(e)) {
                // A result that nothing uses is not duplicated by every compiler.
                int dup = body.next(i);
                if (!(body.elements.get(dup) instanceof StackInstruction s && s.opcode() == Opcode.DUP)) {
                    single.add(e);
                    out.add(e);
                    out.add(StackInstruction.of(Opcode.POP));
                    continue;
                }
                out.add(e);
                out.addAll(body.elements.subList(i + 1, dup));
                out.add(StackInstruction.of(Opcode.POP));
                i = dup;
                continue;
            }
            if (e instanceof InvokeInstruction call && call.name().equalsString("<init>")) {
                TypeFlow.Snapshot before = types.before(i);
                int arguments = call.typeSymbol().parameterCount();
                if (before != null
                        && before.stack().get(before.stack().size() - 1 - arguments)
                                instanceof TypeFlow.Uninit(CodeElement site)
                        && moved.contains(site)) {
                    allocateUnder(body, call, !single.contains(site), out);
                }
            }
            out.add(e);
        }
        body.replace(out);
    }

    private static void allocateUnder(Body body, InvokeInstruction call, boolean twice, List<CodeElement> out) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        int[] slots = body.storeArguments(parameters, out);
        out.add(NewObjectInstruction.of(call.owner()));
        if (twice) {
            out.add(StackInstruction.of(Opcode.DUP));
        }
        for (int k = 0; k < slots.length; k++) {
            out.add(LoadInstruction.of(TypeFlow.kind(parameters.get(k)), slots[k]));
        }
    }
}
