package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#SEQUENTIAL_AWAITS}: {@code var a = await(findA()); var b = await(findB());}, of calls whose names say that they only
 * look, not on the same object, and of which the second does not use what the first gave.
 */
final class SequentialAwaits implements Lint {
    private static final Pattern LOOKS =
            Pattern.compile("(get|find|load|fetch|query|list|lookup|count|search)(\\p{Lu}.*|All|By.*)?");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.BLOCK);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    @Override
    public void check(TreePath path, Analysis source) {
        List<? extends StatementTree> statements = ((BlockTree) path.getLeaf()).getStatements();
        for (int i = 1; i < statements.size(); i++) {
            if (statements.get(i - 1) instanceof VariableTree first
                    && statements.get(i) instanceof VariableTree second) {
                check(new TreePath(path, first), new TreePath(path, second), source);
            }
        }
    }

    private static void check(TreePath first, TreePath second, Analysis source) {
        TreePath a = awaited(first, source);
        TreePath b = awaited(second, source);
        if (a == null || b == null || !looks(a, source) || !looks(b, source)) {
            return;
        }
        Element receiver = receiver(a, source);
        boolean sameObject = receiver != null && receiver.equals(receiver(b, source));
        if (sameObject
                || a.getLeaf().toString().equals(b.getLeaf().toString())
                || mentions(b, source).contains(source.trees().getElement(first))) {
            return;
        }
        source.report(
                Rule.SEQUENTIAL_AWAITS,
                b,
                "this begins only when " + ((VariableTree) first.getLeaf()).getName()
                        + " is there, and does not use it",
                "if the order does not matter, await(join(…, …)) runs both at the same time");
    }

    /** {@return the call in {@code var x = await(call)}, or null} */
    private static @Nullable TreePath awaited(TreePath variable, Analysis source) {
        return ((VariableTree) variable.getLeaf()).getInitializer() instanceof MethodInvocationTree await
                        && source.calls(new TreePath(variable, await), Calls.AWAIT)
                        && await.getArguments().getFirst() instanceof MethodInvocationTree call
                ? new TreePath(new TreePath(variable, await), call)
                : null;
    }

    private static boolean looks(TreePath call, Analysis source) {
        return source.called(call) instanceof Element method
                && LOOKS.matcher(method.getSimpleName()).matches();
    }

    private static @Nullable Element receiver(TreePath call, Analysis source) {
        ExpressionTree method = ((MethodInvocationTree) call.getLeaf()).getMethodSelect();
        return method instanceof MemberSelectTree select
                ? source.trees().getElement(new TreePath(new TreePath(call, select), select.getExpression()))
                : null;
    }

    private static Set<Element> mentions(TreePath path, Analysis source) {
        Set<Element> found = new HashSet<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                if (source.trees().getElement(getCurrentPath()) instanceof Element e) {
                    found.add(e);
                }
                return null;
            }
        }.scan(path, null);
        return found;
    }
}
