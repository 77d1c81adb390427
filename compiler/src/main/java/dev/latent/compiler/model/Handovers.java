package dev.latent.compiler.model;

import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Which annotations hand a method's future to a runner, by {@code @HandedTo}, of what javac knows. */
final class Handovers {
    private final Elements elements;
    private final Map<TypeElement, Optional<String>> known = new HashMap<>();

    Handovers(Elements elements) {
        this.elements = elements;
    }

    /** {@return whether a method of {@code type} has such an annotation} */
    boolean in(TypeElement type) {
        return type.getEnclosedElements().stream()
                .filter(member -> member.getKind() == ElementKind.METHOD)
                .flatMap(method -> method.getAnnotationMirrors().stream())
                .anyMatch(each -> each.getAnnotationType().asElement() instanceof TypeElement annotation
                        && of(annotation) != null);
    }

    /** {@return the internal name of the runner, or null} */
    @Nullable
    String of(TypeElement annotation) {
        return known.computeIfAbsent(annotation, a -> Optional.ofNullable(runner(a, new HashSet<>())))
                .orElse(null);
    }

    private @Nullable String runner(Element annotated, Set<Element> seen) {
        for (AnnotationMirror each : annotated.getAnnotationMirrors()) {
            if (!(each.getAnnotationType().asElement() instanceof TypeElement type) || !seen.add(type)) {
                continue;
            }
            String runner = type.getQualifiedName().contentEquals(Core.HANDED_TO) ? named(each) : runner(type, seen);
            if (runner != null) {
                return runner;
            }
        }
        return null;
    }

    private @Nullable String named(AnnotationMirror handedTo) {
        for (AnnotationValue value : handedTo.getElementValues().values()) {
            if (value.getValue() instanceof DeclaredType runner && runner.asElement() instanceof TypeElement type) {
                return Core.internal(elements.getBinaryName(type).toString());
            }
        }
        return null;
    }
}
