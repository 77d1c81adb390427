package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.names.WovenCode;
import dev.latent.compiler.weave.Points.Field;
import dev.latent.compiler.weave.Points.Point;
import dev.latent.compiler.weave.Points.Spill;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.InvokeInstruction;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a method in the place of its awaits: what lives across one is spilled to the frame as the body suspends, and restored as
 * it is resumed. {@link Splitter} shows the code.
 */
final class Suspension {
    private final CodeBuilder b;
    private final Body body;
    private final ClassDesc frame;
    private final Points points;
    private final Locals locals;
    private final boolean first;
    private final boolean farJumps;
    private final @Nullable SharedSpills shared;
    private final @Nullable Held held;

    /** Where a resumed body goes on, by point; empty in the first run. */
    private final Map<Point, Label> raises = new IdentityHashMap<>();

    /** Where the value of an await is on the stack. */
    private final Map<Point, Label> readies = new IdentityHashMap<>();

    Suspension(
            CodeBuilder b,
            Body body,
            ClassDesc frame,
            Points points,
            Liveness liveness,
            Locals locals,
            boolean first,
            boolean farJumps) {
        this.b = b;
        this.body = body;
        this.frame = frame;
        this.points = points;
        this.locals = locals;
        this.first = first;
        this.farJumps = farJumps;
        this.shared = points.shared() ? new SharedSpills(b, body, points.all(), locals, this) : null;
        this.held = points.shared() ? new Held(body, liveness, points) : null;
    }

    /** What stands before the body's own code. The method that resumes it also runs it from its start, for a debugger. */
    void head() {
        Label start = b.newLabel();
        if (!first) {
            Label resumed = b.newLabel();
            WovenCode.IS_START.call(b.aload(locals.frame)).ifeq(resumed);
            WovenCode.BEGINS.call(b);
            points.parameters().forEach(this::restore);
            jump(start);
            b.labelBinding(resumed);
            locals.map(resumed, List.of(), new BitSet(), List.of());
        } else if (shared == null) {
            return;
        } else {
            jump(start);
        }
        if (shared == null) {
            resume();
        } else {
            if (!first) {
                WovenCode.POINT.call(b.aload(locals.frame));
                b.istore(locals.free);
                shared.down();
            }
            shared.up();
        }
        b.labelBinding(start);
        start(start);
    }

    private void resume() {
        List<Point> all = points.all();
        List<SwitchCase> cases = new ArrayList<>();
        all.forEach(p -> cases.add(SwitchCase.of(p.number(), b.newLabel())));
        if (all.size() > 1) {
            WovenCode.POINT.call(b.aload(locals.frame));
            b.tableswitch(1, all.size(), cases.getLast().target(), cases);
        }
        for (int k = 0; k < all.size(); k++) {
            Point p = all.get(k);
            if (all.size() > 1) {
                b.labelBinding(cases.get(k).target());
                locals.map(cases.get(k).target(), List.of(), new BitSet(), List.of());
            }
            p.fromLocals().forEach(this::restore);
            p.fromStack().forEach(this::restore);
            deliver(p);
        }
    }

    /** Once all is restored. */
    void deliver(Point p) {
        b.aload(locals.delivered);
        Label raise = b.newLabel();
        raises.put(p, raise);
        jump(raise);
    }

    private void start(Label start) {
        List<Object> given = new ArrayList<>();
        if (!body.isStatic) {
            given.add(ObjectVerificationTypeInfo.of(body.self));
        }
        for (Spill p : points.parameters()) {
            given.add(p.type());
            if (TypeFlow.isWide(p.type())) {
                given.add(TOP);
            }
        }
        BitSet all = new BitSet();
        all.set(0, given.size());
        locals.map(start, given, all, List.of());
        b.nop(); // a frame of javac's must have a place of its own
    }

    void jump(Label to) {
        if (farJumps) {
            b.goto_w(to);
        } else {
            b.goto_(to);
        }
    }

