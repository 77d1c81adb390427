package dev.latent.compiler.weave;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Boxes;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes the class of a frame: its fields, how it is made, and the few methods by which the machine reaches the body. */
final class FrameClass {
    /** Locals that take about as much of the native stack as the rest of a call does. */
    private static final int SLOTS_OF_A_CALL = 64;

    private final ClassModel host;
    private final Body body;
    private final Points points;
    private final Closures.Closure closure;
    private final ClassDesc frame;
    private final String name;
    private final MethodTypeDesc start;
    private final MethodTypeDesc step;
    private final MethodTypeDesc create;

    FrameClass(
            ClassModel host,
            Body body,
            Points points,
            Closures.Closure closure,
            String name,
            MethodTypeDesc start,
            MethodTypeDesc step) {
        this.host = host;
        this.body = body;
        this.points = points;
        this.closure = closure;
        this.frame = closure.frame;
        this.name = name;
        this.start = start;
        this.step = step;
        List<ClassDesc> captured = new ArrayList<>();
        if (!body.isStatic) {
            captured.add(body.self);
        }
        captured.addAll(lambda().subList(0, capturedParameters()));
        this.create = MethodTypeDesc.of(frame, captured);
    }

    private List<ClassDesc> lambda() {
        return body.method.methodTypeSymbol().parameterList();
    }

    private int capturedParameters() {
        return closure.captured - (body.isStatic ? 0 : 1);
    }

    byte[] write() {
        return ClassFile.of().build(frame, c -> {
            c.withVersion(host.majorVersion(), host.minorVersion())
                    .withFlags(AccessFlag.FINAL, AccessFlag.SYNTHETIC, AccessFlag.SUPER)
                    .withSuperclass(WovenCode.FRAME)
                    .withInterfaceSymbols(List.copyOf(closure.interfaces));
            host.findAttribute(Attributes.sourceFile())
                    .ifPresent(s -> c.with(SourceFileAttribute.of(s.sourceFile().stringValue())));
            points.fields().forEach(f -> c.withField(f.name(), f.type(), 0));
            if (!body.isStatic) {
                c.withField("self", body.self, ClassFile.ACC_FINAL);
            }
            constructor(c);
            factory(c, "create", false);
            factory(c, "pattern", true);
            start(c);
            if (closure.suspends) {
                await(c);
                made(c);
                step(c);
            }
            location(c);
            if (!points.cleanups().isEmpty()) {
                WovenCode.IN_CLEANUP.override(c, ClassFile.ACC_PROTECTED, b -> WovenCode.HOLDS
                        .call(b.ldc(points.cleanups()).iload(1))
                        .ireturn());
            }
            if (body.ownsCaptures) {
                WovenCode.OWNS_CAPTURES.override(
                        c, ClassFile.ACC_PROTECTED, b -> b.iconst_1().ireturn());
            }
            if (closure.bound instanceof String bound) {
                WovenCode.IS_BOUND.override(
                        c, ClassFile.ACC_PROTECTED, b -> b.ldc(bound).areturn());
            }
            arguments(c);
            closure.stubs.forEach(
                    s -> c.withMethodBody(s.name(), s.descriptor(), ClassFile.ACC_PUBLIC, b -> WovenCode.CALLED_DIRECTLY
                            .call(b.aload(0))
                            .athrow()));
        });
    }

    private void constructor(ClassBuilder c) {
        MethodTypeDesc type = body.isStatic ? MTD_void : MethodTypeDesc.of(CD_void, body.self);
        c.withMethodBody("<init>", type, ClassFile.ACC_PRIVATE, b -> {
            b.aload(0).invokespecial(WovenCode.FRAME, "<init>", MTD_void);
            if (!body.isStatic) {
                b.aload(0).aload(1).putfield(frame, "self", body.self);
            }
            b.return_();
        });
    }

