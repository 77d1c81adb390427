package dev.latent.compiler.body;

import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.constantpool.ConstantPoolBuilder;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One async body on its way through the passes: a list of code elements, which passes replace, and what is known of them.
 *
 * <p>Passes speak of calls and labels by identity, not by index, where a later pass may insert others. (Instructions without
 * operands of their own, such as {@code pop} and {@code aload_1}, may be one object in many places.) What has no bytecode of its own
 * stands in the list as a {@link Marker}.
 */
public final class Body {
    public final MethodModel method;
    public final ClassDesc self;
    public final boolean isStatic;
    public final boolean inInterface;
    public final ConstantPoolBuilder pool;
    public final Supplier<Label> newLabel;

    public List<CodeElement> elements;
    public int maxLocals;

    /** javac's own frames, by label. */
    public final Map<Label, StackMapFrameInfo> frames = new HashMap<>();

    /** Awaits that are part of a cleanup, with the outermost one. */
    public final Map<CodeElement, Region> cleanupOf = new IdentityHashMap<>();

    /** What a {@code caught} marker rethrows a drop for: the awaits in its try, and the {@code opened} marker. */
    public final Map<CodeElement, Set<CodeElement>> caughtAt = new IdentityHashMap<>();

    /** Whether the first statement is a try-with-resources over captured variables. */
    public boolean ownsCaptures;

    // An index over the elements, made anew by index().
    private final Map<Label, Integer> at = new HashMap<>();
    public final Map<Integer, StackMapFrameInfo> frameAt = new HashMap<>();
    public final List<ExceptionCatch> tries = new ArrayList<>();

    public Body(
            MethodModel method,
            ClassDesc self,
            boolean inInterface,
            ConstantPoolBuilder pool,
            Supplier<Label> newLabel) {
        CodeModel code = method.code().orElseThrow();
        this.method = method;
        this.self = self;
        this.inInterface = inInterface;
        this.isStatic = method.flags().has(AccessFlag.STATIC);
        this.pool = pool;
        this.newLabel = newLabel;
        this.elements = new ArrayList<>(code.elementList());
        this.maxLocals = ((CodeAttribute) code).maxLocals();
        code.findAttribute(Attributes.stackMapTable()).ifPresent(table -> {
            for (StackMapFrameInfo frame : table.entries()) {
                frames.put(frame.target(), frame);
            }
        });
        index();
    }

