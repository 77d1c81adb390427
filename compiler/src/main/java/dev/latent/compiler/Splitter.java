package dev.latent.compiler;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
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
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last pass: cuts a body at its awaits. The method gets a frame, a context and the delivered value for parameters, which
 * stand before the body's own locals, and a switch over the frame's point at its head:
 *
 * <pre>
 *   switch (point) { 0: start; k: resume k }
 *   start:     captured variables to their locals
 *              ...
 *              [stack, future] Woven.await; if not SUSPENDED goto ready k
 *              spill what lives across the await; return Woven.suspendAt(k)
 *   raise k:   Woven.resumed            in the await's own try, so that a failure is thrown there
 *   ready k:   ...
 *   resume k:  restore it; goto raise k
 * </pre>
 *
 * <p>For a debugger, the suspension is part of the await's line, and neither the switch nor a restore is a line of its own: a
 * breakpoint is hit when the source comes to its line, and not when the body is resumed.
 */
final class Splitter {
    /** One value kept in a field while suspended; slot -1 is the stack. */
    private record Spill(Object type, @Nullable Field field, int slot) {}

    /** A field of the frame class. */
    record Field(String name, ClassDesc type) {}

    private record Point(
            int number,
            int at,
            int line,
            List<Object> stack,
            List<Object> locals,
            BitSet live,
            List<Spill> fromLocals,
            List<Spill> fromStack) {}

    /** The frame, the context, and what is delivered. */
    private static final int NEW_PARAMETERS = 3;

    /** What the frame's state word has room for. */
    private static final int MAX_POINTS = (1 << 13) - 1;

    private final Body body;
    private final ClassDesc frame;
    private final int frameSlot;
    private final int shift;
    private final boolean atLoad;
    private final boolean farJumps;
    private final TypeFlow types;
    private final Liveness liveness;
    private final Scopes scopes;

    private final Map<ClassDesc, List<Field>> pool = new HashMap<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<Spill> parameters = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Map<CodeElement, Point> pointAt = new IdentityHashMap<>();
    private final List<StackMapFrameInfo> frames = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set first thing by emit
    private CodeBuilder b;

    /** @param farJumps whether a jump may be farther than 32 kB, which only an unconditional one can */
    Splitter(Body body, ClassDesc frame, boolean atLoad, boolean farJumps) {
        this.atLoad = atLoad;
        this.farJumps = farJumps;
        this.body = body;
        this.frame = frame;
        this.frameSlot = body.isStatic ? 0 : 1;
        this.shift = NEW_PARAMETERS;
        this.types = new TypeFlow(body);
        this.liveness = new Liveness(body);
        this.scopes = new Scopes(body, liveness);
        plan();
    }

    List<Field> fields() {
        return fields;
    }

    /** {@return the fields of the lambda's parameters, in order: what is captured, then the closure's own} */
    List<Field> parameterFields() {
        return parameters.stream().map(Spill::field).toList();
    }

    /** A value that lives across the await at the element {@code at}; slot -1 is the stack. */
    record Kept(ClassDesc type, int slot, int at) {}

    /** {@return what is kept at each point} */
    List<Kept> kept() {
        return points.stream()
                .flatMap(p -> Stream.concat(p.fromLocals.stream(), p.fromStack.stream())
                        .filter(s -> s.field != null)
                        .map(s -> new Kept(Objects.requireNonNull(s.field).type, s.slot, p.at)))
                .toList();
    }

    /** {@return the line of each point; 0 is the body's first} */
    String lines() {
        StringBuilder lines = new StringBuilder();
        lines.append((char) firstLine());
        points.forEach(p -> lines.append((char) p.line));
        return lines.toString();
    }

    /** {@return the points that are part of a cleanup} */
    String cleanups() {
        StringBuilder in = new StringBuilder();
        for (Point p : points) {
            if (body.cleanupOf.containsKey(body.elements.get(p.at))) {
                in.append((char) p.number);
            }
        }
        return in.toString();
    }

