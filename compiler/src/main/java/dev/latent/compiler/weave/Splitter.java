package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Boxes;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.Marker;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.Woven;
import dev.latent.compiler.weave.Points.Field;
import dev.latent.compiler.weave.Points.Point;
import dev.latent.compiler.weave.Points.Spill;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last pass: cuts a body at its awaits and writes it twice. Its first run keeps the lambda's parameters and gets four more,
 * the frame (null while there is none), the innermost frame on the native stack, the context, and the depth of that stack:
 *
 * <pre>
 *              ...
 *              [stack, future] await; if not SUSPENDED goto ready k
 *              make the frame, spill to it what lives across the await; return Woven.suspendFirst(k)
 *   ready k:   ...
 * </pre>
 *
 * The other method resumes the body. Its parameters are the frame, the context, the depth, and the delivered value, and it holds
 * only what can be reached from an await:
 *
 * <pre>
 *   switch (point) { k: resume k }
 *   resume k:  restore; goto raise k
 *              ...
 *              [stack, future] await; if not SUSPENDED goto ready k
 *              spill; return Woven.suspendAt(k)
 *   raise k:   Woven.resumed            in the await's own try, so that a failure is thrown there
 *   ready k:   ...
 * </pre>
 *
 * <p>For a debugger, the suspension is part of the await's line, and neither the switch nor a restore is a line of its own: a
 * breakpoint is hit when the source comes to its line, and not when the body is resumed.
 */
final class Splitter {
    private final Body body;
    private final ClassDesc frame;
    private final boolean atLoad;
    private final boolean farJumps;
    private final boolean first;
    private final TypeFlow types;
    private final Liveness liveness;
    private final Scopes scopes;
    private final Points points;
    private final BitSet reached;

    /** Where the new parameters stand, and what they are; the body's locals from there on move up. */
    private final int frameSlot;

    private final int contextSlot;
    private final List<VerificationTypeInfo> added;
    private final List<StackMapFrameInfo> frames = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set first thing by emit
    private CodeBuilder b;

    /**
     * @param atLoad whether the type of the frame must not be known before the body runs
     * @param farJumps whether a jump may be farther than 32 kB, which only an unconditional one can
     * @param first whether to write the first run, or what resumes it
     */
    Splitter(Body body, ClassDesc frame, boolean atLoad, boolean farJumps, boolean first) {
        this.atLoad = atLoad;
        this.farJumps = farJumps;
        this.first = first;
        this.body = body;
        this.frame = frame;
        this.types = new TypeFlow(body);
        this.liveness = new Liveness(body);
        this.scopes = new Scopes(body, liveness);
        this.points = new Points(body, types, liveness);
        this.reached = first ? everything() : Reach.fromAwaits(body, points);
        this.added = new ArrayList<>(
                List.of(ObjectVerificationTypeInfo.of(frame), ObjectVerificationTypeInfo.of(Woven.CONTEXT), INTEGER));
        if (first) {
            added.add(1, ObjectVerificationTypeInfo.of(Woven.FRAME));
        } else {
            added.add(ObjectVerificationTypeInfo.of(CD_Object));
        }
        this.contextSlot = (first ? 2 : 1) + (first ? body.parameterSlots() : body.isStatic ? 0 : 1);
        this.frameSlot = first ? body.parameterSlots() : body.isStatic ? 0 : 1;
    }

    Points points() {
        return points;
    }

    private BitSet everything() {
        BitSet all = new BitSet();
        all.set(0, body.elements.size());
        return all;
    }

    // ---- emission ---------------------------------------------------------------------------------------------------

