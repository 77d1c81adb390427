package dev.latent.compiler.model;

import com.sun.source.util.JavacTask;
import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Answers from what javac knows. Local classes have no name to look up by, so those of this compilation are remembered. */
public final class ElementOracle implements TypeOracle {

    private final JavacTask task;
    private final Map<String, TypeElement> declared = new HashMap<>();
    private final Map<Element, Boolean> known = new HashMap<>();
    private final Map<String, Boolean> closures = new HashMap<>();
    private final Map<String, Boolean> closeables = new HashMap<>();
    private final Map<String, Boolean> notSend = new HashMap<>();
    private final Map<String, Optional<String>> boundMethods = new HashMap<>();

    private final Map<String, Optional<String>> siblings = new HashMap<>();

    private final ThreadBound bound;
    private final NowSiblings now;
    private final Handovers handovers;

    /** @param notSend types, by qualified name, that are bound to a thread and don't say so */
    public ElementOracle(JavacTask task, Set<String> notSend) {
        this.task = task;
        this.bound = new ThreadBound(task.getElements(), task.getTypes(), notSend);
        this.now = new NowSiblings(task.getElements(), task.getTypes());
        this.handovers = new Handovers(task.getElements());
    }

    /** {@return what is known to be bound to a thread} */
    public ThreadBound bound() {
        return bound;
    }

    /** Remembers a class of this compilation. */
    public void remember(TypeElement type) {
        declared.put(task.getElements().getBinaryName(type).toString().replace('.', '/'), type);
    }

    @Override
    public boolean isAsyncClosure(String type) {
        return closures.computeIfAbsent(type, t -> {
            TypeElement element = find(t);
            return element != null && isAsyncClosure(element);
        });
    }

    /** {@return whether this is the type of an async closure; of an intersection, whether one part is} */
    public boolean isAsyncClosure(@Nullable TypeMirror type) {
        return switch (type) {
            case IntersectionType all -> all.getBounds().stream().anyMatch(this::isAsyncClosure);
            case DeclaredType declared -> isAsyncClosure(declared.asElement());
            case null, default -> false;
        };
    }

    private boolean isAsyncClosure(Element element) {
        Boolean is = known.get(element);
        if (is == null) {
            is = isClosure(element);
            known.put(element, is);
        }
        return is;
    }

    private static boolean isClosure(Element element) {
        if (!(element instanceof TypeElement type) || type.getKind() != ElementKind.INTERFACE) {
            return false;
        }
        for (AnnotationMirror annotation : type.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().asElement() instanceof TypeElement e
                    && e.getQualifiedName().contentEquals(Core.ASYNC_CLOSURE)) {
                return true;
            }
        }
        return type.getInterfaces().stream().anyMatch(t -> t instanceof DeclaredType d && isClosure(d.asElement()));
    }

    @Override
    public boolean isAsyncCall(String type, String name, int parameters) {
        return isAsyncClosure(type)
                && find(type) instanceof TypeElement element
                && task.getElements().getAllMembers(element).stream()
                        .anyMatch(m -> m instanceof ExecutableElement method
                                && method.getSimpleName().contentEquals(name)
                                && method.getParameters().size() == parameters
                                && isAsyncCall(method, element));
    }

    /** {@return whether {@code method} is what a lambda implements of {@code type}, an async closure} */
    public boolean isAsyncCall(ExecutableElement method, Element type) {
        return method.getModifiers().contains(Modifier.ABSTRACT)
                && isAsyncClosure(type)
                && task.getElements().getTypeElement("java.lang.Object").getEnclosedElements().stream()
                        .noneMatch(m -> m instanceof ExecutableElement inObject
                                && task.getElements().overrides(method, inObject, (TypeElement) type));
    }

    @Override
    public boolean isAsyncCloseable(String type) {
        return closeables.computeIfAbsent(type, t -> {
            TypeElement element = find(t);
            return element != null && isAsyncCloseable(element.asType());
        });
    }

    /** {@return whether {@code type} is {@code AsyncCloseable} or a subtype} */
    public boolean isAsyncCloseable(TypeMirror type) {
        TypeElement closeable = task.getElements().getTypeElement(Core.ASYNC_CLOSEABLE);
        return closeable != null && task.getTypes().isSubtype(task.getTypes().erasure(type), closeable.asType());
    }

    @Override
    public boolean isNotSend(String type) {
        return notSend.computeIfAbsent(type, t -> find(t) instanceof TypeElement element && bound.is(element));
    }

    @Override
    public @Nullable String notSend(String type, String method, String descriptor) {
        return boundMethods
                .computeIfAbsent(
                        type + '.' + method + descriptor,
                        t -> find(type) instanceof TypeElement element
                                ? Optional.ofNullable(bound.of(element, method, descriptor))
                                : Optional.empty())
                .orElse(null);
    }

    @Override
    public @Nullable String nowSibling(String type, String method, String descriptor) {
        return siblings.computeIfAbsent(
                        type + '.' + method + descriptor,
                        t -> find(type) instanceof TypeElement element
                                ? Optional.ofNullable(now.of(element, method, descriptor))
                                : Optional.empty())
                .orElse(null);
    }

    @Override
    public @Nullable String handedTo(String type) {
        return find(type) instanceof TypeElement annotation ? handovers.of(annotation) : null;
    }

    /** {@return whether a method of {@code type} has its future handed to somebody, by an annotation} */
    public boolean handsOver(TypeElement type) {
        return handovers.in(type);
    }

    @Override
    public Map<String, String> foundNotSend(String type) {
        return bound.found(type);
    }

    /** A binary name does not tell nesting from a dollar sign: tries the possible ones, the likeliest first. */
    private @Nullable TypeElement find(String internal) {
        TypeElement found = declared.get(internal);
        String name = internal.replace('/', '.');
        if (found == null) {
            found = task.getElements().getTypeElement(name);
        }
        for (int cut = name.indexOf('$'); found == null && cut > 0; cut = name.indexOf('$', cut + 1)) {
            found = task.getElements()
                    .getTypeElement(name.substring(0, cut) + name.substring(cut).replace('$', '.'));
        }
        return found;
    }
}
