package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Set;
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
            source.report(
                    Rule.AWAIT_OUTSIDE_ASYNC,
                    path,
                    word + " works on the async body around it, and " + describe(place, source) + " is none",
                    fix(word, place, source));
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

    private static String fix(String word, TreePath place, Analysis source) {
        return switch (place.getLeaf()) {
            case LambdaExpressionTree _
            when source.asyncBody(place) == null ->
                "write async(() -> …) around it, or have the lambda's type annotated @AsyncClosure";
            case MemberReferenceTree _
            when word.equals("await") -> "use a loop, or a lambda of an @AsyncClosure interface";
            case MemberReferenceTree _ -> "pass a Spawner, as context().spawner() gives it: spawner::spawn";
            case LambdaExpressionTree _
            when word.equals("await") -> "use a loop instead of the lambda, or a lambda of an @AsyncClosure interface";
            case LambdaExpressionTree _ ->
                "take `var spawner = context().spawner()` before the lambda, and use the spawner in it";
            case MethodTree method
            when method.getReturnType() != null ->
                word.equals("await")
                        ? "let the method return async(() -> …), or wait with Latent.blockOn(…) where no executor runs"
                        : "let the method return async(() -> …), or take a Spawner, as context().spawner() gives it";
            default ->
                word.equals("await")
                        ? "keep the future, or let an async method await it first and then make the object"
                        : "let an async method do it, or pass a Spawner, as context().spawner() gives it";
        };
    }
}
