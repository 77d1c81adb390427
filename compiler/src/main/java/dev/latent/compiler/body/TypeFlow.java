package dev.latent.compiler.body;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.DOUBLE;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.FLOAT;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.LONG;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.NULL;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    private final boolean everywhere;

    /** Of its awaits, jumps and constructor calls. */
    public TypeFlow(Body body) {
        this(body, false);
    }

    /** {@return that of each instruction} */
    public static TypeFlow everywhere(Body body) {
        return new TypeFlow(body, true);
    }

    private TypeFlow(Body body, boolean everywhere) {
        this.body = body;
        this.everywhere = everywhere;
        snapshots = new Snapshot[body.elements.size()];
        reached = new boolean[body.elements.size()];
        run();
    }

    /** {@return what holds before the element at {@code i}, one of those that are asked for; null where it is unreachable} */
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
            if (everywhere
                    || !Body.targets(e).isEmpty()
                    || e instanceof InvokeInstruction call
                            && (Body.isAwait(e) || call.name().equalsString("<init>"))) {
                snapshots[i] = new Snapshot(new ArrayList<>(locals), new ArrayList<>(stack));
            }
            TypeStep.apply(instruction, locals, stack);
            live = !Body.ends(e);
        }
    }

    public Object fromFrame(VerificationTypeInfo v) {
        if (v instanceof UninitializedVerificationTypeInfo u) {
            return new Uninit(body.elements.get(body.instruction(body.at(u.newTarget()))));
        }
        return v;
    }

    /** The reverse: an uninitialised object that is needed after a jump stands in one of javac's frames. */
    public VerificationTypeInfo toFrame(Object type) {
        if (type instanceof VerificationTypeInfo v) {
            return v;
        }
        return body.frames.values().stream()
                .flatMap(f -> Stream.concat(f.stack().stream(), f.locals().stream()))
                .filter(v -> v instanceof UninitializedVerificationTypeInfo
                        && fromFrame(v).equals(type))
                .findFirst()
                .orElse(TOP);
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

    /** {@return the computational kind of a field of that type} */
    public static TypeKind kind(ClassDesc type) {
        return TypeKind.from(type).asLoadable();
    }
}
