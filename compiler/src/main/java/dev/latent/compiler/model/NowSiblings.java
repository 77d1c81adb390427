package dev.latent.compiler.model;

import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Which methods have a sibling that needs no future, by {@code @NowOr}, of what javac knows. */
final class NowSiblings {
    private final Types types;
    private final Descriptors descriptors;
    private final Map<TypeElement, Map<String, String>> declared = new HashMap<>();

    NowSiblings(Elements elements, Types types) {
        this.types = types;
        this.descriptors = new Descriptors(elements, types);
    }

    /** {@return the name of the sibling of a method of {@code type} or its supertypes, or null} */
    @Nullable
    String of(TypeElement type, String name, String descriptor) {
        String sibling = declared(type).get(name + descriptor);
        for (TypeMirror supertype : types.directSupertypes(type.asType())) {
            if (sibling == null && types.asElement(supertype) instanceof TypeElement element) {
                sibling = of(element, name, descriptor);
            }
        }
        return sibling;
    }

    private Map<String, String> declared(TypeElement type) {
        Map<String, String> siblings = declared.get(type);
        if (siblings == null) {
            siblings = new HashMap<>();
            for (Element member : type.getEnclosedElements()) {
                if (member instanceof ExecutableElement method && annotated(method) instanceof String sibling) {
                    siblings.put(method.getSimpleName() + descriptors.of(method), sibling);
                }
            }
            declared.put(type, siblings);
        }
        return siblings;
    }

    private static @Nullable String annotated(ExecutableElement method) {
        for (AnnotationMirror each : method.getAnnotationMirrors()) {
            if (each.getAnnotationType().asElement() instanceof TypeElement type
                    && type.getQualifiedName().contentEquals(Core.NOW_OR)) {
                for (AnnotationValue value : each.getElementValues().values()) {
                    return value.getValue().toString();
                }
            }
        }
        return null;
    }
}
