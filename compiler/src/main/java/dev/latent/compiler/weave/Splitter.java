package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Boxes;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.Marker;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import dev.latent.compiler.weave.Points.Point;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
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
 * <p>Where the future is that of a call right before the await, and the method has a sibling by {@code @NowOr}, that is asked first:
 *
 * <pre>
 *              [stack, receiver, arguments] store them, load them; call the sibling with the context; if not PENDING goto ready k
 *              load them; call
 *              [stack, future] await; …
 * </pre>
 *
 * <p>For a debugger, the suspension is part of the await's line, and neither the switch nor a restore is a line of its own: a
 * breakpoint is hit when the source comes to its line, and not when the body is resumed. Where there is a debugger, the second method also runs
 * the body from its start, so that each line has one place at which it is always come by, and that method stands first in the class, since a debugger may know of one place only.
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

    private final Locals locals;
    private final TypeOracle oracle;

    @SuppressWarnings("NullAway.Init") // set first thing by emit
    private CodeBuilder b;

    /**
     * @param atLoad whether the type of the frame must not be known before the body runs
     * @param farJumps whether a jump may be farther than 32 kB, which only an unconditional one can
     * @param first whether to write the first run, or what resumes it
     */
    Splitter(Body body, ClassDesc frame, TypeOracle oracle, boolean atLoad, boolean farJumps, boolean first) {
        this.oracle = oracle;
        this.atLoad = atLoad;
        this.farJumps = farJumps;
        this.first = first;
        this.body = body;
        this.frame = frame;
        this.types = new TypeFlow(body);
        this.liveness = new Liveness(body);
        this.scopes = new Scopes(body, liveness);
        this.points = new Points(body, types, liveness);
        this.locals = new Locals(body, frame, first);
    }

    Points points() {
        return points;
    }

    // ---- emission ---------------------------------------------------------------------------------------------------

    void emit(CodeBuilder builder) {
        b = builder;
        if (atLoad) {
            b.aload(locals.frame).checkcast(frame).astore(locals.frame);
        }
        Suspension suspension = new Suspension(b, body, frame, points, liveness, locals, first, farJumps);
        suspension.head();
        LineNumber line = null;
        for (int i = 0; i < body.elements.size(); i++) {
            CodeElement e = body.elements.get(i);
            Point point = points.at(e);
            StackMapFrameInfo at = body.frameAt.get(i);
            if (at != null) {
                locals.map(at, liveness.at(i));
            }
            bindScopes(i);
            if (e instanceof LineNumber next) {
                line = next;
                continue;
            }
            if (e instanceof Instruction && line != null) {
                b.with(line);
                line = null;
            }
            if (point != null) {
                suspension.await(point);
            } else if (awaited(i) instanceof Point made && sibling(e) instanceof String sibling) {
                suspension.now((InvokeInstruction) e, sibling, made);
            } else if (e instanceof BranchInstruction jump
                    && farJumps
                    && types.before(i) instanceof TypeFlow.Snapshot before) {
                farJump(jump, i, before);
            } else {
                element(e);
            }
        }
        bindScopes(body.elements.size());
        if (!locals.maps().isEmpty()) {
            b.with(StackMapTableAttribute.of(locals.maps()));
        }
    }

    /** {@return the await that is all that becomes of what the element at {@code i} gives, or null} */
    private @Nullable Point awaited(int i) {
        int next = body.next(i);
        if (next == body.elements.size() || points.at(body.elements.get(next)) == null) {
            return null;
        }
        for (int k = i + 1; k < next; k++) {
            if (body.frameAt.containsKey(k)) {
                return null; // other ways lead there
            }
        }
        return points.at(body.elements.get(next));
    }

    private @Nullable String sibling(CodeElement e) {
        return e instanceof InvokeInstruction call && call.opcode() != Opcode.INVOKESPECIAL
                ? oracle.nowSibling(
                        call.owner().asInternalName(),
                        call.name().stringValue(),
                        call.type().stringValue())
                : null;
    }

    private void element(CodeElement e) {
        switch (e) {
            case LoadInstruction l -> b.loadLocal(l.typeKind(), locals.map(l.slot()));
            case StoreInstruction s -> b.storeLocal(s.typeKind(), locals.map(s.slot()));
            case IncrementInstruction i -> b.iinc(locals.map(i.slot()), i.constant());
            case ExceptionCatch t when !hasCode(body.at(t.tryStart()), body.at(t.tryEnd())) -> {}
            case LocalVariable v ->
                ranges(v).forEach(r -> b.localVariable(locals.map(v.slot()), v.name(), v.type(), r.start(), r.end()));
            case LocalVariableType v ->
                ranges(v)
                        .forEach(r ->
                                b.localVariableType(locals.map(v.slot()), v.name(), v.signature(), r.start(), r.end()));
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
        locals.map(
                over, List.copyOf(before.locals().stream().map(types::toFrame).toList()), liveness.at(i), stack);
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
                        .map(v -> TypeAnnotation.LocalVarTargetInfo.of(
                                v.startLabel(), v.endLabel(), locals.map(v.index())))
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
            if (e instanceof Instruction && leavesCode) {
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
            WovenCode.SPAWN_ON.call(b.aload(locals.context));
        } else if (Marker.SPAWN_LOCAL.is(e)) {
            WovenCode.SPAWN_LOCAL_ON.call(b.aload(locals.context));
        } else if (Marker.CONTEXT.is(e)) {
            b.aload(locals.context);
        } else if (Marker.END_CLEANUP.is(e)) {
            onFrame(WovenCode.END_CLEANUP);
        } else if (Marker.OPENED.is(e)) {
            onFrame(WovenCode.OPENED_CAPTURES);
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
            call.call(b.aload(locals.frame));
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
        WovenCode.CAUGHT.call(b.aload(locals.frame).swap().ldc(in.toString()));
    }
}
