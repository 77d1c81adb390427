package dev.latent.compiler.lint;

import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** {@link Rule#FUTURE_OF_FUTURE}. A handle, a pinned and a shared future are values in their own right. */
final class FutureOfFuture implements Lint {
    private final MissingAwait missing;

    FutureOfFuture(MissingAwait missing) {
        this.missing = missing;
    }

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.LAMBDA_EXPRESSION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (source.isAsyncClosure(path)
                ? !source.isVoidFunction(path) && !isDeclaredSo(path, source)
                : isRefusedBody(path, source)) {
            for (TreePath value : Returned.by(new TreePath(path, ((LambdaExpressionTree) path.getLeaf()).getBody()))) {
                if (isFuture(value, source) && missing.isFirst(value, source)) {
                    source.report(
                            Rule.FUTURE_OF_FUTURE,
                            value,
                            "this body returns a future, so its caller would get a future of a future, and nobody polls the inner one",
                            isAsync(value, source)
                                    ? "leave out the inner async, and write its code here"
                                    : MissingAwait.fix(value, source));
                }
            }
        }
    }

    /** Of one that javac has refused, what it was is left. */
    private static boolean isFuture(TreePath value, Analysis source) {
        return source.is(source.trees().getTypeMirror(value), Core.FUTURE)
                || isAsync(value, source)
                || Given.future(value, source) instanceof Given future && source.is(future.type(), Core.FUTURE);
    }

    private static boolean isAsync(TreePath value, Analysis source) {
        return value.getLeaf() instanceof MethodInvocationTree call
                && call.getArguments().size() == 1
                && call.getArguments().getFirst() instanceof LambdaExpressionTree
                && source.calls(value, Calls.ASYNC);
    }

    /** Who declares an {@code AsyncCallable<Future<T>>} wants bodies that make a future. */
    private static boolean isDeclaredSo(TreePath lambda, Analysis source) {
        TreePath parent = lambda.getParentPath();
        TypeMirror declared =
                switch (parent.getLeaf()) {
                    case VariableTree _
                    when source.trees().getElement(parent) instanceof Element variable -> variable.asType();
                    case MethodInvocationTree call
                    when source.called(parent) instanceof ExecutableElement taker -> {
                        List<? extends VariableElement> parameters = taker.getParameters();
                        int argument = call.getArguments().indexOf(lambda.getLeaf());
                        yield argument < 0 || argument >= parameters.size()
                                ? null
                                : parameters.get(argument).asType();
                    }
                    default -> null;
                };
        return declared instanceof DeclaredType type
                && !type.getTypeArguments().isEmpty()
                && source.is(type.getTypeArguments().getLast(), Core.FUTURE);
    }

    /** Where the caller wants what the inner future becomes, javac has refused the types, and says so by way of inference variables. */
    private static boolean isRefusedBody(TreePath lambda, Analysis source) {
        TypeMirror type = source.trees().getTypeMirror(lambda);
        return (type == null || type.getKind() == TypeKind.ERROR)
                && lambda.getParentPath().getLeaf() instanceof MethodInvocationTree
                && source.calls(lambda.getParentPath(), Calls.ASYNC);
    }
}