    private void factory(ClassBuilder c, String name, boolean pattern) {
        c.withMethodBody(name, create, ClassFile.ACC_STATIC, b -> {
            newFrame(b);
            putFields(b, points.parameterFields().subList(0, capturedParameters()), body.isStatic ? 0 : 1);
            if (pattern) {
                WovenCode.PATTERN.call(b).checkcast(frame);
            }
            b.areturn();
        });
    }

    /**
     * {@return the type of the method that gives a first run the frame that it needs to suspend, if it has none} Its parameters are what such
     * a frame holds from its making on, and the frame or null.
     */
    static MethodTypeDesc made(Body body, Points points, ClassDesc frame) {
        List<ClassDesc> parameters = new ArrayList<>();
        if (!body.isStatic) {
            parameters.add(body.self);
        }
        points.fixed()
                .forEach(p -> parameters.add(Objects.requireNonNull(p.field()).type()));
        parameters.add(frame);
        return MethodTypeDesc.of(frame, parameters);
    }

    private void made(ClassBuilder c) {
        c.withField("suspends", CD_boolean, ClassFile.ACC_STATIC);
        c.withMethodBody("made", made(body, points, frame), ClassFile.ACC_STATIC, b -> {
            int given = b.parameterSlot(made(body, points, frame).parameterCount() - 1);
            Label none = b.newLabel();
            b.aload(given).ifnull(none).aload(given).areturn().labelBinding(none);
            b.iconst_1().putstatic(frame, "suspends", CD_boolean);
            newFrame(b);
            List<Points.Field> fixed =
                    points.fixed().stream().map(Points.Spill::field).toList();
            putFields(b, fixed, body.isStatic ? 0 : 1);
            b.areturn();
        });
    }

    /** Leaves a new frame on the stack; what its body is called on is the first parameter. */
    private void newFrame(CodeBuilder b) {
        b.new_(frame).dup();
        if (!body.isStatic) {
            b.aload(0);
        }
        b.invokespecial(frame, "<init>", body.isStatic ? MTD_void : MethodTypeDesc.of(CD_void, body.self));
    }

    private void putFields(CodeBuilder b, List<Points.Field> fields, int slot) {
        for (Points.Field field : fields) {
            TypeKind kind = TypeFlow.kind(field.type());
            b.dup().loadLocal(kind, slot).putfield(frame, field.name(), field.type());
            slot += kind.slotSize();
        }
    }

    /** {@return the type of the method that awaits for the body}; {@code Woven} tells what it does. */
    static MethodTypeDesc await(ClassDesc frame) {
        return MethodTypeDesc.of(CD_Object, WovenCode.FUTURE, frame, WovenCode.FUTURE, WovenCode.CONTEXT, CD_int);
    }

    private void await(ClassBuilder c) {
        c.withMethodBody("await", await(frame), ClassFile.ACC_STATIC, b -> {
            int below = b.allocateLocal(TypeKind.REFERENCE);
            int callee = b.allocateLocal(TypeKind.REFERENCE);
            Label other = b.newLabel();
            b.aload(2).checkcast(WovenCode.FRAME).astore(below);
            WovenCode.STARTABLE.call(b.aload(0).aload(below).iload(4));
            b.astore(callee).aload(callee).ifnull(other);
            b.trying(
                    t -> {
                        t.aload(callee).aload(1).aload(below).aload(3).iload(4);
                        t.loadConstant(1 + body.maxLocals / SLOTS_OF_A_CALL).iadd();
                        WovenCode.START_CALLED.callOn(t);
                        WovenCode.STARTED
                                .call(t.aload(callee).aload(1).aload(3))
                                .areturn();
                    },
                    catches -> catches.catchingAll(t ->
                            WovenCode.FAILED.call(t.aload(callee).aload(below)).athrow()));
            b.labelBinding(other);
            b.aload(0).aload(1).aload(below).aload(3).iload(4);
            WovenCode.AWAIT_OTHER.call(b).areturn();
        });
    }

    // A debugger that is told to skip what is synthetic does not stop in these when a step leaves the body.

