package dev.latent.compiler.lint;

import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * {@link Rule#ASYNC_WITHOUT_AWAIT}, where nothing but the caller could want a future: an {@code async} that is awaited on the spot, and
 * the one that a private method returns.
 */
final class AsyncWithoutAwait implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (!"async".equals(source.ofAsync(path))
                || !(((MethodInvocationTree) path.getLeaf()).getArguments().getFirst()
                        instanceof LambdaExpressionTree lambda)
                || Awaits.usesPoll(new TreePath(new TreePath(path, lambda), lambda.getBody()), source)) {
            return;
        }
        TreePath parent = path.getParentPath();
        if (parent.getLeaf() instanceof MethodInvocationTree && "await".equals(source.word(parent))) {
            source.report(
                    Rule.ASYNC_WITHOUT_AWAIT,
                    path,
                    "this body waits for nothing, and it is awaited on the spot",
                    "write its code here, without async and await");
        } else if (parent.getLeaf() instanceof ReturnTree && isPrivate(parent)) {
            source.report(
                    Rule.ASYNC_WITHOUT_AWAIT,
                    path,
                    "this body waits for nothing, so that its private method could as well return its value",
                    "return the value itself, and leave out the await of each caller");
        }
    }

    private static boolean isPrivate(TreePath statement) {
        TreePath block = statement.getParentPath();
        return block.getParentPath().getLeaf() instanceof MethodTree method
                && method.getModifiers().getFlags().contains(Modifier.PRIVATE);
    }
}
