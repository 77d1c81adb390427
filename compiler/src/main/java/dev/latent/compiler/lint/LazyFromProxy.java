package dev.latent.compiler.lint;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** {@link Rule#LAZY_FROM_PROXY}. */
final class LazyFromProxy implements Lint {
    static final String OPTION = "latent.proxies";

    private @Nullable Set<String> annotations;

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (path.getLeaf() instanceof MethodInvocationTree) {
            if (source.is(source.called(path), "java.lang.ScopedValue.Carrier", "call")
                    && source.isFuture(source.trees().getTypeMirror(path))) {
                source.report(
                        Rule.LAZY_FROM_PROXY,
                        path,
                        "the scoped value is bound while this future is made, and no more when it runs",
                        "read the value before, and pass it on as an argument");
            }
        } else if (source.called(path) instanceof ExecutableElement method && source.isFuture(method.getReturnType())) {
            proxied(method, source)
                    .ifPresent(annotation -> source.report(
                            Rule.LAZY_FROM_PROXY,
                            path,
                            "the proxy of @" + annotation
                                    + " is done when this method returns, and its future has not run yet",
                            "put @" + annotation
                                    + " on a method that blocks, called by spawnBlocking, or do its work in the body"));
        }
    }

    private Optional<String> proxied(ExecutableElement method, Analysis source) {
        Set<String> known = annotations(source);
        Element type = Objects.requireNonNull(method.getEnclosingElement());
        List<Element> places =
                method.getModifiers().contains(Modifier.PUBLIC) ? List.of(method, type) : List.of(method);
        return places.stream()
                .flatMap(place -> place.getAnnotationMirrors().stream())
                .map(a -> (TypeElement) a.getAnnotationType().asElement())
                .filter(a -> known.contains(a.getQualifiedName().toString()))
                .map(a -> a.getSimpleName().toString())
                .findFirst();
    }

    private Set<String> annotations(Analysis source) {
        if (annotations == null) {
            annotations = source.options().get(OPTION, LazyFromProxy::parse);
        }
        return annotations;
    }

    private static Set<String> parse(String option) {
        Set<String> names = new LinkedHashSet<>();
        for (String line : Listing.of("proxy-annotations.txt", option)) {
            if (!line.matches("-?[\\w.]+")) {
                throw new IllegalArgumentException(
                        "has no entry \"" + line + "\"; write an annotation's qualified name, -name or @file");
            }
            if (line.startsWith("-")) {
                names.remove(line.substring(1));
            } else {
                names.add(line);
            }
        }
        return names;
    }
}
