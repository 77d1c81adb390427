package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Awaits;
import dev.latent.compiler.names.Calls;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#ASYNC_WITHOUT_AWAIT}, where nothing but the caller could want a future: an {@code async} that is awaited on the spot, and
 * the one that a private method returns, each of whose callers awaits it on the spot.
 */
final class AsyncWithoutAwait implements CallsInBodies {
    @Override
    public void check(TreePath path, Analysis source) {
        if (!source.calls(path, Calls.ASYNC)
                || !(((MethodInvocationTree) path.getLeaf()).getArguments().getFirst()
                        instanceof LambdaExpressionTree lambda)
                || Awaits.usesPoll(new TreePath(new TreePath(path, lambda), lambda.getBody()), source)) {
            return;
        }
        TreePath parent = path.getParentPath();
        if (parent.getLeaf() instanceof MethodInvocationTree && source.calls(parent, Calls.AWAIT)) {
            source.report(
                    Rule.ASYNC_WITHOUT_AWAIT,
                    path,
                    "this body waits for nothing, and it is awaited on the spot",
                    "write its code here, without async and await");
        } else if (parent.getLeaf() instanceof ReturnTree && isAllOfAPrivateMethod(parent, source)) {
            source.report(
                    Rule.ASYNC_WITHOUT_AWAIT,
                    path,
                    "this body waits for nothing, so that its private method could as well return its value",
                    "return the value itself, and leave out the await of each caller");
        }
    }

    private static boolean isAllOfAPrivateMethod(TreePath statement, Analysis source) {
        TreePath block = statement.getParentPath();
        TreePath method = block.getParentPath();
        return method.getLeaf() instanceof MethodTree tree
                && tree.getModifiers().getFlags().contains(Modifier.PRIVATE)
                && ((BlockTree) block.getLeaf()).getStatements().size() == 1
                && source.trees().getElement(method) instanceof Element element
                && isOnlyAwaited(element, method, source);
    }

    private static boolean isOnlyAwaited(Element method, TreePath declaration, Analysis source) {
        TreePath outermost = declaration;
        while (outermost.getParentPath().getParentPath() != null) {
            outermost = outermost.getParentPath();
        }
        return !Boolean.TRUE.equals(
                new TreePathScanner<@Nullable Boolean, @Nullable Void>() {
                    @Override
                    public @Nullable Boolean reduce(@Nullable Boolean a, @Nullable Boolean b) {
                        return Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b);
                    }

                    @Override
                    public @Nullable Boolean visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                        return isUsedOtherwise();
                    }

                    @Override
                    public @Nullable Boolean visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
                        return reduce(isUsedOtherwise(), super.visitMemberSelect(tree, nothing));
                    }

                    @Override
                    public @Nullable Boolean visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
                        return reduce(isUsedOtherwise(), super.visitMemberReference(tree, nothing));
                    }

                    private boolean isUsedOtherwise() {
                        if (!method.equals(source.trees().getElement(getCurrentPath()))) {
                            return false;
                        }
                        TreePath call = getCurrentPath().getParentPath();
                        return !(call.getLeaf() instanceof MethodInvocationTree
                                && call.getParentPath().getLeaf() instanceof MethodInvocationTree
                                && source.calls(call.getParentPath(), Calls.AWAIT));
                    }
                }.scan(outermost, null));
    }
}