    /** A call whose future is awaited next, and needed only if its {@code sibling} has no value yet. */
    void now(InvokeInstruction call, String sibling, Point p) {
        List<ClassDesc> operands = new ArrayList<>(call.typeSymbol().parameterList());
        if (call.opcode() != Opcode.INVOKESTATIC) {
            operands.addFirst(call.owner().asSymbol());
        }
        int[] slots = new int[operands.size()];
        int slot = locals.free;
        for (int k = 0; k < slots.length; k++) {
            slots[k] = slot;
            slot += TypeKind.from(operands.get(k)).slotSize();
        }
        for (int k = slots.length; k-- > 0; ) {
            b.storeLocal(TypeKind.from(operands.get(k)), slots[k]);
        }
        load(operands, slots);
        b.aload(locals.context);
        MethodTypeDesc type = call.typeSymbol()
                .insertParameterTypes(call.typeSymbol().parameterCount(), WovenCode.CONTEXT)
                .changeReturnType(CD_Object);
        b.invoke(call.opcode(), call.owner().asSymbol(), sibling, type, call.isInterface());
        b.dup().getstatic(WovenCode.WOVEN, WovenCode.PENDING, CD_Object).if_acmpne(ready(p));
        b.pop();
        load(operands, slots);
        b.with(call);
    }

    private void load(List<ClassDesc> operands, int[] slots) {
        for (int k = 0; k < slots.length; k++) {
            b.loadLocal(TypeKind.from(operands.get(k)), slots[k]);
        }
    }

    private Label ready(Point p) {
        return readies.computeIfAbsent(p, at -> b.newLabel());
    }

    void await(Point p) {
        Label ready = ready(p);
        List<VerificationTypeInfo> stack = new ArrayList<>();
        p.stack().forEach(t -> stack.add((VerificationTypeInfo) t));
        stack.add(ObjectVerificationTypeInfo.of(CD_Object));
        b.aload(locals.frame)
                .aload(locals.below)
                .aload(locals.context)
                .iload(locals.depth)
                .invokestatic(frame, "await", FrameClass.await(frame));
        b.dup().getstatic(WovenCode.WOVEN, WovenCode.SUSPENDED, CD_Object).if_acmpne(ready);
        suspend(p);
        if (raises.get(p) instanceof Label raise) {
            b.labelBinding(raise);
            locals.map(raise, p.locals(), p.live(), stack);
            WovenCode.RESUMED.call(b);
        }
        b.labelBinding(ready);
        locals.map(ready, p.locals(), p.live(), stack);
        if (!(body.elements.get(p.at() + 1) instanceof Instruction)) {
            // A frame of javac's must have a place of its own.
            b.nop();
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
            b.aload(locals.frame)
                    .invokestatic(frame, "made", FrameClass.made(body, points, frame))
                    .astore(locals.frame);
        }
        // A suspended frame keeps nothing that the source could no longer reach.
        stale(p).filter(field -> !field.type().isPrimitive())
                .forEach(field -> b.aload(locals.frame).aconst_null().putfield(frame, field.name(), field.type()));
        if (shared == null) {
            p.fromStack().reversed().forEach(this::spill);
            p.fromLocals().forEach(this::spill);
            leave(p);
        } else {
            b.loadConstant(p.number()).istore(locals.free);
            jump(shared.up(p));
        }
    }

    private Stream<Field> stale(Point p) {
        if (held != null) {
            return held.stale(p).stream();
        }
        Set<Field> kept = Set.copyOf(p.kept());
        return points.fields().stream().filter(field -> !kept.contains(field));
    }

    /** Once all is spilled; without a point its number is in the next free local. */
    void leave(@Nullable Point p) {
        b.aload(locals.frame);
        if (first) {
            b.aload(locals.below).aload(locals.context);
        }
        if (p == null) {
            b.iload(locals.free);
        } else {
            b.loadConstant(p.number());
        }
        (first ? WovenCode.SUSPEND_FIRST : WovenCode.SUSPEND_AT).call(b);
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

    void spill(Spill s) {
        Field field = s.field();
        if (s.isHeldAlready()) {
            return;
        }
        if (field == null) {
            b.pop();
            return;
        }
        TypeKind kind = TypeFlow.kind(field.type());
        if (s.slot() >= 0) {
            b.aload(locals.frame).loadLocal(kind, locals.map(s.slot()));
        } else if (kind.slotSize() == 1) {
            b.aload(locals.frame).swap();
        } else {
            b.storeLocal(kind, locals.free + 1).aload(locals.frame).loadLocal(kind, locals.free + 1);
        }
        b.putfield(frame, field.name(), field.type());
    }

    void restore(Spill s) {
        if (s.field() == null) {
            b.aconst_null();
        } else {
            b.aload(locals.frame).getfield(frame, s.field().name(), s.field().type());
        }
        if (s.slot() >= 0) {
            b.storeLocal(
                    s.field() == null
                            ? TypeKind.REFERENCE
                            : TypeFlow.kind(s.field().type()),
                    locals.map(s.slot()));
        }
    }
}
