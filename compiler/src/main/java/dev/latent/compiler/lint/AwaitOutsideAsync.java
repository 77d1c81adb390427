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
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;

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
            WayOut way = new WayOut(path, place, source);
            source.report(
                    Rule.AWAIT_OUTSIDE_ASYNC,
                    path,
                    word + " works on the async body around it, and " + describe(place, source) + " is none",
                    standsInForClosure(place, source)
                            ? ClosureClass.FIX
                            : Calls.AWAIT.has(word) ? way.ofAwait() : way.ofSpawn());
        } else if (source.isClosureCall(path) && source.isOutsideAsync(path) && !source.isExpectedToFail(path)) {
            TreePath place = place(path);
            source.report(
                    Rule.AWAIT_OUTSIDE_ASYNC,
                    path,
                    "this runs an async body, which only another can wait for, and " + describe(place, source)
                            + " is none",
                    new WayOut(path, place, source).ofCall());
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
}
