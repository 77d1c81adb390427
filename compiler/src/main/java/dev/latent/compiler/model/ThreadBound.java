package dev.latent.compiler.model;

import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/**
 * What javac knows of types that are bound to a thread, and of methods whose futures are: by {@code @NotSend}, by the build's list of
 * types that can't be annotated, and by what the lints have found out of methods of this compilation.
 */
public final class ThreadBound {
    /** Types, by their qualified names, that are to be taken for {@code @NotSend}; with commas between them. */
    public static final String OPTION = "latent.notsend";

    private final Types types;
    private final Descriptors descriptors;
    private final Set<String> listed;
    private final Map<Element, Boolean> known = new HashMap<>();

    /** By the internal name of the type, then by name and descriptor of the method. */
    private final Map<String, Map<String, String>> found = new HashMap<>();

    /** What methods say of themselves, by their type, then by name and descriptor. */
    private final Map<TypeElement, Map<String, String>> annotated = new HashMap<>();

    ThreadBound(Elements elements, Types types, Set<String> listed) {
        this.types = types;
        this.descriptors = new Descriptors(elements, types);
        this.listed = listed;
    }

    /** {@return the types that the option names} */
    public static Set<String> listed(String option) {
        return Pattern.compile(",")
                .splitAsStream(option)
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.toSet());
    }

    // ---- types ------------------------------------------------------------------------------------------------------

    /** {@return whether values of {@code type} are bound to a thread} */
    public boolean is(@Nullable TypeMirror type) {
        return switch (type) {
            case DeclaredType declared -> is(declared.asElement());
            case TypeVariable variable -> is(variable.getUpperBound());
            case IntersectionType all -> all.getBounds().stream().anyMatch(this::is);
            case null, default -> false;
        };
    }

    boolean is(Element type) {
        Boolean is = known.get(type);
        if (is == null) {
            is = type instanceof TypeElement element
                    && (listed.contains(element.getQualifiedName().toString())
                            || annotation(element) != null
                            || types.directSupertypes(element.asType()).stream().anyMatch(this::is));
            known.put(type, is);
        }
        return is;
    }

    private @Nullable AnnotationMirror annotation(Element element) {
        for (AnnotationMirror each : element.getAnnotationMirrors()) {
            if (each.getAnnotationType().asElement() instanceof TypeElement type
                    && type.getQualifiedName().contentEquals(Core.NOT_SEND)) {
                return each;
            }
        }
        return null;
    }

    // ---- methods ----------------------------------------------------------------------------------------------------

    /** {@return what binds the futures that {@code method} returns, by its annotation, or null} */
    public @Nullable String declared(ExecutableElement method) {
        AnnotationMirror annotation = annotation(method);
        if (annotation == null) {
            return null;
        }
        for (AnnotationValue value : annotation.getElementValues().values()) {
            if (!value.getValue().equals("")) {
                return value.getValue().toString();
            }
        }
        return ThreadBinding.marked(method.getSimpleName());
    }

    /** Remembers what binds the futures of {@code method}, for the weaver. */
    public void remember(ExecutableElement method, String bound) {
        if (method.getEnclosingElement() instanceof TypeElement type) {
            found.computeIfAbsent(descriptors.internal(type), t -> new HashMap<>())
                    .put(method.getSimpleName() + descriptors.of(method), bound);
        }
    }

    /** {@return whether something was found out of methods of the class {@code type}} */
    public boolean hasFound(TypeElement type) {
        return found.containsKey(descriptors.internal(type));
    }

    /** {@return what was found to bind the futures of methods of {@code type}, an internal name, by name and descriptor} */
    Map<String, String> found(String type) {
        return found.getOrDefault(type, Map.of());
    }

    /** {@return what binds the futures of a method of {@code type} or its supertypes} */
    @Nullable
    String of(TypeElement type, String name, String descriptor) {
        String bound = found(descriptors.internal(type)).get(name + descriptor);
        if (bound != null) {
            return bound;
        }
        bound = annotated(type).get(name + descriptor);
        for (TypeMirror supertype : types.directSupertypes(type.asType())) {
            if (bound == null && types.asElement(supertype) instanceof TypeElement element) {
                bound = of(element, name, descriptor);
            }
        }
        return bound;
    }

    private Map<String, String> annotated(TypeElement type) {
        Map<String, String> methods = annotated.get(type);
        if (methods == null) {
            methods = new HashMap<>();
            for (Element member : type.getEnclosedElements()) {
                if (member instanceof ExecutableElement method && declared(method) instanceof String bound) {
                    methods.put(method.getSimpleName() + descriptors.of(method), bound);
                }
            }
            annotated.put(type, methods);
        }
        return methods;
    }
}
