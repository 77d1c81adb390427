package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNUSED_FUTURE} where javac has refused the types already: a future where its value is wanted, {@code String s = name();} or
 * {@code name().length()}. javac's words do not say that an await is missing.
 */
final class RefusedFuture implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.VARIABLE, Tree.Kind.ASSIGNMENT, Tree.Kind.RETURN, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case VariableTree variable -> given(path, variable.getInitializer(), path, source);
            case AssignmentTree set -> given(path, set.getExpression(), new TreePath(path, set.getVariable()), source);
            case ReturnTree tree -> given(path, tree.getExpression(), WrongFuture.methodAround(path), source);
            case MethodInvocationTree call -> asked(path, call, source);
            default -> {}
        }
    }

    private static void given(TreePath path, @Nullable ExpressionTree value, @Nullable TreePath to, Analysis source) {
        if (!(value instanceof MethodInvocationTree) || to == null) {
            return;
        }
        TreePath at = new TreePath(path, value);
        Element target = source.trees().getElement(to);
        TypeMirror wanted = target instanceof ExecutableElement method
                ? method.getReturnType()
                : target == null ? null : target.asType();
        if (wanted != null
                && (wanted.getKind().isPrimitive() || wanted.getKind() == TypeKind.DECLARED)
                && !source.is(wanted, WrongFuture.THEIRS)
                && Made.type(at, source) instanceof DeclaredType made
                && !source.types()
                        .isAssignable(
                                source.types().erasure(made), source.types().erasure(wanted))
                && made.getTypeArguments().stream()
                        .anyMatch(t -> t.getKind() == TypeKind.TYPEVAR
                                || source.types().isAssignable(t, wanted))) {
            report(at, source);
        }
    }

    /** {@return whether javac lets a variable of type {@code wanted} have the future} */
    static boolean fits(TypeMirror future, TypeMirror wanted, Analysis source) {
        return source.types()
                .isAssignable(source.types().erasure(future), source.types().erasure(wanted));
    }

    /** A method that the future does not have, and its value does. */
    private static void asked(TreePath path, MethodInvocationTree call, Analysis source) {
        if (call.getMethodSelect() instanceof MemberSelectTree select
                && select.getExpression() instanceof MethodInvocationTree receiver
                && source.called(path) == null) {
            TreePath at = new TreePath(new TreePath(path, select), receiver);
            if (source.trees().getTypeMirror(at) instanceof DeclaredType made
                    && source.isFuture(made)
                    && Made.at(at, source)
                    && made.getTypeArguments().stream().anyMatch(t -> has(t, select, source))) {
                report(at, source);
            }
        }
    }

    private static boolean has(TypeMirror type, MemberSelectTree member, Analysis source) {
        return source.types().asElement(type) instanceof TypeElement element
                && source.elements().getAllMembers(element).stream()
                        .anyMatch(m -> m.getSimpleName().equals(member.getIdentifier()));
    }

    private static void report(TreePath future, Analysis source) {
        source.report(
                Rule.UNUSED_FUTURE,
                future,
                "this is a future: it gives what is wanted here only when it is awaited",
                source.asyncBody(future) == null
                        ? "let the method return async(() -> …) and await it there, or wait with Latent.blockOn(…) where no executor runs"
                        : "write await(" + source.spelled(future) + ")");
    }
}
