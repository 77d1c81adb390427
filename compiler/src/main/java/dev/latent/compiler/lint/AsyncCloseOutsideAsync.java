package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import java.util.Set;

/** {@link Rule#ASYNC_CLOSE_OUTSIDE_ASYNC}. */
final class AsyncCloseOutsideAsync implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.TRY);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (!source.isOutsideAsync(path)) {
            return;
        }
        for (Tree tree : ((TryTree) path.getLeaf()).getResources()) {
            TreePath resource = new TreePath(path, tree);
            if (source.isAsyncCloseable(resource)) {
                source.report(
                        Rule.ASYNC_CLOSE_OUTSIDE_ASYNC,
                        resource,
                        "closing this resource may wait, which only an async body can",
                        "move the try into async(() -> …), or call close(), which asks and does not wait");
            }
        }
    }
}
