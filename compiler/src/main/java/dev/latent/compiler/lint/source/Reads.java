package dev.latent.compiler.lint.source;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** Whether a local variable is read. */
public final class Reads extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Name name;
    private final @Nullable Element variable;
    private final Analysis source;
    private boolean found;

    private Reads(TreePath path, Analysis source) {
        this.name = ((VariableTree) path.getLeaf()).getName();
        this.variable = source.trees().getElement(path);
        this.source = source;
    }

    /** {@return whether anything reads the local variable declared at {@code path}} */
    public static boolean of(TreePath path, Analysis source) {
        Reads reads = new Reads(path, source);
        if (!reads.name.isEmpty()) {
            TreePath scope = path.getParentPath();
            // A variable of an old-style case is known in the cases after it.
            reads.scan(scope.getLeaf() instanceof CaseTree ? scope.getParentPath() : scope, null);
        }
        return reads.found;
    }

    @Override
    public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        return found ? null : super.scan(tree, nothing);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        found |= isVariable(tree, getCurrentPath());
        return null;
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
        ExpressionTree to = tree.getVariable();
        return isVariable(to, new TreePath(getCurrentPath(), to))
                ? scan(tree.getExpression(), nothing)
                : super.visitAssignment(tree, nothing);
    }

    private boolean isVariable(Tree tree, TreePath path) {
        return tree instanceof IdentifierTree identifier
                && identifier.getName().equals(name)
                && source.trees().getElement(path) == variable;
    }
}
