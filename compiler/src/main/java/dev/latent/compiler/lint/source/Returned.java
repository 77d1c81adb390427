package dev.latent.compiler.lint.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values that a body returns, not those of lambdas and classes within it. */
public final class Returned extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final List<TreePath> values = new ArrayList<>();

    private Returned() {}

    /** {@return what the body at {@code body} returns, a block or the expression of a lambda} */
    public static List<TreePath> by(TreePath body) {
        if (body.getLeaf() instanceof ExpressionTree) {
            return List.of(body);
        }
        Returned returned = new Returned();
        returned.scan(body, null);
        return returned.values;
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
        if (tree.getExpression() instanceof ExpressionTree value) {
            values.add(new TreePath(getCurrentPath(), value));
        }
        return null;
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        return null;
    }
}
