package dev.latent.compiler.lint.flow;

import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreePath;
import org.jspecify.annotations.Nullable;

/** What a loop repeats. */
public final class Loops {
    private Loops() {}

    /** {@return the innermost loop of the same lambda or method that repeats what stands at {@code path}, or null} */
    public static @Nullable TreePath around(TreePath path) {
        for (TreePath p = path; !(p.getLeaf() instanceof LambdaExpressionTree || p.getLeaf() instanceof MethodTree); ) {
            TreePath parent = p.getParentPath();
            if (parent == null) {
                return null;
            }
            if (repeats(parent.getLeaf(), p.getLeaf())) {
                return parent;
            }
            p = parent;
        }
        return null;
    }

    private static boolean repeats(Tree loop, Tree part) {
        return switch (loop) {
            case WhileLoopTree _, DoWhileLoopTree _ -> true;
            case ForLoopTree f -> !f.getInitializer().contains(part);
            case EnhancedForLoopTree f -> f.getStatement() == part;
            default -> false;
        };
    }

    /** {@return whether {@code path} leads through {@code loop}} */
    public static boolean contains(TreePath loop, TreePath path) {
        for (TreePath p = path; p != null; p = p.getParentPath()) {
            if (p.getLeaf() == loop.getLeaf()) {
                return true;
            }
        }
        return false;
    }
}
