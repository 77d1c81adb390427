package dev.latent.compiler;

import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first pass: finds the async closures of a class, and names the frame class of each. */
final class Closures {
    /** An interface method that a frame class stands in for. */
    record Stub(ClassDesc type, String name, MethodTypeDesc descriptor) {}

    /** One async body: the lambda's method, and its frame class. */
    static final class Closure {
        final ClassDesc frame;
        final String sourceName;
        final int captured;
        final Set<Stub> stubs = new LinkedHashSet<>();

        Closure(ClassDesc frame, String sourceName, int captured) {
            this.frame = frame;
            this.sourceName = sourceName;
            this.captured = captured;
        }
    }

    private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

    private final String self;
    private final TypeOracle oracle;
    private final Map<String, Closure> byMethod = new LinkedHashMap<>();

    Closures(String self, TypeOracle oracle) {
        this.self = self;
        this.oracle = oracle;
    }

    boolean isEmpty() {
        return byMethod.isEmpty();
    }

    Collection<Closure> all() {
        return byMethod.values();
    }

    @Nullable Closure of(MethodModel method) {
        return byMethod.get(method.methodName().stringValue() + method.methodType().stringValue());
    }

    /** {@return whether {@code elements} make an async closure; remembers each} */
    boolean collect(List<CodeElement> elements) {
        boolean found = false;
        for (CodeElement e : elements) {
            if (e instanceof InvokeDynamicInstruction site && isClosure(site)) {
                add(site);
                found = true;
            }
        }
        return found;
    }

    private boolean isClosure(InvokeDynamicInstruction site) {
        ClassDesc type = site.typeSymbol().returnType();
        return Body.internal(site.bootstrapMethod().owner()).equals(METAFACTORY)
                && type.isClassOrInterface()
                && oracle.isAsyncClosure(Body.internal(type));
    }

    private static DirectMethodHandleDesc implementation(InvokeDynamicInstruction site) {
        return (DirectMethodHandleDesc) site.bootstrapArgs().get(1);
    }

    private void add(InvokeDynamicInstruction site) {
        DirectMethodHandleDesc lambda = implementation(site);
        String name = lambda.methodName();
        if (!Body.internal(lambda.owner()).equals(self) || !name.startsWith("lambda$")) {
            throw new WeaveException("async-method-reference", 0, "a method reference can't be an async body: write a lambda, () -> "
                    + lambda.owner().displayName() + "." + name + "(…)");
        }
        Closure closure = byMethod.computeIfAbsent(name + lambda.lookupDescriptor(), k -> {
            int end = name.lastIndexOf('$');
            String source = end > 7 ? name.substring(7, end) : name;
            return new Closure(
                    ClassDesc.ofInternalName(self + "$async$" + source.replace('$', '_') + "$" + byMethod.size()),
                    source,
                    site.typeSymbol().parameterCount());
        });
        closure.stubs.add(new Stub(
                site.typeSymbol().returnType(), site.name().stringValue(), (MethodTypeDesc) site.bootstrapArgs().get(0)));
    }

    /** {@return the closure that {@code e} makes, or null} */
    @Nullable Closure madeBy(CodeElement e) {
        if (!(e instanceof InvokeDynamicInstruction site) || !isClosure(site)) {
            return null;
        }
        DirectMethodHandleDesc lambda = implementation(site);
        return byMethod.get(lambda.methodName() + lambda.lookupDescriptor());
    }
}
