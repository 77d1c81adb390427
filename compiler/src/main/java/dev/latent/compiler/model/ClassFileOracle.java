package dev.latent.compiler.model;

import dev.latent.compiler.names.Core;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.RuntimeInvisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers from class files, and loads no class. Of a type whose file is not found nothing is assumed. */
public final class ClassFileOracle implements TypeOracle {
    /** Where class files are found. */
    @FunctionalInterface
    public interface Source {
        /** {@return the class file of a type, by its internal name} */
        Optional<byte[]> find(String type);
    }

    private static final Set<String> OF_OBJECT =
            Set.of("equals(Ljava/lang/Object;)Z", "hashCode()I", "toString()Ljava/lang/String;");

    private final Source source;
    private final Map<String, Type> types = new ConcurrentHashMap<>();
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** An oracle over {@code source}, whose answers it keeps. */
    public ClassFileOracle(Source source) {
        this.source = source;
    }

    /** {@return the types that were asked for and not found, by internal name} */
    public Set<String> missing() {
        return Set.copyOf(missing);
    }

    @Override
    public boolean isAsyncCloseable(String type) {
        return type.equals(Core.internal(Core.ASYNC_CLOSEABLE))
                || type(type).supertypes.stream().anyMatch(this::isAsyncCloseable);
    }

    @Override
    public boolean isAsyncClosure(String type) {
        Type found = type(type);
        return found.isInterface
                && (found.isAnnotated || found.supertypes.stream().anyMatch(this::isAsyncClosure));
    }

    @Override
    public boolean isAsyncCall(String type, String name, int parameters) {
        return isAsyncClosure(type) && isAbstract(type, name, parameters, new HashSet<>(OF_OBJECT));
    }

    /** Nearer types come first: what they implement is not abstract any more. */
    private boolean isAbstract(String type, String name, int parameters, Set<String> implemented) {
        Type found = type(type);
        for (Method method : found.methods) {
            if (!method.isAbstract) {
                implemented.add(method.name + method.descriptor);
            } else if (method.name.equals(name)
                    && method.parameters == parameters
                    && !implemented.contains(method.name + method.descriptor)) {
                return true;
            }
        }
        return found.supertypes.stream().anyMatch(s -> isAbstract(s, name, parameters, implemented));
    }

    /** Nothing is found out from one class file alone. */
    @Override
    public Map<String, String> foundNotSend(String type) {
        return Map.of();
    }

    @Override
    public boolean isNotSend(String type) {
        return known(type).isNotSend || known(type).supertypes.stream().anyMatch(this::isNotSend);
    }

    @Override
    public @Nullable String notSend(String type, String method, String descriptor) {
        String bound = known(type).notSend.get(method + descriptor);
        for (String supertype : bound == null ? known(type).supertypes : List.<String>of()) {
            bound = bound == null ? notSend(supertype, method, descriptor) : bound;
        }
        return bound;
    }

    @Override
    public @Nullable String nowSibling(String type, String method, String descriptor) {
        String sibling = known(type).now.get(method + descriptor);
        for (String supertype : sibling == null ? known(type).supertypes : List.<String>of()) {
            sibling = sibling == null ? nowSibling(supertype, method, descriptor) : sibling;
        }
        return sibling;
    }

    @Override
    public @Nullable String handedTo(String type) {
        return handedTo(type, new HashSet<>());
    }

    private @Nullable String handedTo(String type, Set<String> seen) {
        String runner = known(type).handedTo;
        for (String annotation : runner == null ? known(type).annotations : List.<String>of()) {
            if (runner == null && seen.add(annotation)) {
                runner = handedTo(annotation, seen);
            }
        }
        return runner;
    }

    private Type type(String name) {
        Type known = known(name);
        if (known == Type.UNKNOWN && !name.startsWith("java/")) {
            missing.add(name);
        }
        return known;
    }

    private Type known(String name) {
        // None of the JDK's own types is annotated with ours or extends them.
        if (name.startsWith("java/")) {
            return Type.UNKNOWN;
        }
        Type known = types.get(name);
        if (known == null) {
            known = source.find(name).map(Type::read).orElse(Type.UNKNOWN);
            types.put(name, known);
        }
        return known;
    }

