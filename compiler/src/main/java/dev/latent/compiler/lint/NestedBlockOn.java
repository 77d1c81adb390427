package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;

/** {@link Rule#NESTED_BLOCK_ON}: right in a body, which only executors poll; these refuse it at run time, on whatever executor it is called. */
final class NestedBlockOn implements CallsInBodies {
    @Override
    public void check(TreePath path, Analysis source) {
        if (source.calls(path, Calls.BLOCK) && source.asyncBody(path) != null) {
            ExpressionTree argument =
                    ((MethodInvocationTree) path.getLeaf()).getArguments().getFirst();
            TreePath future = new TreePath(path, argument);
            if (argument instanceof LambdaExpressionTree supplier) {
                future = new TreePath(future, supplier.getBody());
            }
            source.report(
                    Rule.NESTED_BLOCK_ON,
                    path,
                    "blockOn always fails inside an async body, whose thread has other tasks to run",
                    "write await(" + source.spelled(future) + ")");
        }
    }
}
