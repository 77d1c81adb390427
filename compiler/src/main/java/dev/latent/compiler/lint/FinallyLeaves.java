package dev.latent.compiler.lint;

import com.sun.source.tree.BreakTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** {@link Rule#FINALLY_LEAVES}. */
final class FinallyLeaves implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.TRY);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    @Override
    public void check(TreePath path, Analysis source) {
        TryTree tree = (TryTree) path.getLeaf();
        if (tree.getFinallyBlock() != null && source.asyncBody(path) != null && Awaits.in(path, source)) {
            Leaves leaves = new Leaves();
            leaves.scan(new TreePath(path, tree.getFinallyBlock()), null);
            leaves.found.forEach(leave -> source.report(
                    Rule.FINALLY_LEAVES,
                    leave,
                    "leaving a finally here would swallow a drop that arrives at an await of its try",
                    "let the finally end, and leave after it"));
        }
    }

    /** The jumps out of a block. */
    private static final class Leaves extends TreePathScanner<@Nullable Void, @Nullable Void> {
        final List<TreePath> found = new ArrayList<>();
        private final List<Name> labels = new ArrayList<>();
        private int loops;
        private int switches;
        private int expressions;

        @Override
        public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
            found.add(getCurrentPath());
            return null;
        }

        @Override
        public @Nullable Void visitBreak(BreakTree tree, @Nullable Void nothing) {
            if (tree.getLabel() == null ? loops + switches == 0 : !labels.contains(tree.getLabel())) {
                found.add(getCurrentPath());
            }
            return null;
        }

        @Override
        public @Nullable Void visitContinue(ContinueTree tree, @Nullable Void nothing) {
            if (tree.getLabel() == null ? loops == 0 : !labels.contains(tree.getLabel())) {
                found.add(getCurrentPath());
            }
            return null;
        }

        @Override
        public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
            if (expressions == 0) {
                found.add(getCurrentPath());
            }
            return super.visitYield(tree, nothing);
        }

        @Override
        public @Nullable Void visitLabeledStatement(LabeledStatementTree tree, @Nullable Void nothing) {
            labels.add(tree.getLabel());
            super.visitLabeledStatement(tree, nothing);
            labels.removeLast();
            return null;
        }

        @Override
        public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
            boolean loop = tree instanceof ForLoopTree
                    || tree instanceof EnhancedForLoopTree
                    || tree instanceof WhileLoopTree
                    || tree instanceof DoWhileLoopTree;
            if (tree instanceof LambdaExpressionTree || tree instanceof ClassTree) {
                return null;
            }
            loops += loop ? 1 : 0;
            switches += tree instanceof SwitchTree ? 1 : 0;
            expressions += tree instanceof SwitchExpressionTree ? 1 : 0;
            super.scan(tree, nothing);
            loops -= loop ? 1 : 0;
            switches -= tree instanceof SwitchTree ? 1 : 0;
            expressions -= tree instanceof SwitchExpressionTree ? 1 : 0;
            return null;
        }
    }
}
