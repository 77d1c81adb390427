package dev.latent.compiler.weave;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Boxes;
import dev.latent.compiler.body.Marker;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ConstantPoolBuilder;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the closures' frames in the place of lambdas and, within a body, brings all that suspends to the one form
 * {@code Async.await(Future)}: a call of an async closure becomes the await of a new frame.
 */
final class LowerCalls {
    private LowerCalls() {}

    /** Any method: a lambda that is an async closure becomes its frame. */
    static List<CodeElement> closures(List<CodeElement> elements, Closures closures, ConstantPoolBuilder pool) {
        List<CodeElement> out = new ArrayList<>(elements);
        for (int i = 0; i < elements.size(); i++) {
            Closures.Closure closure = closures.madeBy(elements.get(i));
            if (closure == null) {
                continue;
            }
            MethodTypeDesc create =
                    ((InvokeDynamicInstruction) elements.get(i)).typeSymbol().changeReturnType(closure.frame);
            int next = i + 1;
            while (next < elements.size() && elements.get(next) instanceof LineNumber) {
                next++;
            }
            // async(() -> …) itself needs no object for the closure: the frame is the future. (Not where ways meet
            // before the call.)
            boolean direct = next < elements.size()
                    && WovenCode.MAKE.isCalledBy(elements.get(next))
                    && ((InvokeInstruction) elements.get(next)).typeSymbol().parameterCount() == 1;
            out.set(
                    i,
                    InvokeInstruction.of(
                            Opcode.INVOKESTATIC,
                            pool.methodRefEntry(closure.frame, direct ? "create" : "pattern", create)));
            if (direct) {
                out.set(next, NopInstruction.of());
            }
        }
        return out;
    }

    /** A body: markers for what uses its context, awaits for the closures that it calls. */
    static void inBody(Body body, TypeOracle oracle) {
        List<CodeElement> out = new ArrayList<>();
        for (CodeElement e : body.elements) {
            if (WovenCode.SPAWN.isCalledBy(e)) {
                out.add(Marker.SPAWN.in(body));
            } else if (WovenCode.SPAWN_LOCAL.isCalledBy(e)) {
                out.add(Marker.SPAWN_LOCAL.in(body));
            } else if (WovenCode.GET_CONTEXT.isCalledBy(e)) {
                out.add(Marker.CONTEXT.in(body));
            } else if (WovenCode.LOCAL_GET.isExactlyCalledBy(e)) {
                out.add(Marker.CONTEXT.in(body));
                out.add(body.callOn(WovenCode.LOCAL_GET_IN));
            } else if (WovenCode.LOCAL_OR_ELSE.isExactlyCalledBy(e)) {
                out.add(Marker.CONTEXT.in(body));
                out.add(body.callOn(WovenCode.LOCAL_OR_ELSE_IN));
            } else if (e instanceof InvokeInstruction call
                    && call.opcode() == Opcode.INVOKEINTERFACE
                    && oracle.isAsyncCall(
                            call.owner().asInternalName(),
                            call.name().stringValue(),
                            call.typeSymbol().parameterCount())) {
                callClosure(body, call, out);
            } else {
                out.add(e);
            }
        }
        body.replace(out);
    }

    private static void callClosure(Body body, InvokeInstruction call, List<CodeElement> out) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        int[] slots = body.storeArguments(parameters, out);
        out.add(ConstantInstruction.ofArgument(Opcode.SIPUSH, parameters.size()));
        out.add(NewReferenceArrayInstruction.of(body.pool.classEntry(CD_Object)));
        for (int k = 0; k < parameters.size(); k++) {
            ClassDesc type = parameters.get(k);
            out.add(StackInstruction.of(Opcode.DUP));
            out.add(ConstantInstruction.ofArgument(Opcode.SIPUSH, k));
            out.add(LoadInstruction.of(TypeFlow.kind(type), slots[k]));
            if (type.isPrimitive()) {
                ClassDesc box = Boxes.of(type);
                out.add(body.call(box, "valueOf", MethodTypeDesc.of(box, type)));
            }
            out.add(ArrayStoreInstruction.of(Opcode.AASTORE));
        }
        out.add(body.call(WovenCode.CALL));
        out.add(body.await());
        result(body, call.typeSymbol().returnType(), out);
    }

    private static void result(Body body, ClassDesc type, List<CodeElement> out) {
        if (type.equals(CD_void)) {
            out.add(StackInstruction.of(Opcode.POP));
        } else if (type.isPrimitive()) {
            ClassDesc box = Boxes.of(type);
            out.add(TypeCheckInstruction.of(Opcode.CHECKCAST, body.pool.classEntry(box)));
            out.add(InvokeInstruction.of(
                    Opcode.INVOKEVIRTUAL,
                    body.pool.methodRefEntry(box, type.displayName() + "Value", MethodTypeDesc.of(type))));
        } else if (!type.equals(CD_Object)) {
            out.add(TypeCheckInstruction.of(Opcode.CHECKCAST, body.pool.classEntry(type)));
        }
    }
}