    void emit(CodeBuilder builder) {
        b = builder;
        frames.clear();
        if (atLoad) {
            b.aload(frameSlot).checkcast(frame).astore(frameSlot);
        }
        Map<Point, Label> raises = first ? Map.of() : resumes();
        LineNumber line = null;
        for (int i = 0; i < body.elements.size(); i++) {
            CodeElement e = body.elements.get(i);
            Point point = points.at(e);
            StackMapFrameInfo at = body.frameAt.get(i);
            if (at != null && reached.get(body.instruction(i))) {
                frames.add(StackMapFrameInfo.of(at.target(), locals(bySlot(at.locals()), liveness.at(i)), at.stack()));
            }
            bindScopes(i);
            if (e instanceof LineNumber next) {
                line = next;
                continue;
            }
            if (e instanceof Instruction && (reached.get(i) || point != null)) {
                if (line != null) {
                    b.with(line);
                    line = null;
                }
            }
            if (point != null) {
                await(point, reached.get(i), raises.get(point));
            } else if (e instanceof BranchInstruction jump
                    && farJumps
                    && reached.get(i)
                    && types.before(i) instanceof TypeFlow.Snapshot before) {
                farJump(jump, i, before);
            } else if (!(e instanceof Instruction) || reached.get(i)) {
                element(e);
            }
        }
        bindScopes(body.elements.size());
        if (!frames.isEmpty()) {
            b.with(StackMapTableAttribute.of(frames));
        }
    }

    /** The head of a resumed body: {@return where each point goes on} */
    private Map<Point, Label> resumes() {
        List<VerificationTypeInfo> base = locals(List.of(), new BitSet());
        List<Point> all = points.all();
        List<SwitchCase> cases = new ArrayList<>();
        all.forEach(p -> cases.add(SwitchCase.of(p.number(), b.newLabel())));
        if (all.size() > 1) {
            Woven.POINT.call(b.aload(frameSlot));
            b.tableswitch(1, all.size(), cases.getLast().target(), cases);
        }
        Map<Point, Label> raises = new IdentityHashMap<>();
        for (int k = 0; k < all.size(); k++) {
            Point p = all.get(k);
            if (all.size() > 1) {
                b.labelBinding(cases.get(k).target());
                frames.add(StackMapFrameInfo.of(cases.get(k).target(), base, List.of()));
            }
            p.fromLocals().forEach(this::restore);
            p.fromStack().forEach(this::restore);
            b.aload(frameSlot + 3);
            Label raise = b.newLabel();
            raises.put(p, raise);
            far(raise);
        }
        return raises;
    }

    private void element(CodeElement e) {
        switch (e) {
            case LoadInstruction l -> b.loadLocal(l.typeKind(), map(l.slot()));
            case StoreInstruction s -> b.storeLocal(s.typeKind(), map(s.slot()));
            case IncrementInstruction i -> b.iinc(map(i.slot()), i.constant());
            case ExceptionCatch t when !hasCode(body.at(t.tryStart()), body.at(t.tryEnd())) -> {}
            case LocalVariable v ->
                ranges(v).forEach(r -> b.localVariable(map(v.slot()), v.name(), v.type(), r.start(), r.end()));
            case LocalVariableType v ->
                ranges(v).forEach(r -> b.localVariableType(map(v.slot()), v.name(), v.signature(), r.start(), r.end()));
            case ReturnInstruction r -> boxAndReturn(r);
            case RuntimeVisibleTypeAnnotationsAttribute a ->
                b.with(RuntimeVisibleTypeAnnotationsAttribute.of(ofLocals(a.annotations())));
            case RuntimeInvisibleTypeAnnotationsAttribute a ->
                b.with(RuntimeInvisibleTypeAnnotationsAttribute.of(ofLocals(a.annotations())));
            case StackMapTableAttribute t -> {}
            default -> {
                if (!marker(e)) {
                    b.with(e);
                }
            }
        }
    }

