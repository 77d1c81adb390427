package dev.latent.compiler.weave;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Opcode;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.MethodParametersAttribute;
import java.lang.classfile.attribute.RuntimeInvisibleParameterAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleParameterAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives each method whose annotation says, by {@code @HandedTo}, who is handed its future, a twin: of the same name, without a result, with the
 * annotations. It calls the one in the source, which becomes synthetic under another name, and hands the future over.
 *
 * <p>The name has to change because frameworks look a method up by name and parameters, and take any that they find.
 */
final class Handovers implements ClassTransform {
    private static final String SUFFIX = "$future";

    private final ClassDesc self;
    private final boolean inInterface;

    /** Who is handed the future, by name and descriptor of the method. */
    private final Map<String, ClassDesc> runners = new HashMap<>();

    Handovers(ClassModel host, TypeOracle oracle) {
        this.self = host.thisClass().asSymbol();
        this.inInterface = host.flags().has(AccessFlag.INTERFACE);
        for (MethodModel method : host.methods()) {
            if (method.code().isPresent()
                    && method.methodTypeSymbol().returnType().equals(WovenCode.FUTURE)
                    && runner(method, oracle) instanceof String runner) {
                runners.put(key(method), ClassDesc.ofInternalName(runner));
            }
        }
    }

    private static @Nullable String runner(MethodModel method, TypeOracle oracle) {
        for (Annotation annotation : method.findAttribute(Attributes.runtimeVisibleAnnotations())
                .map(RuntimeVisibleAnnotationsAttribute::annotations)
                .orElse(List.of())) {
            String descriptor = annotation.className().stringValue();
            String runner = oracle.handedTo(descriptor.substring(1, descriptor.length() - 1));
            if (runner != null) {
                return runner;
            }
        }
        return null;
    }

    boolean isEmpty() {
        return runners.isEmpty();
    }

    private static String key(MethodModel method) {
        return method.methodName().stringValue() + method.methodType().stringValue();
    }

    @Override
    public void accept(ClassBuilder to, ClassElement element) {
        if (!(element instanceof MethodModel method)) {
            to.with(element);
        } else if (runners.get(key(method)) instanceof ClassDesc runner) {
            to.withMethod(
                    method.methodName().stringValue() + SUFFIX,
                    method.methodTypeSymbol(),
                    method.flags().flagsMask() | ClassFile.ACC_SYNTHETIC,
                    into -> method.forEach(e -> {
                        if (e instanceof CodeModel code) {
                            into.withCode(b -> follow(code, b));
                        } else if (!isForTwin(e) && !(e instanceof AccessFlags)) {
                            into.with(e);
                        }
                    }));
            writeTwin(to, method, runner);
        } else {
            to.transformMethod(method, (into, e) -> {
                if (e instanceof CodeModel code && code.elementStream().anyMatch(this::isRenamed)) {
                    into.withCode(b -> follow(code, b));
                } else {
                    into.with(e);
                }
            });
        }
    }

    private static boolean isForTwin(MethodElement element) {
        return element instanceof RuntimeVisibleAnnotationsAttribute
                || element instanceof RuntimeVisibleParameterAnnotationsAttribute
                || element instanceof RuntimeInvisibleParameterAnnotationsAttribute;
    }

    private void writeTwin(ClassBuilder to, MethodModel method, ClassDesc runner) {
        MethodTypeDesc type = method.methodTypeSymbol().changeReturnType(CD_void);
        to.withMethod(method.methodName().stringValue(), type, method.flags().flagsMask(), into -> {
            for (MethodElement e : method) {
                if (e instanceof SignatureAttribute signature) {
                    into.with(SignatureAttribute.of(withoutResult(signature.asMethodSignature())));
                } else if (isForTwin(e) || e instanceof MethodParametersAttribute) {
                    into.with(e);
                }
            }
            method.findAttribute(Attributes.exceptions()).ifPresent(into::with);
            into.withCode(b -> call(b, method, runner));
        });
    }

    private static MethodSignature withoutResult(MethodSignature of) {
        return MethodSignature.of(
                of.typeParameters(),
                of.throwableSignatures(),
                Signature.of(CD_void),
                of.arguments().toArray(Signature[]::new));
    }

    private void call(CodeBuilder b, MethodModel method, ClassDesc runner) {
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        method.code()
                .flatMap(code -> code.elementStream()
                        .filter(LineNumber.class::isInstance)
                        .findFirst())
                .ifPresent(b::with);
        if (!isStatic) {
            b.aload(0);
        }
        for (int i = 0; i < method.methodTypeSymbol().parameterCount(); i++) {
            b.loadLocal(TypeKind.from(method.methodTypeSymbol().parameterType(i)), b.parameterSlot(i));
        }
        String name = method.methodName().stringValue() + SUFFIX;
        MethodTypeDesc type = method.methodTypeSymbol();
        if (isStatic) {
            b.invokestatic(self, name, type, inInterface);
        } else if (inInterface) {
            b.invokeinterface(self, name, type);
        } else {
            b.invokevirtual(self, name, type);
        }
        b.invokestatic(runner, "run", MethodTypeDesc.of(CD_void, WovenCode.FUTURE))
                .return_();
    }

    // ---- calls of what got another name
    // ------------------------------------------------------------------------------

    private void follow(CodeModel code, CodeBuilder b) {
        for (CodeElement e : code) {
            if (!isRenamed(e)) {
                b.with(e);
            } else if (e instanceof InvokeInstruction i) {
                String name = i.name().stringValue() + SUFFIX;
                b.invoke(i.opcode(), i.owner().asSymbol(), name, i.typeSymbol(), i.isInterface());
            } else if (e instanceof InvokeDynamicInstruction i) {
                b.invokedynamic(DynamicCallSiteDesc.of(
                        i.bootstrapMethod(),
                        i.name().stringValue(),
                        i.typeSymbol(),
                        i.bootstrapArgs().stream().map(this::renamed).toArray(ConstantDesc[]::new)));
            }
        }
        code.findAttribute(Attributes.stackMapTable()).ifPresent(b::with);
    }

    /** {@return whether {@code e} calls, or has a handle of, a method with a twin} */
    private boolean isRenamed(CodeElement e) {
        return switch (e) {
            case InvokeInstruction i ->
                (i.owner().asSymbol().equals(self) || i.opcode() == Opcode.INVOKESPECIAL)
                        && runners.containsKey(i.name().stringValue() + i.type().stringValue());
            case InvokeDynamicInstruction i -> i.bootstrapArgs().stream().anyMatch(this::isRenamed);
            default -> false;
        };
    }

    private boolean isRenamed(ConstantDesc argument) {
        return argument instanceof DirectMethodHandleDesc handle
                && handle.owner().equals(self)
                && runners.containsKey(handle.methodName() + handle.lookupDescriptor());
    }

    private ConstantDesc renamed(ConstantDesc argument) {
        return argument instanceof DirectMethodHandleDesc handle && isRenamed(handle)
                ? MethodHandleDesc.of(
                        handle.kind(), handle.owner(), handle.methodName() + SUFFIX, handle.lookupDescriptor())
                : argument;
    }
}
