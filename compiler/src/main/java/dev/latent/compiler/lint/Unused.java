package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.lint.source.Reads;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#UNUSED_FUTURE}, {@link Rule#UNUSED_HANDLE} and {@link Rule#UNUSED_STREAM}: a call makes one, and what it made goes nowhere. */
final class Unused implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(
                Tree.Kind.EXPRESSION_STATEMENT,
                Tree.Kind.LAMBDA_EXPRESSION,
                Tree.Kind.MEMBER_REFERENCE,
                Tree.Kind.VARIABLE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case ExpressionStatementTree statement -> {
                TreePath call = new TreePath(path, statement.getExpression());
                if (isMade(call, source) && !source.isExpectedToFail(path)) {
                    report(call, source);
                }
            }
            case LambdaExpressionTree lambda
            when lambda.getBody() instanceof ExpressionTree body -> {
                TreePath call = new TreePath(path, body);
                if (isMade(call, source) && source.isVoidFunction(path) && !source.isExpectedToFail(call)) {
                    report(call, source);
                }
            }
            case MemberReferenceTree _ -> {
                if ((Made.type(path, source) != null || Made.stream(path, source))
                        && source.isVoidFunction(path)
                        && !source.isAsyncClosure(path)) {
                    report(path, source);
                }
            }
            case VariableTree variable -> local(variable, path, source);
            default -> {}
        }
    }

    private static void local(VariableTree variable, TreePath path, Analysis source) {
        ExpressionTree initializer = variable.getInitializer();
        TreePath parent = path.getParentPath();
        if (initializer == null || !(parent.getLeaf() instanceof BlockTree || parent.getLeaf() instanceof CaseTree)) {
            return;
        }
        TreePath made = new TreePath(path, initializer);
        if (isMade(made, source) && !isRefused(made, path, source) && !Reads.of(path, source)) {
            report(made, source);
        }
    }

    private static boolean isMade(TreePath path, Analysis source) {
        return Made.at(path, source) || !(path.getLeaf() instanceof MemberReferenceTree) && Made.stream(path, source);
    }

    private static boolean isRefused(TreePath made, TreePath variable, Analysis source) {
        return Made.type(made, source) instanceof TypeMirror type
                && source.trees().getElement(variable) instanceof Element local
                && !RefusedFuture.fits(type, local.asType(), source);
    }

    private static void report(TreePath at, Analysis source) {
        TypeMirror type = Made.type(at, source);
        if (type != null && source.isA(type, Core.JOIN_HANDLE)) {
            source.report(
                    Rule.UNUSED_HANDLE,
                    at,
                    "nobody keeps this task's handle, so nobody can await it or cancel it",
                    "write .detach() to let the task go, or own it: try (var task = …) { … }");
        } else if (Made.stream(at, source)) {
            source.report(
                    Rule.UNUSED_STREAM,
                    at,
                    "nobody drives this stream, so nothing of it runs",
                    source.asyncBody(at) != null && !(at.getLeaf() instanceof MemberReferenceTree)
                            ? "await what ends it, such as forEach(…) or toList(), or return it, or close() it"
                            : "forEach(…), toList() and their like make a future of it, to be awaited or run; or return it, or close() it");
        } else {
            source.report(
                    Rule.UNUSED_FUTURE,
                    at,
                    "this future is never polled, so nothing of it runs",
                    asksToClose(source.called(at), source) && !isInOwnClose(at)
                            ? "await it, or call close(), which asks and does not wait"
                            : fix(at, source));
        }
    }

    /** {@return what to do with the future at {@code at}, there} */
    static String fix(TreePath at, Analysis source) {
        if (!(at.getLeaf() instanceof MemberReferenceTree) && source.asyncBody(at) != null) {
            return "await, spawn or return it, or drop() it";
        }
        return source.isInsideAsync(at)
                ? "a loop in the async body can await each, or give them all to join(…)"
                : "nobody can await here: run it with Latent.blockOn(…), spawn it on an executor, return it, or drop() it";
    }

    /** A close() that calls itself would help nobody. */
    private static boolean isInOwnClose(TreePath at) {
        return at.getLeaf() instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof IdentifierTree
                && WrongFuture.methodAround(at) instanceof TreePath method
                && ((MethodTree) method.getLeaf()).getName().contentEquals("close");
    }

    private static boolean asksToClose(@Nullable ExecutableElement method, Analysis source) {
        return method != null
                && method.getParameters().isEmpty()
                && Calls.ASK_TO_CLOSE.has(method.getSimpleName())
                && source.isA(
                        Objects.requireNonNull(method.getEnclosingElement()).asType(), Core.ASYNC_CLOSEABLE);
    }
}