    /** Jumps over a far goto, by the opposite condition. */
    private void farJump(BranchInstruction jump, int i, TypeFlow.Snapshot before) {
        Label over = b.newLabel();
        switch (jump.opcode()) {
            case GOTO, GOTO_W -> b.goto_w(jump.target());
            case IFEQ -> b.ifne(over);
            case IFNE -> b.ifeq(over);
            case IFLT -> b.ifge(over);
            case IFGE -> b.iflt(over);
            case IFGT -> b.ifle(over);
            case IFLE -> b.ifgt(over);
            case IFNULL -> b.ifnonnull(over);
            case IFNONNULL -> b.ifnull(over);
            case IF_ICMPEQ -> b.if_icmpne(over);
            case IF_ICMPNE -> b.if_icmpeq(over);
            case IF_ICMPLT -> b.if_icmpge(over);
            case IF_ICMPGE -> b.if_icmplt(over);
            case IF_ICMPGT -> b.if_icmple(over);
            case IF_ICMPLE -> b.if_icmpgt(over);
            case IF_ACMPEQ -> b.if_acmpne(over);
            case IF_ACMPNE -> b.if_acmpeq(over);
            default -> throw new IllegalStateException("" + jump);
        }
        if (Body.isGoto(jump)) {
            return;
        }
        int operands = jump.opcode().name().startsWith("IF_") ? 2 : 1;
        List<VerificationTypeInfo> stack = new ArrayList<>();
        before.stack().subList(0, before.stack().size() - operands).forEach(t -> stack.add(types.toFrame(t)));
        b.goto_w(jump.target()).labelBinding(over);
        // As before the jump: a try may end right after it, and then its handler wants here what it wants there.
        frames.add(StackMapFrameInfo.of(over, locals(before.locals(), liveness.at(i)), stack));
        b.nop();
    }

    private List<Scopes.Range> ranges(CodeElement variable) {
        return scopes.of(variable).stream()
                .filter(r -> hasCode(r.from(), r.to()))
                .toList();
    }

    /** {@return those on local variables, whose slots have moved} Others target instructions that other passes may have moved. */
    private List<TypeAnnotation> ofLocals(List<TypeAnnotation> all) {
        List<TypeAnnotation> out = new ArrayList<>();
        for (TypeAnnotation a : all) {
            if (a.targetInfo() instanceof TypeAnnotation.LocalVarTarget target) {
                var table = target.table().stream()
                        .map(v -> TypeAnnotation.LocalVarTargetInfo.of(v.startLabel(), v.endLabel(), map(v.index())))
                        .toList();
                out.add(TypeAnnotation.of(
                        TypeAnnotation.TargetInfo.ofVariable(target.targetType(), table),
                        a.targetPath(),
                        a.annotation()));
            }
        }
        return out;
    }

    private void bindScopes(int i) {
        Label label = scopes.labelAt(i);
        if (label != null) {
            b.labelBinding(label);
        }
    }

    /** {@return whether this method has any code of the elements from {@code from} up to {@code to}} */
    private boolean hasCode(int from, int to) {
        for (int i = from; i < to; i++) {
            CodeElement e = body.elements.get(i);
            boolean leavesCode = !isNeverDropped() || !Marker.END_CLEANUP.is(e) && !Marker.OPENED.is(e);
            if (e instanceof Instruction && leavesCode && (reached.get(i) || points.at(e) != null)) {
                return true;
            }
        }
        return false;
    }

    private void boxAndReturn(ReturnInstruction r) {
        ClassDesc type = body.method.methodTypeSymbol().returnType();
        if (r.typeKind() == TypeKind.VOID) {
            b.aconst_null();
        } else if (type.isPrimitive()) {
            ClassDesc box = Boxes.of(type);
            b.invokestatic(box, "valueOf", MethodTypeDesc.of(box, type));
        }
        b.areturn();
    }