    private record Method(String name, String descriptor, int parameters, boolean isAbstract) {}

    /**
     * @param notSend what binds the futures of its methods, by name and descriptor
     * @param now the siblings of its methods, by name and descriptor
     * @param handedTo who is handed the futures of methods that have it, an annotation
     * @param annotations of an annotation
     */
    private record Type(
            boolean isInterface,
            boolean isAnnotated,
            boolean isNotSend,
            Map<String, String> notSend,
            Map<String, String> now,
            List<String> supertypes,
            List<Method> methods,
            @Nullable String handedTo,
            List<String> annotations) {
        static final Type UNKNOWN =
                new Type(false, false, false, Map.of(), Map.of(), List.of(), List.of(), null, List.of());

        static Type read(byte[] classFile) {
            ClassModel model = ClassFile.of().parse(classFile);
            List<String> supertypes = new ArrayList<>();
            model.superclass().map(ClassEntry::asInternalName).ifPresent(supertypes::add);
            model.interfaces().forEach(i -> supertypes.add(i.asInternalName()));
            Map<String, String> notSend = new HashMap<>();
            Map<String, String> now = new HashMap<>();
            for (MethodModel m : model.methods()) {
                String signature = m.methodName().stringValue() + m.methodType().stringValue();
                annotation(m, Core.NOT_SEND).ifPresent(a -> notSend.put(signature, bound(a, m)));
                annotation(m, Core.NOW_OR).flatMap(Type::text).ifPresent(sibling -> now.put(signature, sibling));
            }
            return new Type(
                    model.flags().has(AccessFlag.INTERFACE),
                    annotation(model, Core.ASYNC_CLOSURE).isPresent(),
                    annotation(model, Core.NOT_SEND).isPresent(),
                    Map.copyOf(notSend),
                    Map.copyOf(now),
                    List.copyOf(supertypes),
                    model.flags().has(AccessFlag.INTERFACE)
                            ? model.methods().stream().map(Type::method).toList()
                            : List.of(),
                    annotation(model, Core.HANDED_TO).flatMap(Type::named).orElse(null),
                    model.flags().has(AccessFlag.ANNOTATION)
                            ? model
                                    .findAttribute(Attributes.runtimeVisibleAnnotations())
                                    .map(RuntimeVisibleAnnotationsAttribute::annotations)
                                    .orElse(List.of())
                                    .stream()
                                    .map(a -> internal(a.classSymbol()))
                                    .toList()
                            : List.of());
        }

        private static String internal(ClassDesc type) {
            String descriptor = type.descriptorString();
            return descriptor.substring(1, descriptor.length() - 1);
        }

        private static Optional<String> named(Annotation annotation) {
            return annotation.elements().stream()
                    .map(e -> e.value() instanceof AnnotationValue.OfClass c ? internal(c.classSymbol()) : "")
                    .filter(s -> !s.isEmpty())
                    .findFirst();
        }

        private static Optional<Annotation> annotation(AttributedElement element, String type) {
            return element
                    .findAttribute(Attributes.runtimeInvisibleAnnotations())
                    .map(RuntimeInvisibleAnnotationsAttribute::annotations)
                    .orElse(List.of())
                    .stream()
                    .filter(a -> a.className().equalsString(Core.descriptor(type)))
                    .findFirst();
        }

        private static Optional<String> text(Annotation annotation) {
            return annotation.elements().stream()
                    .map(e -> e.value() instanceof AnnotationValue.OfString s ? s.stringValue() : "")
                    .filter(s -> !s.isEmpty())
                    .findFirst();
        }

        private static String bound(Annotation annotation, MethodModel method) {
            return text(annotation)
                    .orElse(ThreadBinding.marked(method.methodName().stringValue()));
        }

        private static Method method(MethodModel m) {
            return new Method(
                    m.methodName().stringValue(),
                    m.methodType().stringValue(),
                    m.methodTypeSymbol().parameterCount(),
                    m.flags().has(AccessFlag.ABSTRACT));
        }
    }
}
