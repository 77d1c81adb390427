package dev.latent.compiler.body;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.DOUBLE;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.FLOAT;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.LONG;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.NULL;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
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

/**
 * The verifier's types of locals and stack before each element of interest, by running forward from javac's own frames. No
 * class hierarchy is needed, because every merge has a frame. A type is a {@link VerificationTypeInfo} or, for a {@code new}
 * whose constructor has not run, an {@link Uninit}.
 */
public final class TypeFlow {
    /** The object of the {@code new} that is {@code site}. */
    public record Uninit(CodeElement site) {}

    /** Locals by slot (the second slot of a wide one is TOP), and the stack by value. */
    public record Snapshot(List<Object> locals, List<Object> stack) {}

    private final Body body;
    private final @Nullable Snapshot[] snapshots;
    private final boolean[] reached;

    public TypeFlow(Body body) {
        this.body = body;
        snapshots = new Snapshot[body.elements.size()];
        reached = new boolean[body.elements.size()];
        run();
    }

    /** {@return what holds before the element at {@code i}, an await, a jump or a constructor call; null where it is unreachable} */
    @Nullable
    public Snapshot before(int i) {
        return snapshots[i];
    }

    boolean reached(int i) {
        return reached[i];
    }

    private void run() {
        List<Object> locals = new ArrayList<>();
        List<Object> stack = new ArrayList<>();
        if (!body.isStatic) {
            locals.add(ObjectVerificationTypeInfo.of(body.self));
        }
        for (ClassDesc p : body.method.methodTypeSymbol().parameterList()) {
            locals.add(of(p));
            if (isWide(locals.getLast())) {
                locals.add(TOP);
            }
        }
        boolean live = true;
        for (int i = 0; i < body.elements.size(); i++) {
            StackMapFrameInfo frame = body.frameAt.get(i);
            if (frame != null) {
                locals = bySlot(frame.locals());
                stack = new ArrayList<>();
                for (VerificationTypeInfo v : frame.stack()) {
                    stack.add(fromFrame(v));
                }
                live = true;
            }
            reached[i] = live;
            CodeElement e = body.elements.get(i);
            if (!live || !(e instanceof Instruction instruction)) {
                continue;
            }
            if (!Body.targets(e).isEmpty()
                    || e instanceof InvokeInstruction call
                            && (Body.isAwait(e) || call.name().equalsString("<init>"))) {
                snapshots[i] = new Snapshot(new ArrayList<>(locals), new ArrayList<>(stack));
            }
            step(instruction, locals, stack);
            live = !Body.ends(e);
        }
    }

    public Object fromFrame(VerificationTypeInfo v) {
        if (v instanceof UninitializedVerificationTypeInfo u) {
            return new Uninit(body.elements.get(body.instruction(body.at(u.newTarget()))));
        }
        return v;
    }

    /** The reverse: a {@code new} across a jump stands in one of javac's frames, because ways meet before its constructor. */
    public VerificationTypeInfo toFrame(Object type) {
        if (type instanceof VerificationTypeInfo v) {
            return v;
        }
        return body.frames.values().stream()
                .flatMap(f -> f.stack().stream())
                .filter(v -> v instanceof UninitializedVerificationTypeInfo
                        && fromFrame(v).equals(type))
                .findFirst()
                .orElseThrow();
    }

    /**
     * {@return the frame of a block put between the jump at {@code i} and its target: the handlers around may need locals that the
     * target does not have any more}
     */
    public StackMapFrameInfo frame(Label block, int i, StackMapFrameInfo target) {
        List<VerificationTypeInfo> locals = new ArrayList<>();
        List<Object> slots = Objects.requireNonNull(snapshots[i]).locals();
        for (int slot = 0; slot < slots.size(); slot += isWide(slots.get(slot)) ? 2 : 1) {
            locals.add(toFrame(slots.get(slot)));
        }
        return StackMapFrameInfo.of(block, locals, target.stack());
    }

    private List<Object> bySlot(List<VerificationTypeInfo> types) {
        List<Object> slots = new ArrayList<>();
        for (VerificationTypeInfo v : types) {
            slots.add(fromFrame(v));
            if (isWide(v)) {
                slots.add(TOP);
            }
        }
        return slots;
    }

    public static boolean isWide(Object type) {
        return type == LONG || type == DOUBLE;
    }

    public static Object of(ClassDesc type) {
        return switch (type.descriptorString()) {
            case "Z", "B", "C", "S", "I" -> INTEGER;
            case "J" -> LONG;
            case "F" -> FLOAT;
            case "D" -> DOUBLE;
            default -> ObjectVerificationTypeInfo.of(type);
        };
    }

    /** {@return the type of a field that can hold it; null for null} */
    public static @Nullable ClassDesc descriptor(Object type) {
        if (type == INTEGER) {
            return ConstantDescs.CD_int;
        }
        if (type == LONG) {
            return ConstantDescs.CD_long;
        }
        if (type == FLOAT) {
            return ConstantDescs.CD_float;
        }
        if (type == DOUBLE) {
            return ConstantDescs.CD_double;
        }
        return type == NULL ? null : ((ObjectVerificationTypeInfo) type).classSymbol();
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

    private static void step(Instruction instruction, List<Object> locals, List<Object> stack) {
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
            case NewObjectInstruction n -> stack.add(new Uninit(n));
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
            if (receiver instanceof Uninit && c.name().equalsString("<init>")) {
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

    /** {@return the computational kind of a field of that type} */
    public static TypeKind kind(ClassDesc type) {
        return TypeKind.from(type).asLoadable();
    }
}