    private int firstLine() {
        for (CodeElement e : body.elements) {
            if (e instanceof LineNumber line) {
                return line.line();
            }
        }
        return 0;
    }

    // ---- planning: which value goes to which field ------------------------------------------------------------------

    private void plan() {
        Map<ClassDesc, Integer> used = new HashMap<>();
        int slot = body.isStatic ? 0 : 1;
        for (ClassDesc type : body.method.methodTypeSymbol().parameterList()) {
            // A narrow parameter keeps its own type, so that what is captured is checked as javac would.
            parameters.add(new Spill(
                    TypeFlow.of(type),
                    field(Objects.requireNonNull(TypeFlow.descriptor(TypeFlow.of(type))), used),
                    slot));
            slot += TypeKind.from(type).slotSize();
        }
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                planPoint(i, before);
            }
        }
        if (points.size() > MAX_POINTS) {
            throw new WeaveException(
                    Rule.BODY_TOO_LARGE,
                    firstLine(),
                    "an async body may hold " + MAX_POINTS + " awaits, not " + points.size(),
                    "move a part of it to an async method");
        }
    }

    private void planPoint(int i, TypeFlow.Snapshot before) {
        Map<ClassDesc, Integer> used = new HashMap<>();
        List<Object> stack = new ArrayList<>(before.stack());
        stack.removeLast();
        BitSet live = liveness.across(i);
        List<Spill> fromLocals = new ArrayList<>();
        for (int slot = body.isStatic ? 0 : 1; slot < before.locals().size(); slot++) {
            if (live.get(slot) && before.locals().get(slot) != TOP) {
                fromLocals.add(spill(before.locals().get(slot), slot, used));
            }
        }
        List<Spill> fromStack = new ArrayList<>();
        for (Object type : stack) {
            fromStack.add(spill(type, -1, used));
        }
        Point point =
                new Point(points.size() + 1, i, body.line(i), stack, before.locals(), live, fromLocals, fromStack);
        points.add(point);
        pointAt.put(body.elements.get(i), point);
    }

    private Spill spill(Object type, int slot, Map<ClassDesc, Integer> used) {
        ClassDesc descriptor = TypeFlow.descriptor(type);
        return new Spill(type, descriptor == null ? null : field(descriptor, used), slot);
    }

    /** Values of one type that do not live at the same time share a field. */
    private Field field(ClassDesc type, Map<ClassDesc, Integer> used) {
        int k = used.merge(type, 1, Integer::sum) - 1;
        List<Field> ofType = pool.computeIfAbsent(type, t -> new ArrayList<>());
        if (k == ofType.size()) {
            Field field = new Field(
                    (type.isPrimitive() ? type.descriptorString().toLowerCase(java.util.Locale.ROOT) : "l")
                            + fields.size(),
                    type);
            ofType.add(field);
            fields.add(field);
        }
        return ofType.get(k);
    }

    // ---- emission ---------------------------------------------------------------------------------------------------

    void emit(CodeBuilder builder) {
        b = builder;
        frames.clear();
        List<Label> resumes = new ArrayList<>();
        List<Runnable> tail = new ArrayList<>();
        List<VerificationTypeInfo> base = locals(List.of(), new BitSet());
        if (atLoad) {
            b.aload(frameSlot).checkcast(frame).astore(frameSlot);
        }
        for (int k = 0; k < points.size(); k++) {
            resumes.add(b.newLabel());
        }
        if (!points.isEmpty()) {
            dispatch(resumes, base);
        }
        // Also those that nothing reads: a debugger may.
        parameters.forEach(this::restore);
        for (int i = 0; i < body.elements.size(); i++) {
            StackMapFrameInfo at = body.frameAt.get(i);
            if (at != null) {
                frames.add(StackMapFrameInfo.of(at.target(), locals(bySlot(at.locals()), liveness.at(i)), at.stack()));
            }
            bindScopes(i);
            CodeElement e = body.elements.get(i);
            Point point = pointAt.get(e);
            if (farJumps
                    && e instanceof BranchInstruction jump
                    && types.before(i) instanceof TypeFlow.Snapshot before) {
                farJump(jump, i, before);
            } else if (point == null) {
                element(e);
            } else {
                await(point, resumes.get(point.number - 1), base, tail);
            }
        }
        bindScopes(body.elements.size());
        tail.forEach(Runnable::run);
        if (!frames.isEmpty()) {
            b.with(StackMapTableAttribute.of(frames));
        }
    }

    private void dispatch(List<Label> resumes, List<VerificationTypeInfo> base) {
        Label start = b.newLabel();
        List<SwitchCase> cases = new ArrayList<>();
        for (int k = 0; k < resumes.size(); k++) {
            cases.add(SwitchCase.of(k + 1, resumes.get(k)));
        }
        b.aload(frameSlot).invokestatic(Names.WOVEN, "point", MethodTypeDesc.of(CD_int, Names.FUTURE));
        b.tableswitch(1, resumes.size(), start, cases);
        b.labelBinding(start);
        frames.add(StackMapFrameInfo.of(start, base, List.of()));
        // The body may begin with a loop, whose frame must have a place of its own.
        b.nop();
    }

    private void element(CodeElement e) {
        switch (e) {
            case LoadInstruction l -> b.loadLocal(l.typeKind(), map(l.slot()));
            case StoreInstruction s -> b.storeLocal(s.typeKind(), map(s.slot()));
            case IncrementInstruction i -> b.iinc(map(i.slot()), i.constant());
            case LocalVariable v ->
                scopes.of(v).forEach(r -> b.localVariable(map(v.slot()), v.name(), v.type(), r.start(), r.end()));
            case LocalVariableType v ->
                scopes.of(v)
                        .forEach(r -> b.localVariableType(map(v.slot()), v.name(), v.signature(), r.start(), r.end()));
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
        if (Body.isMarker(e, "spawn")) {
            b.aload(frameSlot + 1).invokestatic(Names.WOVEN, "spawn", Names.SPAWN);
        } else if (Body.isMarker(e, "spawnLocal")) {
            b.aload(frameSlot + 1).invokestatic(Names.WOVEN, "spawnLocal", Names.SPAWN);
        } else if (Body.isMarker(e, "context")) {
            b.aload(frameSlot + 1);
        } else if (Body.isMarker(e, "endCleanup")) {
            b.aload(frameSlot).invokestatic(Names.WOVEN, "endCleanup", Names.ON_FRAME);
        } else if (Body.isMarker(e, "opened")) {
            b.aload(frameSlot).invokestatic(Names.WOVEN, "openedCaptures", Names.ON_FRAME);
        } else if (Body.isMarker(e, "caught")) {
            StringBuilder in = new StringBuilder();
            Set<CodeElement> awaits = Objects.requireNonNull(body.caughtAt.get(e));
            points.stream()
                    .filter(p -> awaits.contains(body.elements.get(p.at)))
                    .forEach(p -> in.append((char) p.number));
            b.aload(frameSlot).swap().ldc(in.toString()).invokestatic(Names.WOVEN, "caught", Names.CAUGHT);
        } else {
            return false;
        }
        return true;
    }

    private void await(Point p, Label resume, List<VerificationTypeInfo> base, List<Runnable> tail) {
        Label ready = b.newLabel();
        Label raise = b.newLabel();
        VerificationTypeInfo object = ObjectVerificationTypeInfo.of(CD_Object);
        b.aload(frameSlot).aload(frameSlot + 1).invokestatic(Names.WOVEN, "await", Names.WOVEN_AWAIT);
        b.dup().getstatic(Names.WOVEN, "SUSPENDED", CD_Object);
        b.if_acmpne(ready);
        suspend(p);
        List<VerificationTypeInfo> live = locals(p.locals, p.live);
        b.labelBinding(raise);
        frames.add(StackMapFrameInfo.of(raise, live, stack(p.stack, object)));
        b.invokestatic(Names.WOVEN, "resumed", MethodTypeDesc.of(CD_Object, CD_Object));
        b.labelBinding(ready);
        b.nop();
        frames.add(StackMapFrameInfo.of(ready, live, stack(p.stack, object)));
        tail.add(() -> {
            b.labelBinding(resume);
            frames.add(StackMapFrameInfo.of(resume, base, List.of()));
            p.fromLocals.forEach(this::restore);
            p.fromStack.forEach(this::restore);
            b.aload(frameSlot + 2);
            far(raise);
        });
    }

    private void far(Label target) {
        if (farJumps) {
            b.goto_w(target);
        } else {
            b.goto_(target);
        }
    }

    private void suspend(Point p) {
        int scratch = body.maxLocals + shift;
        b.pop();
        Set<Field> kept = new java.util.HashSet<>();
        for (int k = p.fromStack.size(); k-- > 0; ) {
            Spill s = p.fromStack.get(k);
            if (s.field == null) {
                b.pop();
                continue;
            }
            kept.add(s.field);
            TypeKind kind = TypeFlow.kind(s.field.type);
            b.storeLocal(kind, scratch)
                    .aload(frameSlot)
                    .loadLocal(kind, scratch)
                    .putfield(frame, s.field.name, s.field.type);
        }
        for (Spill s : p.fromLocals) {
            if (s.field != null) {
                kept.add(s.field);
                b.aload(frameSlot)
                        .loadLocal(TypeFlow.kind(s.field.type), map(s.slot))
                        .putfield(frame, s.field.name, s.field.type);
            }
        }
        // A suspended frame keeps nothing that the source could no longer reach.
        for (Field field : fields) {
            if (!field.type.isPrimitive() && !kept.contains(field)) {
                b.aload(frameSlot).aconst_null().putfield(frame, field.name, field.type);
            }
        }
        b.aload(frameSlot).loadConstant(p.number);
        b.invokestatic(Names.WOVEN, "suspendAt", MethodTypeDesc.of(CD_Object, Names.FUTURE, CD_int))
                .areturn();
    }

    private void restore(Spill s) {
        if (s.field == null) {
            b.aconst_null();
        } else {
            b.aload(frameSlot).getfield(frame, s.field.name, s.field.type);
        }
        if (s.slot >= 0) {
            b.storeLocal(s.field == null ? TypeKind.REFERENCE : TypeFlow.kind(s.field.type), map(s.slot));
        }
    }

    private int map(int slot) {
        return !body.isStatic && slot == 0 ? 0 : slot + shift;
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

    /** {@return the locals as a frame lists them: the three new ones, and of the body's own those that are live} */
    private List<VerificationTypeInfo> locals(List<Object> bySlot, BitSet live) {
        List<VerificationTypeInfo> out = new ArrayList<>();
        if (!body.isStatic) {
            out.add(ObjectVerificationTypeInfo.of(body.self));
        }
        out.add(ObjectVerificationTypeInfo.of(frame));
        out.add(ObjectVerificationTypeInfo.of(Names.CONTEXT));
        out.add(ObjectVerificationTypeInfo.of(CD_Object));
        for (int slot = body.isStatic ? 0 : 1; slot < bySlot.size(); slot++) {
            Object type = bySlot.get(slot);
            boolean keep = live.get(slot) && type instanceof VerificationTypeInfo && type != TOP;
            boolean wide = TypeFlow.isWide(type);
            out.add(keep ? (VerificationTypeInfo) type : TOP);
            if (wide) {
                if (!keep) {
                    out.add(TOP);
                }
                slot++;
            }
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
