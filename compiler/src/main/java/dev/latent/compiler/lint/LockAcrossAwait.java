package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Set;

/** {@link Rule#LOCK_ACROSS_AWAIT}. */
final class LockAcrossAwait implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (source.suspends(path) && source.asyncBody(path) != null && inSynchronized(path)) {
            source.report(
                    Rule.LOCK_ACROSS_AWAIT,
                    path,
                    "a monitor is held across this await, so that another task could block this thread for ever",
                    "shorten the synchronized block, or use AsyncMutex");
        }
    }

    private static boolean inSynchronized(TreePath path) {
        Tree child = path.getLeaf();
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof SynchronizedTree lock && lock.getBlock() == child) {
                return true;
            }
            if (p.getLeaf() instanceof LambdaExpressionTree || p.getLeaf() instanceof ClassTree) {
                return false;
            }
            child = p.getLeaf();
        }
        return false;
    }
}
