package dev.latent.compiler.lint;

import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.names.Calls;
import java.util.Set;

/** {@link Rule#ASYNC_METHOD_REFERENCE}. */
final class AsyncMethodReference implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.MEMBER_REFERENCE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        boolean ofAsync = isOfAsync(path, source);
        if (source.isAsyncClosure(path) || ofAsync) {
            String call = call((MemberReferenceTree) path.getLeaf());
            source.report(
                    Rule.ASYNC_METHOD_REFERENCE,
                    path,
                    "a method reference has no body that could be woven",
                    source.isFuture(Made.type(path, source))
                            ? (ofAsync ? "it makes a future by itself: write " + call + " without async, or" : "write")
                                    + " a lambda that awaits it, such as () -> await(" + call + ")"
                            : "write a lambda, such as () -> " + call);
        }
    }

    /** Where javac has refused the types, by way of inference variables, the reference has none. */
    private static boolean isOfAsync(TreePath path, Analysis source) {
        return path.getParentPath().getLeaf() instanceof MethodInvocationTree call
                && call.getArguments().size() == 1
                && source.calls(path.getParentPath(), Calls.ASYNC);
    }

    private static String call(MemberReferenceTree tree) {
        String of = tree.getQualifierExpression().toString();
        if (tree.getMode() == MemberReferenceTree.ReferenceMode.INVOKE) {
            return of + "." + tree.getName() + "(…)";
        }
        return "new " + (of.endsWith("[]") ? of.substring(0, of.length() - 1) + "…]" : of + "(…)");
    }
}