    private boolean marker(CodeElement e) {
        if (Marker.SPAWN.is(e)) {
            Woven.SPAWN_ON.call(b.aload(contextSlot));
        } else if (Marker.SPAWN_LOCAL.is(e)) {
            Woven.SPAWN_LOCAL_ON.call(b.aload(contextSlot));
        } else if (Marker.CONTEXT.is(e)) {
            b.aload(contextSlot);
        } else if (Marker.END_CLEANUP.is(e)) {
            onFrame(Woven.END_CLEANUP);
        } else if (Marker.OPENED.is(e)) {
            onFrame(Woven.OPENED_CAPTURES);
        } else if (Marker.CAUGHT.is(e)) {
            caught(Objects.requireNonNull(body.caughtAt.get(e)));
        } else {
            return false;
        }
        return true;
    }

    /** A drop meets a first run only where it came before the first poll, of a body that owns what it captured. */
    private boolean isNeverDropped() {
        return first && !body.ownsCaptures;
    }

    private void onFrame(CoreMethod call) {
        if (!isNeverDropped()) {
            call.call(b.aload(frameSlot));
        }
    }

    private void caught(Set<CodeElement> dropped) {
        if (isNeverDropped()) {
            b.pop();
            return;
        }
        StringBuilder in = new StringBuilder();
        if (dropped.stream().anyMatch(e -> Marker.OPENED.is(e))) {
            in.append((char) 0);
        }
        points.all().stream()
                .filter(p -> dropped.contains(body.elements.get(p.at())))
                .forEach(p -> in.append((char) p.number()));
        Woven.CAUGHT.call(b.aload(frameSlot).swap().ldc(in.toString()));
    }

    /** @param raise where a resumed body goes on, null in the first run */
    private void await(Point p, boolean called, @Nullable Label raise) {
        Label ready = b.newLabel();
        List<VerificationTypeInfo> live = locals(p.locals(), p.live());
        List<VerificationTypeInfo> stack = stack(p.stack(), ObjectVerificationTypeInfo.of(CD_Object));
        if (called) {
            b.aload(frameSlot)
                    .aload(first ? frameSlot + 1 : frameSlot)
                    .aload(contextSlot)
                    .iload(contextSlot + 1)
                    .invokestatic(frame, "await", FrameClass.await(frame));
            b.dup().getstatic(Woven.WOVEN, Woven.SUSPENDED, CD_Object).if_acmpne(ready);
            suspend(p);
        }
        if (raise != null && !called) {
            // The rest of the line needs the line's number; its breakpoint stands where nobody comes, as it was hit
            // before.
            Label dead = b.newLabel();
            b.labelBinding(dead).nop();
            frames.add(StackMapFrameInfo.of(dead, live, stack));
        }
        if (raise != null) {
            b.labelBinding(raise);
            frames.add(StackMapFrameInfo.of(raise, live, stack));
            Woven.RESUMED.call(b);
        }
        b.labelBinding(ready);
        frames.add(StackMapFrameInfo.of(ready, live, stack));
        if (!(body.elements.get(p.at() + 1) instanceof Instruction)) {
            // A frame of javac's must have a place of its own.
            b.nop();
        }
    }

    private void far(Label target) {
        if (farJumps) {
            b.goto_w(target);
        } else {
            b.goto_(target);
        }
    }

    private void suspend(Point p) {
        b.pop();
        if (first) {
            if (!body.isStatic) {
                b.aload(0);
            }
            for (Spill s : points.fixed()) {
                TypeKind kind = TypeFlow.kind(Objects.requireNonNull(s.field()).type());
                if (p.live().get(s.slot())) {
                    b.loadLocal(kind, s.slot());
                } else {
                    nothing(kind);
                }
            }
            b.aload(frameSlot)
                    .invokestatic(frame, "made", FrameClass.made(body, points, frame))
                    .astore(frameSlot);
        }
        spill(p);
        b.aload(frameSlot);
        if (first) {
            Woven.SUSPEND_FIRST.call(b.aload(frameSlot + 1).aload(contextSlot).loadConstant(p.number()));
        } else {
            Woven.SUSPEND_AT.call(b.loadConstant(p.number()));
        }
        b.areturn();
    }