    private void start(ClassBuilder c) {
        WovenCode.START.override(c, ClassFile.ACC_PROTECTED | ClassFile.ACC_SYNTHETIC, b -> {
            if (closure.suspends) {
                unlessDebugged(b, () -> whole(b, 1, 2));
            }
            captured(b);
            b.aload(0).aload(0).aload(1).iload(2);
            invoke(b, start);
            b.areturn();
        });
        WovenCode.START_CALLED.override(c, ClassFile.ACC_PUBLIC | ClassFile.ACC_SYNTHETIC, b -> {
            if (closure.suspends) {
                unlessDebugged(b, () -> {
                    whole(b, 3, 4);
                    WovenCode.CALLED.call(b.aload(0).aload(1).aload(3));
                });
                Label without = b.newLabel();
                b.getstatic(frame, "suspends", CD_boolean).ifeq(without);
                captured(b);
                b.aload(0).aload(0).aload(3).iload(4);
                invoke(b, start);
                WovenCode.CALLED.call(b.aload(0).aload(1).aload(3));
                b.areturn().labelBinding(without);
            }
            captured(b);
            b.aconst_null().aload(2).aload(3).iload(4);
            invoke(b, start);
            b.areturn();
        });
    }

    /** Goes on if there is no debugger; where there is one, returns what {@code whole} leaves on the stack. */
    private static void unlessDebugged(CodeBuilder b, Runnable whole) {
        Label plain = b.newLabel();
        b.getstatic(WovenCode.WOVEN, WovenCode.DEBUGGED, CD_boolean).ifeq(plain);
        whole.run();
        b.areturn().labelBinding(plain);
    }

    /** Runs the body from its start in the method that resumes it. */
    private void whole(CodeBuilder b, int context, int depth) {
        receiver(b);
        b.aload(0).aload(context).iload(depth).aconst_null();
        invoke(b, step);
    }

    private void captured(CodeBuilder b) {
        receiver(b);
        points.parameterFields().forEach(f -> b.aload(0).getfield(frame, f.name(), f.type()));
    }

    private void step(ClassBuilder c) {
        WovenCode.STEP.override(c, ClassFile.ACC_PROTECTED | ClassFile.ACC_SYNTHETIC, b -> {
            receiver(b);
            b.aload(0).aload(1).iload(2).aload(3);
            invoke(b, step);
            b.areturn();
        });
    }

    private void receiver(CodeBuilder b) {
        if (!body.isStatic) {
            b.aload(0).getfield(frame, "self", body.self);
        }
    }

    private void invoke(CodeBuilder b, MethodTypeDesc type) {
        if (body.isStatic) {
            b.invokestatic(body.self, name, type, body.inInterface);
        } else if (body.inInterface) {
            b.invokeinterface(body.self, name, type);
        } else {
            b.invokevirtual(body.self, name, type);
        }
    }

    private void location(ClassBuilder c) {
        String file = host.findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse("Unknown Source");
        WovenCode.LOCATION.override(c, ClassFile.ACC_PROTECTED, b -> {
            b.ldc(Body.internal(body.self).replace('/', '.'))
                    .ldc(closure.sourceName)
                    .ldc(file);
            WovenCode.TELL_LOCATION.call(b.ldc(points.lines()).iload(1)).areturn();
        });
    }

    private void arguments(ClassBuilder c) {
        int from = capturedParameters();
        if (from == lambda().size()) {
            return;
        }
        WovenCode.ARGUMENTS.override(c, ClassFile.ACC_PROTECTED, b -> {
            for (int k = from; k < lambda().size(); k++) {
                Points.Field field = points.parameterFields().get(k);
                b.aload(0).aload(1).loadConstant(k - from).aaload();
                unbox(b, lambda().get(k));
                b.putfield(frame, field.name(), field.type());
            }
            b.return_();
        });
    }

    private static void unbox(CodeBuilder b, ClassDesc type) {
        if (type.isPrimitive()) {
            ClassDesc box = Boxes.of(type);
            b.checkcast(box).invokevirtual(box, type.displayName() + "Value", MethodTypeDesc.of(type));
        } else if (!type.equals(CD_Object)) {
            b.checkcast(type);
        }
    }
}
