package dev.latent.compiler.lint;

import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Set;

/** {@link Rule#ASYNC_METHOD_REFERENCE}. */
final class AsyncMethodReference implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.MEMBER_REFERENCE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (source.isAsyncClosure(path)) {
            source.report(
                    Rule.ASYNC_METHOD_REFERENCE,
                    path,
                    "a method reference has no body that could be woven",
                    "write a lambda, such as () -> " + call((MemberReferenceTree) path.getLeaf()));
        }
    }

    private static String call(MemberReferenceTree tree) {
        String of = tree.getQualifierExpression().toString();
        if (tree.getMode() == MemberReferenceTree.ReferenceMode.INVOKE) {
            return of + "." + tree.getName() + "(…)";
        }
        return "new " + (of.endsWith("[]") ? of.substring(0, of.length() - 1) + "…]" : of + "(…)");
    }
}