    void index() {
        at.clear();
        frameAt.clear();
        tries.clear();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof LabelTarget target) {
                at.put(target.label(), i);
                StackMapFrameInfo frame = frames.get(target.label());
                if (frame != null) {
                    frameAt.put(i, frame);
                }
            } else if (elements.get(i) instanceof ExceptionCatch entry) {
                tries.add(entry);
            }
        }
    }

    public void replace(List<CodeElement> with) {
        elements = with;
        index();
    }

    /** {@return how many slots the lambda's parameters have, {@code this} included} */
    public int parameterSlots() {
        int slots = isStatic ? 0 : 1;
        for (ClassDesc type : method.methodTypeSymbol().parameterList()) {
            slots += TypeKind.from(type).slotSize();
        }
        return slots;
    }

    int newLocal(int slots) {
        int slot = maxLocals;
        maxLocals += slots;
        return slot;
    }

    /** {@return their slots} Moves a call's arguments from the stack to new locals. */
    public int[] storeArguments(List<ClassDesc> parameters, List<CodeElement> out) {
        int[] slots = new int[parameters.size()];
        for (int k = parameters.size(); k-- > 0; ) {
            TypeKind kind = TypeFlow.kind(parameters.get(k));
            slots[k] = newLocal(kind.slotSize());
            out.add(StoreInstruction.of(kind, slots[k]));
        }
        return slots;
    }

    /** {@return the first instruction at or after {@code i}, or the number of elements} */
    public int instruction(int i) {
        while (i < elements.size() && !(elements.get(i) instanceof Instruction)) {
            i++;
        }
        return i;
    }

    /** {@return the first instruction after {@code i}} */
    public int next(int i) {
        return instruction(i + 1);
    }

    /** {@return where a label stands} */
    public int at(Label label) {
        return Objects.requireNonNull(at.get(label));
    }

    public boolean covers(ExceptionCatch entry, int i) {
        return at(entry.tryStart()) <= i && i < at(entry.tryEnd());
    }

    /** {@return the first instructions outside that control comes to, otherwise than by an exception, from the ranges of {@code handler}} */
    public Set<Integer> leaving(Label handler) {
        BitSet covered = new BitSet();
        for (ExceptionCatch entry : tries) {
            if (entry.handler() == handler) {
                covered.set(at(entry.tryStart()), at(entry.tryEnd()));
            }
        }
        Set<Integer> out = new LinkedHashSet<>();
        for (int i = covered.nextSetBit(0); i >= 0; i = covered.nextSetBit(i + 1)) {
            CodeElement e = elements.get(i);
            if (!(e instanceof Instruction)) {
                continue;
            }
            for (Label target : targets(e)) {
                out.add(instruction(at(target)));
            }
            if (!ends(e)) {
                out.add(next(i));
            }
        }
        out.removeIf(covered::get);
        return out;
    }

    /** {@return the source line that the element at {@code i} stands in, or 0} */
    public int line(int i) {
        for (int k = i; k >= 0; k--) {
            if (elements.get(k) instanceof LineNumber line) {
                return line.line();
            }
        }
        return 0;
    }

    /** {@return the variable in {@code slot} at the element at {@code i}, where the class tells} */
    @Nullable
    public LocalVariable variable(int slot, int i) {
        for (CodeElement e : elements) {
            if (e instanceof LocalVariable v && v.slot() == slot && at(v.startScope()) <= i && i < at(v.endScope())) {
                return v;
            }
        }
        return null;
    }

    public boolean hasAwait(int from, int to) {
        for (int i = from; i < to; i++) {
            if (isAwait(elements.get(i))) {
                return true;
            }
        }
        return false;
    }

    public static boolean isAwait(CodeElement e) {
        return WovenCode.AWAIT.isCalledBy(e);
    }

    public static String internal(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    /** {@return a static call, as a new element} */
    public InvokeInstruction call(ClassDesc owner, String name, MethodTypeDesc type) {
        return InvokeInstruction.of(Opcode.INVOKESTATIC, pool.methodRefEntry(owner, name, type));
    }

    /** {@return a static call of core, as a new element} */
    public InvokeInstruction call(CoreMethod method) {
        return call(method.owner(), method.name(), method.type());
    }

    /** {@return a call of core on an object, as a new element} */
    public InvokeInstruction callOn(CoreMethod method) {
        return InvokeInstruction.of(
                Opcode.INVOKEVIRTUAL, pool.methodRefEntry(method.owner(), method.name(), method.type()));
    }

    /** {@return an await of the future on the stack, as a new element} */
    public InvokeInstruction await() {
        return call(WovenCode.AWAIT);
    }

    /** {@return whether control never goes on to the next element} */
    public static boolean ends(CodeElement e) {
        return switch (e) {
            case BranchInstruction b -> isGoto(b);
            case TableSwitchInstruction s -> true;
            case LookupSwitchInstruction s -> true;
            case ReturnInstruction r -> true;
            case ThrowInstruction t -> true;
            default -> false;
        };
    }

    public static boolean isGoto(CodeElement e) {
        return e instanceof BranchInstruction b && (b.opcode() == Opcode.GOTO || b.opcode() == Opcode.GOTO_W);
    }

    /** {@return where an instruction may jump to, in the order of its operands} */
    public static List<Label> targets(CodeElement e) {
        return switch (e) {
            case BranchInstruction b -> List.of(b.target());
            case TableSwitchInstruction s -> targets(s.defaultTarget(), s.cases());
            case LookupSwitchInstruction s -> targets(s.defaultTarget(), s.cases());
            default -> Collections.emptyList();
        };
    }

    private static List<Label> targets(Label orElse, List<SwitchCase> cases) {
        List<Label> targets = new ArrayList<>();
        targets.add(orElse);
        cases.forEach(c -> targets.add(c.target()));
        return targets;
    }
}
