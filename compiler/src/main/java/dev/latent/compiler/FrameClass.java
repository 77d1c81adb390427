package dev.latent.compiler;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/** Writes the class of a frame: its fields, how it is made, and the few methods by which the machine reaches the body. */
final class FrameClass {
    private final ClassModel host;
    private final Body body;
    private final Splitter split;
    private final Closures.Closure closure;
    private final ClassDesc frame;
    private final String name;
    private final MethodTypeDesc woven;
    private final MethodTypeDesc create;

    FrameClass(
            ClassModel host, Body body, Splitter split, Closures.Closure closure, String name, MethodTypeDesc woven) {
        this.host = host;
        this.body = body;
        this.split = split;
        this.closure = closure;
        this.frame = closure.frame;
        this.name = name;
        this.woven = woven;
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
                    .withSuperclass(Names.FRAME)
                    .withInterfaceSymbols(List.copyOf(closure.interfaces));
            host.findAttribute(Attributes.sourceFile())
                    .ifPresent(s -> c.with(SourceFileAttribute.of(s.sourceFile().stringValue())));
            split.fields().forEach(f -> c.withField(f.name(), f.type(), 0));
            if (!body.isStatic) {
                c.withField("self", body.self, ClassFile.ACC_FINAL);
            }
            constructor(c);
            factory(c, "create", false);
            factory(c, "pattern", true);
            step(c);
            location(c);
            if (!split.cleanups().isEmpty()) {
                c.withMethodBody(
                        "inCleanup", MethodTypeDesc.of(CD_boolean, CD_int), ClassFile.ACC_PROTECTED, b -> b.ldc(
                                        split.cleanups())
                                .iload(1)
                                .invokestatic(Names.WOVEN, "holds", Names.HOLDS)
                                .ireturn());
            }
            if (body.ownsCaptures) {
                c.withMethodBody(
                        "ownsCaptures", MethodTypeDesc.of(CD_boolean), ClassFile.ACC_PROTECTED, b -> b.iconst_1()
                                .ireturn());
            }
            if (closure.bound instanceof String bound) {
                c.withMethodBody("notSend", MethodTypeDesc.of(CD_String), ClassFile.ACC_PROTECTED, b -> b.ldc(bound)
                        .areturn());
            }
            arguments(c);
            closure.stubs.forEach(s -> c.withMethodBody(s.name(), s.descriptor(), ClassFile.ACC_PUBLIC, b -> b.aload(0)
                    .invokestatic(
                            Names.WOVEN,
                            "calledDirectly",
                            MethodTypeDesc.of(ClassDesc.of("java.lang.IllegalStateException"), Names.FRAME))
                    .athrow()));
        });
    }

    private void constructor(ClassBuilder c) {
        MethodTypeDesc type = body.isStatic ? MTD_void : MethodTypeDesc.of(CD_void, body.self);
        c.withMethodBody("<init>", type, ClassFile.ACC_PRIVATE, b -> {
            b.aload(0).invokespecial(Names.FRAME, "<init>", MTD_void);
            if (!body.isStatic) {
                b.aload(0).aload(1).putfield(frame, "self", body.self);
            }
            b.return_();
        });
    }

    private void factory(ClassBuilder c, String name, boolean pattern) {
        c.withMethodBody(name, create, ClassFile.ACC_STATIC, b -> {
            b.new_(frame).dup();
            int slot = 0;
            if (!body.isStatic) {
                b.aload(slot++);
            }
            b.invokespecial(frame, "<init>", body.isStatic ? MTD_void : MethodTypeDesc.of(CD_void, body.self));
            for (int k = 0; k < capturedParameters(); k++) {
                Splitter.Field field = split.parameterFields().get(k);
                TypeKind kind = TypeFlow.kind(field.type());
                b.dup().loadLocal(kind, slot).putfield(frame, field.name(), field.type());
                slot += kind.slotSize();
            }
            if (pattern) {
                b.invokestatic(Names.WOVEN, "pattern", MethodTypeDesc.of(Names.FRAME, Names.FRAME))
                        .checkcast(frame);
            }
            b.areturn();
        });
    }

    private void step(ClassBuilder c) {
        c.withMethodBody("step", Names.STEP, ClassFile.ACC_PROTECTED, b -> {
            if (!body.isStatic) {
                b.aload(0).getfield(frame, "self", body.self);
            }
            b.aload(0).aload(1).aload(2);
            if (body.isStatic) {
                b.invokestatic(body.self, name, woven, body.inInterface);
            } else if (body.inInterface) {
                b.invokeinterface(body.self, name, woven);
            } else {
                b.invokevirtual(body.self, name, woven);
            }
            b.areturn();
        });
    }

    private void location(ClassBuilder c) {
        MethodTypeDesc type = MethodTypeDesc.of(Names.STACK_TRACE_ELEMENT, CD_int);
        String file = host.findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse("Unknown Source");
        c.withMethodBody("location", type, ClassFile.ACC_PROTECTED, b -> b.ldc(
                        Body.internal(body.self).replace('/', '.'))
                .ldc(closure.sourceName)
                .ldc(file)
                .ldc(split.lines())
                .iload(1)
                .invokestatic(Names.WOVEN, "location", Names.LOCATION)
                .areturn());
    }

    private void arguments(ClassBuilder c) {
        int from = capturedParameters();
        if (from == lambda().size()) {
            return;
        }
        c.withMethodBody("arguments", MethodTypeDesc.of(CD_void, CD_Object.arrayType()), ClassFile.ACC_PROTECTED, b -> {
            for (int k = from; k < lambda().size(); k++) {
                Splitter.Field field = split.parameterFields().get(k);
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
