package dev.latent.compiler;

import com.sun.source.tree.BreakTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Finds in the source what must not be woven, while there are still names and columns to point at. */
final class Lints extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private static final String ASYNC = "dev.latent.Async";
    private static final Set<String> WOVEN = Set.of("await", "spawn", "context");

    private final Trees trees;
    private final ElementOracle oracle;
    private final CompilationUnitTree unit;

    Lints(Trees trees, ElementOracle oracle, CompilationUnitTree unit) {
        this.trees = trees;
        this.oracle = oracle;
        this.unit = unit;
    }

    private void error(Tree at, String id, String text) {
        if (isSuppressed("latent:" + id)) {
            return;
        }
        trees.printMessage(Diagnostic.Kind.ERROR, "[latent:" + id + "] " + text, at, unit);
    }

    private boolean isSuppressed(String id) {
        for (TreePath p = getCurrentPath(); p != null; p = p.getParentPath()) {
            Tree leaf = p.getLeaf();
            if (leaf instanceof MethodTree || leaf instanceof ClassTree || leaf instanceof VariableTree) {
                Element declared = trees.getElement(p);
                SuppressWarnings suppressed = declared == null ? null : declared.getAnnotation(SuppressWarnings.class);
                if (suppressed != null && List.of(suppressed.value()).contains(id)) {
                    return true;
                }
            }
        }
        return false;
    }

    // ---- what is checked --------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        String word = word(getCurrentPath());
        if (word != null && !inAsyncBody(getCurrentPath())) {
            error(
                    tree,
                    "await-outside-async",
                    word
                            + " works on the async body around it, and there is none here: move it into async(() -> …), or into"
                            + " another lambda of an @AsyncClosure type");
        } else if (suspends(getCurrentPath()) && inSynchronized(getCurrentPath())) {
            error(
                    tree,
                    "lock-across-await",
                    "a monitor is held across this await, so that another task could block this thread for ever: shorten the"
                            + " synchronized block, or use AsyncMutex");
        }
        return super.visitMethodInvocation(tree, nothing);
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        boolean inBody = inAsyncBody(getCurrentPath());
        for (Tree resource : tree.getResources()) {
            if (isAsyncCloseable(new TreePath(getCurrentPath(), resource)) && !inBody) {
                error(
                        resource,
                        "async-close-outside-async",
                        "closing this resource may wait, which only an async body can: move the try into async(() -> …), or call"
                                + " close(), which asks and does not wait");
            }
        }
        if (inBody && tree.getFinallyBlock() != null && new Awaits().scan(getCurrentPath(), null)) {
            Leaves leaves = new Leaves();
            leaves.scan(tree.getFinallyBlock(), null);
            leaves.found.forEach(leave -> error(
                    leave,
                    "finally-leaves",
                    "leaving a finally here would swallow a drop that arrives at an await of its try: let the finally end, and leave"
                            + " after it"));
        }
        return super.visitTry(tree, nothing);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
        if (oracle.isAsyncClosure(trees.getTypeMirror(getCurrentPath()))) {
            error(
                    tree,
                    "async-method-reference",
                    "a method reference has no body that could be woven: write a lambda, such as () -> "
                            + tree.getQualifierExpression() + "." + tree.getName() + "(…)");
        }
        return super.visitMemberReference(tree, nothing);
    }

    // ---- how it is recognised ---------------------------------------------------------------------------------------

    /** {@return {@code await}, {@code spawn} or {@code context} where {@code path} is such a call} */
    private @Nullable String word(TreePath path) {
        return trees.getElement(path) instanceof ExecutableElement called
                        && called.getEnclosingElement() instanceof TypeElement type
                        && type.getQualifiedName().contentEquals(ASYNC)
                        && WOVEN.contains(called.getSimpleName().toString())
                ? called.getSimpleName().toString()
                : null;
    }

    /** {@return whether this call, in an async body, may suspend it} */
    private boolean suspends(TreePath path) {
        return "await".equals(word(path))
                || trees.getElement(path) instanceof ExecutableElement called
                        && oracle.isAsyncCall(called, Objects.requireNonNull(called.getEnclosingElement()))
                        && inAsyncBody(path);
    }

    private boolean isAsyncCloseable(TreePath resource) {
        Element variable = trees.getElement(resource);
        TypeMirror type = variable == null ? trees.getTypeMirror(resource) : variable.asType();
        return type != null && oracle.isAsyncCloseable(type);
    }

    private boolean inAsyncBody(TreePath path) {
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                return oracle.isAsyncClosure(trees.getTypeMirror(p));
            }
            if (p.getLeaf() instanceof MethodTree || p.getLeaf() instanceof ClassTree) {
                return false;
            }
        }
        return false;
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

    /** Whether a statement awaits, in its own body. */
    private final class Awaits extends TreePathScanner<Boolean, @Nullable Void> {
        @Override
        public Boolean reduce(@Nullable Boolean a, @Nullable Boolean b) {
            return Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b);
        }

        @Override
        public Boolean scan(@Nullable Tree tree, @Nullable Void nothing) {
            return Boolean.TRUE.equals(super.scan(tree, nothing));
        }

        @Override
        public Boolean scan(TreePath path, @Nullable Void nothing) {
            return Boolean.TRUE.equals(super.scan(path, nothing));
        }

        @Override
        public Boolean visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            return suspends(getCurrentPath()) || Boolean.TRUE.equals(super.visitMethodInvocation(tree, nothing));
        }

        @Override
        public Boolean visitTry(TryTree tree, @Nullable Void nothing) {
            return tree.getResources().stream().anyMatch(r -> isAsyncCloseable(new TreePath(getCurrentPath(), r)))
                    || Boolean.TRUE.equals(super.visitTry(tree, nothing));
        }

        @Override
        public Boolean visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
            return false;
        }

        @Override
        public Boolean visitClass(ClassTree tree, @Nullable Void nothing) {
            return false;
        }
    }

    /** The jumps out of a block. */
    private static final class Leaves extends TreeScanner<@Nullable Void, @Nullable Void> {
        final List<Tree> found = new ArrayList<>();
        private final List<Name> labels = new ArrayList<>();
        private int loops;
        private int switches;
        private int expressions;

        @Override
        public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
            found.add(tree);
            return null;
        }

        @Override
        public @Nullable Void visitBreak(BreakTree tree, @Nullable Void nothing) {
            if (tree.getLabel() == null ? loops + switches == 0 : !labels.contains(tree.getLabel())) {
                found.add(tree);
            }
            return null;
        }

        @Override
        public @Nullable Void visitContinue(ContinueTree tree, @Nullable Void nothing) {
            if (tree.getLabel() == null ? loops == 0 : !labels.contains(tree.getLabel())) {
                found.add(tree);
            }
            return null;
        }

        @Override
        public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
            if (expressions == 0) {
                found.add(tree);
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
