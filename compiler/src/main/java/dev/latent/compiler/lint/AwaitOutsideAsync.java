package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** {@link Rule#AWAIT_OUTSIDE_ASYNC}. */
final class AwaitOutsideAsync implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION, Tree.Kind.MEMBER_REFERENCE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        String word = source.word(path);
        if (word != null && source.isOutsideAsync(path) && !isWantedAsync(path, source)) {
            TreePath place = place(path);
            source.report(
                    Rule.AWAIT_OUTSIDE_ASYNC,
                    path,
                    word + " works on the async body around it, and " + describe(place, source) + " is none",
                    standsInForClosure(place, source)
                            ? ClosureClass.FIX
                            : Calls.AWAIT.has(word) ? fixAwait(place, source) : fixSpawn(place, source));
        }
    }

    /** A method reference as an async closure has a rule of its own. */
    private static boolean isWantedAsync(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MemberReferenceTree && source.isAsyncClosure(path);
    }

    /** {@return the lambda, method, initialiser or field around, or the method reference at {@code path}} */
    private static TreePath place(TreePath path) {
        TreePath place = path;
        while (!(place.getLeaf() instanceof LambdaExpressionTree)
                && !(place.getLeaf() instanceof MemberReferenceTree)
                && !(place.getParentPath().getLeaf() instanceof ClassTree)) {
            place = place.getParentPath();
        }
        return place;
    }

    private static String describe(TreePath place, Analysis source) {
        return switch (place.getLeaf()) {
            case LambdaExpressionTree _ ->
                "this lambda"
                        + (source.trees().getTypeMirror(place) instanceof DeclaredType type
                                ? " of type " + type.asElement()
                                : "");
            case MemberReferenceTree _ -> "a method reference";
            case MethodTree method when method.getReturnType() == null -> "a constructor";
            case MethodTree method -> "the method `" + method.getName() + "`";
            case BlockTree block when block.isStatic() -> "a static initialiser";
            default -> "an initialiser";
        };
    }

    private static boolean standsInForClosure(TreePath place, Analysis source) {
        return place.getLeaf() instanceof MethodTree
                && source.trees().getElement(place) instanceof ExecutableElement method
                && ClosureClass.implementedBy(method, source) != null;
    }

    private static String fixAwait(TreePath place, Analysis source) {
        return switch (place.getLeaf()) {
            case LambdaExpressionTree _, MemberReferenceTree _ ->
                instead(source.trees().getTypeMirror(place), place, source);
            case MethodTree method
            when method.getReturnType() != null ->
                isGiven(place, source)
                        ? instead(source.trees().getTypeMirror(place.getParentPath()), place, source)
                        : "let the method return async(() -> …), or wait with Latent.blockOn(…) where no executor runs";
            default -> "keep the future, or let an async method await it first and then make the object";
        };
    }

    private static String fixSpawn(TreePath place, Analysis source) {
        return switch (place.getLeaf()) {
            case MemberReferenceTree _ -> "pass a Spawner, as context().spawner() gives it: spawner::spawn";
            case LambdaExpressionTree _
            when !source.isInsideAsync(place) ->
                "write async(() -> …) around it, or have the lambda's type annotated @AsyncClosure";
            case LambdaExpressionTree _ ->
                "take `var spawner = context().spawner()` before the lambda, and use the spawner in it";
            case MethodTree method
            when method.getReturnType() != null && !isGiven(place, source) ->
                "let the method return async(() -> …), or take a Spawner, as context().spawner() gives it";
            default -> "let an async method do it, or pass a Spawner, as context().spawner() gives it";
        };
    }

    /** {@return what to do in place of an await in a function of {@code type}, whose caller can't wait for it} */
    private static String instead(TypeMirror type, TreePath place, Analysis source) {
        ExecutableElement taker = source.called(place.getParentPath());
        String name = taker == null ? "" : taker.getSimpleName().toString();
        String owner = taker == null ? "" : String.valueOf(taker.getEnclosingElement());
        if (source.isA(type, "java.util.Comparator")) {
            return "await before you sort: join(…) the keys, and compare what it gives";
        }
        if (owner.startsWith("java.util.stream.")) {
            return "let the stream only make the futures, .toList(), and await(join(list)); or use a loop";
        }
        if (owner.startsWith("java.util.Optional")) {
            return "use an if on isPresent() in the async body in place of the lambda";
        }
        if (name.matches("compute.*|merge")) {
            return "get(…) first; if there is nothing, await the value in the async body and put(…) it";
        }
        if (name.matches("forEach.*|replaceAll|removeIf")) {
            return "use a loop in the async body in place of the lambda";
        }
        if (place.getLeaf() instanceof MethodTree method) {
            if (method.getName().contentEquals("close") && source.isA(type, "java.lang.AutoCloseable")) {
                return "implement AsyncCloseable, and do it in closeAsync(), for which a try-with-resources of an async body waits";
            }
            return "let the type above declare a Future too; if it is not yours, await before this object is made, and let it keep the value";
        }
        return source.isInsideAsync(place)
                ? "await before the lambda and use the value in it, use a loop instead, or a lambda of an @AsyncClosure interface"
                : "write async(() -> …) around it, or have the lambda's type annotated @AsyncClosure";
    }

    /** {@return whether the method at {@code path} has its type from a class or interface above} */
    private static boolean isGiven(TreePath path, Analysis source) {
        return source.trees().getElement(path) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && isGiven(method, owner, owner.asType(), source);
    }

    private static boolean isGiven(ExecutableElement method, TypeElement owner, TypeMirror type, Analysis source) {
        return source.types().directSupertypes(type).stream()
                .anyMatch(above -> ((DeclaredType) above).asElement() instanceof Element element
                        && (ElementFilter.methodsIn(element.getEnclosedElements()).stream()
                                        .anyMatch(m -> source.elements().overrides(method, m, owner))
                                || isGiven(method, owner, above, source)));
    }
}
