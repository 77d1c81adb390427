package dev.latent.compiler.body;

import static dev.latent.compiler.body.TypeFlow.descriptor;
import static dev.latent.compiler.body.TypeFlow.isWide;
import static dev.latent.compiler.body.TypeFlow.of;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.DOUBLE;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.FLOAT;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.LONG;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.NULL;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one instruction does to the verifier's types of locals and stack, as {@link TypeFlow} has them. */
final class TypeStep {
    private TypeStep() {}

    /** Changes {@code locals} and {@code stack} to what they are after {@code instruction}. */
    static void apply(Instruction instruction, List<Object> locals, List<Object> stack) {
        switch (instruction) {
            case LoadInstruction l -> stack.add(locals.get(l.slot()));
            case StoreInstruction s -> set(locals, s.slot(), stack.removeLast());
            case IncrementInstruction i -> {}
            case NopInstruction n -> {}
            case ConstantInstruction c -> constant(c, stack);
            case ArrayLoadInstruction a -> {
                stack.removeLast();
                Object array = stack.removeLast();
                switch (a.typeKind()) {
                    case REFERENCE ->
                        stack.add(
                                array == NULL
                                        ? NULL
                                        : of(Objects.requireNonNull(descriptor(array))
                                                .componentType()));
                    case LONG -> stack.add(LONG);
                    case FLOAT -> stack.add(FLOAT);
                    case DOUBLE -> stack.add(DOUBLE);
                    default -> stack.add(INTEGER);
                }
            }
            case ArrayStoreInstruction a -> pop(stack, 3);
            case StackInstruction s -> shuffle(s.opcode(), stack);
            case OperatorInstruction o -> {
                switch (o.opcode()) {
                    case INEG, LNEG, FNEG, DNEG -> {}
                    case ARRAYLENGTH -> {
                        pop(stack, 1);
                        stack.add(INTEGER);
                    }
                    case LCMP, FCMPL, FCMPG, DCMPL, DCMPG -> {
                        pop(stack, 2);
                        stack.add(INTEGER);
                    }
                    // Two operands; the result has the type of the first, in shifts too.
                    default -> stack.removeLast();
                }
            }
            case ConvertInstruction c -> {
                stack.removeLast();
                push(stack, c.toType().asLoadable().upperBound());
            }
            case BranchInstruction b -> {
                switch (b.opcode()) {
                    case GOTO, GOTO_W -> {}
                    case IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT, IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE ->
                        pop(stack, 2);
                    default -> pop(stack, 1);
                }
            }
            case TableSwitchInstruction t -> pop(stack, 1);
            case LookupSwitchInstruction l -> pop(stack, 1);
            case ReturnInstruction r -> {}
            case ThrowInstruction t -> {}
            case FieldInstruction f -> {
                switch (f.opcode()) {
                    case GETSTATIC -> push(stack, f.typeSymbol());
                    case PUTSTATIC -> pop(stack, 1);
                    case GETFIELD -> {
                        pop(stack, 1);
                        push(stack, f.typeSymbol());
                    }
                    default -> pop(stack, 2);
                }
            }
            case InvokeInstruction c -> invoke(c, locals, stack);
            case InvokeDynamicInstruction c -> {
                pop(stack, c.typeSymbol().parameterCount());
                push(stack, c.typeSymbol().returnType());
            }
            case NewObjectInstruction n -> stack.add(new TypeFlow.Uninit(n));
            case NewPrimitiveArrayInstruction n -> {
                pop(stack, 1);
                push(stack, n.typeKind().upperBound().arrayType());
            }
            case NewReferenceArrayInstruction n -> {
                pop(stack, 1);
                push(stack, n.componentType().asSymbol().arrayType());
            }
            case NewMultiArrayInstruction n -> {
                pop(stack, n.dimensions());
                push(stack, n.arrayType().asSymbol());
            }
            case TypeCheckInstruction t -> {
                pop(stack, 1);
                if (t.opcode() == Opcode.CHECKCAST) {
                    push(stack, t.type().asSymbol());
                } else {
                    stack.add(INTEGER);
                }
            }
            case MonitorInstruction m -> pop(stack, 1);
            default ->
                throw new WeaveException(
                        Rule.NOT_WOVEN,
                        0,
                        "unknown instruction " + instruction,
                        "compile it with javac of the JDK that the weaver runs on");
        }
    }