    private void nothing(TypeKind kind) {
        switch (kind) {
            case LONG -> b.lconst_0();
            case FLOAT -> b.fconst_0();
            case DOUBLE -> b.dconst_0();
            case REFERENCE -> b.aconst_null();
            default -> b.iconst_0();
        }
    }

    private void spill(Point p) {
        int scratch = body.maxLocals + added.size();
        Set<Field> kept = new java.util.HashSet<>();
        for (int k = p.fromStack().size(); k-- > 0; ) {
            Spill s = p.fromStack().get(k);
            if (s.field() == null) {
                b.pop();
                continue;
            }
            kept.add(s.field());
            TypeKind kind = TypeFlow.kind(s.field().type());
            if (kind.slotSize() == 1) {
                b.aload(frameSlot).swap();
            } else {
                b.storeLocal(kind, scratch).aload(frameSlot).loadLocal(kind, scratch);
            }
            b.putfield(frame, s.field().name(), s.field().type());
        }
        for (Spill s : p.fromLocals()) {
            if (s.field() != null) {
                kept.add(s.field());
            }
            if (s.field() != null && !s.fixed()) {
                b.aload(frameSlot)
                        .loadLocal(TypeFlow.kind(s.field().type()), map(s.slot()))
                        .putfield(frame, s.field().name(), s.field().type());
            }
        }
        // A suspended frame keeps nothing that the source could no longer reach.
        for (Field field : points.fields()) {
            if (!field.type().isPrimitive() && !kept.contains(field)) {
                b.aload(frameSlot).aconst_null().putfield(frame, field.name(), field.type());
            }
        }
    }

    private void restore(Spill s) {
        if (s.field() == null) {
            b.aconst_null();
        } else {
            b.aload(frameSlot).getfield(frame, s.field().name(), s.field().type());
        }
        if (s.slot() >= 0) {
            b.storeLocal(
                    s.field() == null
                            ? TypeKind.REFERENCE
                            : TypeFlow.kind(s.field().type()),
                    map(s.slot()));
        }
    }

    private int map(int slot) {
        return slot < frameSlot ? slot : slot + added.size();
    }

    // ---- stack maps -------------------------------------------------------------------------------------------------

    private static List<Object> bySlot(List<VerificationTypeInfo> types) {
        List<Object> slots = new ArrayList<>();
        for (VerificationTypeInfo v : types) {
            slots.add(v);
            if (TypeFlow.isWide(v)) {
                slots.add(TOP);
            }
        }
        return slots;
    }

    /** {@return the locals as a frame lists them: the new ones, and of the body's own those that are live} */
    private List<VerificationTypeInfo> locals(List<Object> bySlot, BitSet live) {
        List<VerificationTypeInfo> out = new ArrayList<>();
        for (int slot = 0; slot < Math.max(bySlot.size(), frameSlot); slot++) {
            if (slot == frameSlot) {
                out.addAll(added);
            }
            if (slot == 0 && !body.isStatic) {
                out.add(ObjectVerificationTypeInfo.of(body.self));
                continue;
            }
            Object type = slot < bySlot.size() ? bySlot.get(slot) : TOP;
            boolean keep = live.get(slot) && type instanceof VerificationTypeInfo && type != TOP;
            out.add(keep ? (VerificationTypeInfo) type : TOP);
            if (TypeFlow.isWide(type)) {
                if (!keep) {
                    out.add(TOP);
                }
                slot++;
            }
        }
        if (bySlot.size() <= frameSlot) {
            out.addAll(added);
        }
        while (out.getLast() == TOP) {
            out.removeLast();
        }
        return out;
    }

    private static List<VerificationTypeInfo> stack(List<Object> types, VerificationTypeInfo top) {
        List<VerificationTypeInfo> out = new ArrayList<>();
        types.forEach(t -> out.add((VerificationTypeInfo) t));
        out.add(top);
        return out;
    }
}
