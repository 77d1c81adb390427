package dev.latent.compiler.lint.source;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The expressions one of which gives the value of another: what is in parentheses, the arms of a conditional, the results of a switch. */
public final class Values extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final List<TreePath> values = new ArrayList<>();

    private Values() {}

    /** {@return what may give the value of the expression at {@code path}: itself, or what stands in it} */
    public static List<TreePath> of(TreePath path) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree _, ConditionalExpressionTree _, SwitchExpressionTree _ -> {
                Values values = new Values();
                values.add(path);
                yield values.values;
            }
            default -> List.of(path);
        };
    }

    private void add(TreePath path) {
        switch (path.getLeaf()) {
            case ParenthesizedTree p -> add(new TreePath(path, p.getExpression()));
            case ConditionalExpressionTree c -> {
                add(new TreePath(path, c.getTrueExpression()));
                add(new TreePath(path, c.getFalseExpression()));
            }
            case SwitchExpressionTree s -> s.getCases().forEach(each -> scan(new TreePath(path, each), null));
            default -> values.add(path);
        }
    }

    @Override
    public @Nullable Void visitCase(CaseTree tree, @Nullable Void nothing) {
        if (tree.getBody() instanceof ExpressionTree result) {
            add(new TreePath(getCurrentPath(), result));
            return null;
        }
        return super.visitCase(tree, nothing);
    }

    @Override
    public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
        add(new TreePath(getCurrentPath(), tree.getValue()));
        return null;
    }

    /** Its results are its own. */
    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
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
