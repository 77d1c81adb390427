package dev.latent.compiler.lint.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.names.Calls;
import org.jspecify.annotations.Nullable;

/** Whether a statement awaits, in its own body. */
public final class Awaits extends TreePathScanner<Boolean, @Nullable Void> {
    private final Analysis source;

    private final boolean anyWord;

    private Awaits(Analysis source, boolean anyWord) {
        this.source = source;
        this.anyWord = anyWord;
    }

    /** {@return whether what stands at {@code path} may suspend the body that it is part of} */
    public static boolean in(TreePath path, Analysis source) {
        return new Awaits(source, false).scan(path, null);
    }

    /** {@return whether what stands at {@code path} may suspend, or uses the context of the current poll} */
    public static boolean usesPoll(TreePath path, Analysis source) {
        return new Awaits(source, true).scan(path, null);
    }

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
        return source.suspends(getCurrentPath())
                || anyWord
                        && (source.word(getCurrentPath()) != null || source.calls(getCurrentPath(), Calls.TASK_LOCAL))
                || Boolean.TRUE.equals(super.visitMethodInvocation(tree, nothing));
    }

    @Override
    public Boolean visitTry(TryTree tree, @Nullable Void nothing) {
        return tree.getResources().stream().anyMatch(r -> source.isAsyncCloseable(new TreePath(getCurrentPath(), r)))
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
