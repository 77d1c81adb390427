package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#UNUSED_FUTURE} and {@link Rule#UNUSED_HANDLE}: a call makes one, and what it made goes nowhere. */
final class Unused implements Lint {
    private static final String HANDLE = "dev.latent.JoinHandle";

    /** Dropping one leaves the task to its scope, which is what a scope is for. */
    private static final String OWNED_ELSEWHERE = "dev.latent.ScopedTask";

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
                if (makes(call, source) && !source.isExpectedToFail(path)) {
                    report(call, source);
                }
            }
            case LambdaExpressionTree lambda
            when lambda.getBody() instanceof ExpressionTree body -> {
                TreePath call = new TreePath(path, body);
                if (makes(call, source) && source.isVoidFunction(path) && !source.isExpectedToFail(call)) {
                    report(call, source);
                }
            }
            case MemberReferenceTree _ -> {
                if (made(path, source) != null && source.isVoidFunction(path) && !source.isAsyncClosure(path)) {
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
        if (makes(made, source) && !Reads.of(path, source)) {
            report(made, source);
        }
    }

    /** {@return whether what stands at {@code path} makes a future that was not there before} */
    private static boolean makes(TreePath path, Analysis source) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> makes(new TreePath(path, p.getExpression()), source);
            case ConditionalExpressionTree c ->
                makes(new TreePath(path, c.getTrueExpression()), source)
                        && makes(new TreePath(path, c.getFalseExpression()), source);
            case MethodInvocationTree _, NewClassTree _ -> made(path, source) != null;
            default -> false;
        };
    }

    /** The declared type tells a factory, {@code Future<T>}, from a container that hands back what was put in, {@code T}. */
    private static @Nullable TypeMirror made(TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null || source.word(path) != null && source.isOutsideAsync(path)) {
            return null;
        }
        // super(…) and this(…) make nothing of their own.
        TypeMirror type = path.getLeaf() instanceof MethodInvocationTree || method.getKind() != ElementKind.CONSTRUCTOR
                ? method.getReturnType()
                : Objects.requireNonNull(method.getEnclosingElement()).asType();
        return type.getKind() == TypeKind.DECLARED
                        && source.isFuture(type)
                        && !source.isA(type, OWNED_ELSEWHERE)
                        && !isFluent(method, type)
                        && !ofMockito(path, source)
                ? type
                : null;
    }

    /** A future's own method that gives its own type, as builders do, most likely gives {@code this}. */
    private static boolean isFluent(ExecutableElement method, TypeMirror type) {
        return method.getKind() == ElementKind.METHOD
                && !method.getModifiers().contains(Modifier.STATIC)
                && type instanceof DeclaredType declared
                && declared.asElement().equals(method.getEnclosingElement());
    }

    /** {@code verify(mock).save()} calls nothing. */
    private static boolean ofMockito(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree select
                && select.getExpression() instanceof MethodInvocationTree receiver
                && source.called(new TreePath(new TreePath(path, select), receiver)) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().toString().startsWith("org.mockito.");
    }

    private static void report(TreePath at, Analysis source) {
        TypeMirror type = made(at, source);
        if (type != null && source.isA(type, HANDLE)) {
            source.report(
                    Rule.UNUSED_HANDLE,
                    at,
                    "nobody keeps this task's handle, so nobody can await it or cancel it",
                    "write .detach() to let the task go, or own it: try (var task = …) { … }");
            return;
        }
        source.report(
                Rule.UNUSED_FUTURE,
                at,
                "this future is never polled, so nothing of it runs",
                asksToClose(source.called(at), source)
                        ? "await it, or call close(), which asks and does not wait"
                        : "await, spawn or return it, or drop() it");
    }

    private static boolean asksToClose(@Nullable ExecutableElement method, Analysis source) {
        return method != null
                && method.getParameters().isEmpty()
                && Set.of("closeAsync", "cancel")
                        .contains(method.getSimpleName().toString())
                && source.isA(
                        Objects.requireNonNull(method.getEnclosingElement()).asType(), "dev.latent.AsyncCloseable");
    }
}