    private static void constant(ConstantInstruction c, List<Object> stack) {
        switch (c.typeKind()) {
            case INT, BYTE, SHORT, CHAR, BOOLEAN -> stack.add(INTEGER);
            case LONG -> stack.add(LONG);
            case FLOAT -> stack.add(FLOAT);
            case DOUBLE -> stack.add(DOUBLE);
            default -> {
                if (c.opcode() == Opcode.ACONST_NULL) {
                    stack.add(NULL);
                    return;
                }
                stack.add(of(
                        switch (((ConstantInstruction.LoadConstantInstruction) c).constantEntry()) {
                            case StringEntry s -> ConstantDescs.CD_String;
                            case ClassEntry s -> ConstantDescs.CD_Class;
                            case MethodTypeEntry s -> ConstantDescs.CD_MethodType;
                            case MethodHandleEntry s -> ConstantDescs.CD_MethodHandle;
                            case ConstantDynamicEntry s -> s.typeSymbol();
                            default ->
                                throw new WeaveException(
                                        Rule.NOT_WOVEN,
                                        0,
                                        "unknown constant " + c,
                                        "compile it with javac of the JDK that the weaver runs on");
                        }));
            }
        }
    }

    private static void invoke(InvokeInstruction c, List<Object> locals, List<Object> stack) {
        pop(stack, c.typeSymbol().parameterCount());
        if (c.opcode() != Opcode.INVOKESTATIC) {
            Object receiver = stack.removeLast();
            if (receiver instanceof TypeFlow.Uninit && c.name().equalsString("<init>")) {
                Object made = ObjectVerificationTypeInfo.of(c.owner());
                stack.replaceAll(t -> t.equals(receiver) ? made : t);
                locals.replaceAll(t -> t.equals(receiver) ? made : t);
            }
        }
        push(stack, c.typeSymbol().returnType());
    }

    /** The dup family works on words: expand the wide values, permute, contract. */
    private static void shuffle(Opcode op, List<Object> stack) {
        List<@Nullable Object> w = new ArrayList<>();
        for (Object o : stack) {
            w.add(o);
            if (isWide(o)) {
                w.add(null);
            }
        }
        int n = w.size();
        switch (op) {
            case POP -> w.removeLast();
            case POP2 -> {
                w.removeLast();
                w.removeLast();
            }
            case DUP -> w.add(w.get(n - 1));
            case DUP_X1 -> w.add(n - 2, w.get(n - 1));
            case DUP_X2 -> w.add(n - 3, w.get(n - 1));
            case DUP2 -> w.addAll(new ArrayList<>(w.subList(n - 2, n)));
            case DUP2_X1 -> w.addAll(n - 3, new ArrayList<>(w.subList(n - 2, n)));
            case DUP2_X2 -> w.addAll(n - 4, new ArrayList<>(w.subList(n - 2, n)));
            case SWAP -> Collections.swap(w, n - 1, n - 2);
            default -> throw new IllegalStateException("" + op);
        }
        stack.clear();
        for (Object o : w) {
            if (o != null) {
                stack.add(o);
            }
        }
    }

    private static void set(List<Object> locals, int slot, Object type) {
        while (locals.size() <= slot + (isWide(type) ? 1 : 0)) {
            locals.add(TOP);
        }
        if (slot > 0 && isWide(locals.get(slot - 1))) {
            locals.set(slot - 1, TOP);
        }
        locals.set(slot, type);
        if (isWide(type)) {
            locals.set(slot + 1, TOP);
        }
    }

    private static void pop(List<Object> stack, int n) {
        for (int i = 0; i < n; i++) {
            stack.removeLast();
        }
    }

    private static void push(List<Object> stack, ClassDesc type) {
        if (!type.equals(ConstantDescs.CD_void)) {
            stack.add(of(type));
        }
    }
}
