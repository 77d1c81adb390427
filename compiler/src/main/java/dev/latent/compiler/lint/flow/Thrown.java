package dev.latent.compiler.lint.flow;

import dev.latent.compiler.lint.source.Analysis;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.UnionType;
import org.jspecify.annotations.Nullable;

/** What is known at the places of a {@code try} that may throw, with what these say that they throw. */
final class Thrown<K, V> {
    private record Place<K, V>(Facts<K, V> facts, @Nullable ExecutableElement method) {}

    private final List<Place<K, V>> places = new ArrayList<>();

    /**
     * Something is thrown where this is known.
     *
     * @param method the method that throws it, or null where it may be anything
     */
    void add(Facts<K, V> facts, @Nullable ExecutableElement method) {
        places.add(new Place<>(facts.copy(), method));
    }

    void addAll(Thrown<K, V> others) {
        places.addAll(others.places);
    }

    /** {@return what is known wherever something is thrown, or null where nothing is} */
    @Nullable
    Facts<K, V> facts(int depth) {
        return Facts.join(places.stream().map(Place::facts).toList(), depth);
    }

    /** {@return what is known wherever something is thrown that may be {@code caught}, or null where nothing is} */
    @Nullable
    Facts<K, V> facts(int depth, TypeMirror caught, Analysis source) {
        return Facts.join(
                places.stream()
                        .filter(p -> p.method == null || mayThrow(p.method, caught, source))
                        .map(Place::facts)
                        .toList(),
                depth);
    }

    private static boolean mayThrow(ExecutableElement method, TypeMirror caught, Analysis source) {
        if (caught instanceof UnionType union) {
            return union.getAlternatives().stream().anyMatch(c -> mayThrow(method, c, source));
        }
        TypeMirror unchecked =
                source.elements().getTypeElement("java.lang.RuntimeException").asType();
        return related(unchecked, caught, source)
                || source.isA(caught, "java.lang.Error")
                || method.getThrownTypes().stream()
                        .anyMatch(t -> t.getKind() == TypeKind.TYPEVAR || related(t, caught, source));
    }

    private static boolean related(TypeMirror a, TypeMirror b, Analysis source) {
        return source.types().isSubtype(a, b) || source.types().isSubtype(b, a);
    }
}
