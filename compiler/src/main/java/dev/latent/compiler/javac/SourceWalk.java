package dev.latent.compiler.javac;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.latent.compiler.model.ElementOracle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * The one walk through a class that javac has attributed. The oracle is told its classes, its async bodies are remembered, and what the
 * lints want to see is gathered for them: some say nothing of a file without bodies, which only the end of the walk tells.
 *
 * <p>Most trees nobody wants to see, and most files have no async body: a path is made when it is asked for.
 */
final class SourceWalk extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final TreePath above;
    private final Trees trees;
    private final ElementOracle oracle;
    private final BodyTrees bodies;
    private final Set<Tree.Kind> wanted;
    private final List<TreePath> found = new ArrayList<>();

    /** Where the walk is, from the outside in; and the paths to the outermost of these, as far as they are made. */
    private final List<Tree> open = new ArrayList<>();

    private final List<TreePath> paths = new ArrayList<>();
    private boolean inBody;

    private SourceWalk(TreePath above, Trees trees, ElementOracle oracle, BodyTrees bodies, Set<Tree.Kind> wanted) {
        this.above = above;
        this.trees = trees;
        this.oracle = oracle;
        this.bodies = bodies;
        this.wanted = wanted;
    }

    /** {@return the paths to all trees of the {@code wanted} kinds in the class at {@code type}, from the outside in} */
    static List<TreePath> through(
            TreePath type, Trees trees, ElementOracle oracle, BodyTrees bodies, Set<Tree.Kind> wanted) {
        SourceWalk walk = new SourceWalk(type.getParentPath(), trees, oracle, bodies, wanted);
        walk.scan(type.getLeaf(), null);
        return walk.found;
    }

    @Override
    public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        if (tree == null) {
            return null;
        }
        open.add(tree);
        if (wanted.contains(tree.getKind())) {
            found.add(path());
        }
        remember(tree);
        super.scan(tree, nothing);
        open.removeLast();
        if (paths.size() > open.size()) {
            paths.removeLast();
        }
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        if (trees.getElement(path()) instanceof TypeElement type) {
            oracle.remember(type);
        }
        return super.visitClass(tree, nothing);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        boolean outer = inBody;
        inBody = oracle.isAsyncClosure(trees.getTypeMirror(path()));
        remember(tree);
        super.visitLambdaExpression(tree, nothing);
        inBody = outer;
        return null;
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
        boolean outer = inBody;
        inBody |= oracle.isAsyncClosure(trees.getTypeMirror(path()));
        remember(tree);
        inBody = outer;
        return super.visitMemberReference(tree, nothing);
    }

    private void remember(Tree tree) {
        if (inBody) {
            bodies.remember(tree, above.getCompilationUnit(), trees, this::path);
        }
    }

    private TreePath path() {
        for (int i = paths.size(); i < open.size(); i++) {
            paths.add(new TreePath(i == 0 ? above : paths.get(i - 1), open.get(i)));
        }
        return paths.getLast();
    }
}
