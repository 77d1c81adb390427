package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.TypeFlow;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object whose constructor has not run can't be kept in a field, so {@code new A(x, await(f))} must not have it around across the
 * await: the allocation moves to the constructor call. A {@code new; pop} stays where it was, for the order in which classes are
 * initialised.
 *
 * <p>Up to there such an object is on the operand stack, or in a local: compilers put the stack aside around a {@code switch} that has
 * a {@code try} in it, since a handler begins with an empty one. So whatever moves a delayed object goes: loads, stores, and its part in what
 * shuffles the stack. (A body is no constructor, so that it never has an uninitialised {@code this}.)
 */
final class Allocations {
    /** What copies one or two words of the stack, by how many it copies and how many it puts them under. */
    private static final Opcode[][] DUPS = {
        {Opcode.DUP, Opcode.DUP_X1, Opcode.DUP_X2}, {Opcode.DUP2, Opcode.DUP2_X1, Opcode.DUP2_X2}
    };

    private final Body body;
    private final TypeFlow types;
    private final Liveness liveness;
    private final Set<CodeElement> delayed;
    private final List<CodeElement> out = new ArrayList<>();

    private Allocations(Body body, Set<CodeElement> delayed) {
        this.body = body;
        this.delayed = delayed;
        this.types = TypeFlow.everywhere(body);
        this.liveness = new Liveness(body);
    }

    static void delay(Body body) {
        Set<CodeElement> delayed = acrossAwaits(body);
        if (!delayed.isEmpty()) {
            Allocations allocations = new Allocations(body, delayed);
            allocations.rewrite();
            allocations.frames();
            body.replace(allocations.out);
        }
    }

    /** {@return each {@code new} whose object is still without its constructor at an await} */
    private static Set<CodeElement> acrossAwaits(Body body) {
        Set<CodeElement> sites = Collections.newSetFromMap(new IdentityHashMap<>());
        TypeFlow types = new TypeFlow(body);
        Liveness liveness = null;
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before == null || !Body.isAwait(body.elements.get(i))) {
                continue;
            }
            before.stack().forEach(type -> add(sites, type));
            for (int slot = 0; slot < before.locals().size(); slot++) {
                if (before.locals().get(slot) instanceof TypeFlow.Uninit made) {
                    liveness = liveness == null ? new Liveness(body) : liveness;
                    if (liveness.across(i).get(slot)) {
                        add(sites, made);
                    }
                }
            }
        }
        return sites;
    }

    private static void add(Set<CodeElement> sites, Object type) {
        if (type instanceof TypeFlow.Uninit(CodeElement site)) {
            sites.add(site);
        }
    }

    private boolean isDelayed(Object type) {
        return type instanceof TypeFlow.Uninit(CodeElement site) && delayed.contains(site);
    }

    private void rewrite() {
        for (int i = 0; i < body.elements.size(); i++) {
            CodeElement e = body.elements.get(i);
            TypeFlow.Snapshot before = types.before(i);
            if (before == null) {
                out.add(e);
                continue;
            }
            switch (e) {
                case NewObjectInstruction made
                when delayed.contains(made) -> {
                    out.add(made);
                    out.add(StackInstruction.of(Opcode.POP));
                }
                case LoadInstruction load when isDelayed(before.locals().get(load.slot())) -> nothing(i);
                case StoreInstruction store when isDelayed(before.stack().getLast()) -> nothing(i);
                case StackInstruction shuffle -> shuffle(shuffle, before.stack(), i);
                case InvokeInstruction call
                when call.name().equalsString("<init>") -> {
                    int receiver = before.stack().size() - 1 - call.typeSymbol().parameterCount();
                    if (isDelayed(before.stack().get(receiver))) {
                        allocate(call, before, receiver, i);
                    }
                    out.add(call);
                }
                default -> out.add(e);
            }
        }
    }

    /** In the place of an instruction that is gone: each of javac's frames must have a place of its own. */
    private void nothing(int i) {
        for (int k = i - 1; k >= 0 && !(body.elements.get(k) instanceof Instruction); k--) {
            if (body.frameAt.containsKey(k)) {
                out.add(NopInstruction.of());
                return;
            }
        }
    }

    private void shuffle(StackInstruction shuffle, List<Object> stack, int i) {
        Opcode left =
                switch (shuffle.opcode()) {
                    case POP, POP2 -> {
                        int words = here(stack, 0, shuffle.opcode() == Opcode.POP ? 1 : 2);
                        yield words == 0 ? null : words == 1 ? Opcode.POP : Opcode.POP2;
                    }
                    case SWAP -> here(stack, 0, 2) == 2 ? Opcode.SWAP : null;
                    case DUP -> dup(stack, 1, 0);
                    case DUP_X1 -> dup(stack, 1, 1);
                    case DUP_X2 -> dup(stack, 1, 2);
                    case DUP2 -> dup(stack, 2, 0);
                    case DUP2_X1 -> dup(stack, 2, 1);
                    default -> dup(stack, 2, 2);
                };
        if (left == null) {
            nothing(i);
        } else {
            out.add(left == shuffle.opcode() ? shuffle : StackInstruction.of(left));
        }
    }

    private @Nullable Opcode dup(List<Object> stack, int copied, int under) {
        int words = here(stack, 0, copied);
        return words == 0 ? null : DUPS[words - 1][here(stack, copied, under)];
    }

    /** {@return how many of {@code count} words of the stack, from the one {@code from} below the top on, are still there} */
    private int here(List<Object> stack, int from, int count) {
        List<Boolean> words = new ArrayList<>();
        for (Object type : stack.reversed().subList(0, Math.min(stack.size(), from + count))) {
            words.add(!isDelayed(type));
            if (TypeFlow.isWide(type)) {
                words.add(true);
            }
        }
        return (int)
                words.subList(from, from + count).stream().filter(word -> word).count();
    }

    /** Right before the constructor's call, under its arguments: the object, as often as it was on the stack. */
    private void allocate(InvokeInstruction call, TypeFlow.Snapshot before, int receiver, int i) {
        Object made = before.stack().get(receiver);
        int lowest = before.stack().indexOf(made);
        if (before.stack().subList(lowest, receiver).stream().anyMatch(type -> !type.equals(made))
                || liveness.at(i + 1).stream()
                        .anyMatch(slot -> slot < before.locals().size()
                                && before.locals().get(slot).equals(made))) {
            throw new WeaveException(
                    Rule.NOT_WOVEN,
                    body.line(i),
                    "the shape of this constructor call is not javac's, so the awaits in its arguments can't be woven",
                    "await before the call, into local variables");
        }
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        int[] slots = body.storeArguments(parameters, out);
        out.add(NewObjectInstruction.of(call.owner()));
        for (int copy = lowest; copy < receiver; copy++) {
            out.add(StackInstruction.of(Opcode.DUP));
        }
        for (int k = 0; k < slots.length; k++) {
            out.add(LoadInstruction.of(TypeFlow.kind(parameters.get(k)), slots[k]));
        }
    }

    /** Takes the delayed objects out of javac's frames. */
    private void frames() {
        for (Map.Entry<Label, StackMapFrameInfo> e : body.frames.entrySet()) {
            StackMapFrameInfo f = e.getValue();
            List<VerificationTypeInfo> locals = f.locals().stream()
                    .map(v -> isDelayed(types.fromFrame(v)) ? TOP : v)
                    .toList();
            List<VerificationTypeInfo> stack = f.stack().stream()
                    .filter(v -> !isDelayed(types.fromFrame(v)))
                    .toList();
            e.setValue(StackMapFrameInfo.of(f.target(), locals, stack));
        }
    }
}
