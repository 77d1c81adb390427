package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Awaits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#CLOSURE_CLASS}: what is woven is the body of a lambda, so a class that implements an async closure would be refused as it is run.
 * Where its method awaits, {@link AwaitOutsideAsync} says so.
 */
final class ClosureClass implements Lint {
    /** What to do in place of such a class. */
    static final String FIX = "write a lambda in its place, and let it capture what the class has fields for";

    /** What was found of the classes that were asked about, and of those above them. */
    private final Map<Element, Optional<Element>> closures = new HashMap<>();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.CLASS, Tree.Kind.ENUM, Tree.Kind.RECORD);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (source.trees().getElement(path) instanceof TypeElement type
                && !type.getModifiers().contains(Modifier.ABSTRACT)
                && closure(type, closures, source).orElse(null) instanceof Element closure
                && !awaits(path, source)) {
            TreePath around = path.getParentPath();
            source.report(
                    Rule.CLOSURE_CLASS,
                    around.getLeaf() instanceof NewClassTree ? around : path,
                    "an async body is a lambda, and this is a class that implements " + closure.getSimpleName(),
                    FIX);
        }
    }

    /** {@return the async closure that {@code method} implements in a class, or null} */
    static @Nullable Element implementedBy(ExecutableElement method, Analysis source) {
        return method.getEnclosingElement() instanceof TypeElement type
                        && closure(type, new HashMap<>(), source).orElse(null) instanceof Element closure
                        && ElementFilter.methodsIn(source.elements().getAllMembers((TypeElement) closure)).stream()
                                .anyMatch(m -> source.elements().overrides(method, m, type))
                ? closure
                : null;
    }

    private static Optional<Element> closure(TypeElement type, Map<Element, Optional<Element>> known, Analysis source) {
        Optional<Element> found = known.get(type);
        if (found == null) {
            found = above(type.getSuperclass(), known, source);
            for (TypeMirror each : type.getInterfaces()) {
                found = found.isPresent() ? found : above(each, known, source);
            }
            known.put(type, found);
        }
        return found;
    }

    private static Optional<Element> above(TypeMirror above, Map<Element, Optional<Element>> known, Analysis source) {
        if (!(above instanceof DeclaredType declared) || !(declared.asElement() instanceof TypeElement element)) {
            return Optional.empty();
        }
        return source.isAsyncClosure(above) ? Optional.of(element) : closure(element, known, source);
    }

    private static boolean awaits(TreePath type, Analysis source) {
        return ((ClassTree) type.getLeaf())
                .getMembers().stream()
                        .anyMatch(member -> member instanceof MethodTree method
                                && method.getBody() != null
                                && Awaits.usesPoll(new TreePath(new TreePath(type, method), method.getBody()), source));
    }
}
