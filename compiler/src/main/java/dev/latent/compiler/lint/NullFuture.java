package dev.latent.compiler.lint;

import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.names.Core;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#NULL_FUTURE}: a method or a lambda that gives a future, and gives {@code null}. One that is declared {@code @Nullable} means it. */
final class NullFuture implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.RETURN, Tree.Kind.LAMBDA_EXPRESSION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case ReturnTree tree
            when tree.getExpression() instanceof ExpressionTree value -> {
                if (literal(new TreePath(path, value)) instanceof TreePath literal) {
                    given(literal, Functions.around(path), source);
                }
            }
            case LambdaExpressionTree lambda
            when lambda.getBody() instanceof ExpressionTree value -> {
                if (literal(new TreePath(path, value)) instanceof TreePath literal) {
                    given(literal, path, source);
                }
            }
            default -> {}
        }
    }

    /** {@return the null that the value at {@code path} may be, or null} */
    private static @Nullable TreePath literal(TreePath path) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> literal(new TreePath(path, p.getExpression()));
            case TypeCastTree c -> literal(new TreePath(path, c.getExpression()));
            case ConditionalExpressionTree c -> {
                TreePath then = literal(new TreePath(path, c.getTrueExpression()));
                yield then != null ? then : literal(new TreePath(path, c.getFalseExpression()));
            }
            default -> path.getLeaf().getKind() == Tree.Kind.NULL_LITERAL ? path : null;
        };
    }

    private static void given(TreePath literal, @Nullable TreePath function, Analysis source) {
        if (function == null || source.isAsyncClosure(function)) {
            return;
        }
        TypeMirror type;
        if (function.getLeaf() instanceof LambdaExpressionTree) {
            type = Functions.result(function, source);
        } else {
            ExecutableElement method = source.called(function);
            type = method == null || Made.isNullable(method) ? null : method.getReturnType();
        }
        if (type != null && source.is(type, Core.FUTURE) && !Made.isNullable(type)) {
            source.report(
                    Rule.NULL_FUTURE,
                    literal,
                    "a null is no future: whoever awaits it gets a NullPointerException",
                    isVoid(type, source)
                            ? "write Futures.done()"
                            : "write Futures.ready(…) with the value that there is, or Futures.failed(…) where that is an error");
        }
    }

    private static boolean isVoid(TypeMirror future, Analysis source) {
        return future.getKind() == TypeKind.DECLARED
                && ((DeclaredType) future)
                        .getTypeArguments().stream().anyMatch(argument -> source.is(argument, "java.lang.Void"));
    }
}
