package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.names.Core;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#NULL_FUTURE}: a method or a lambda that gives a future, and gives {@code null}. One that is declared {@code @Nullable} means it,
 * and so does one of which the same file asks whether it was null.
 */
final class NullFuture implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.RETURN, Tree.Kind.LAMBDA_EXPRESSION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case ReturnTree tree
            when tree.getExpression() instanceof ExpressionTree value -> {
                if (literal(new TreePath(path, value)) instanceof TreePath literal) {
                    given(literal, Functions.around(path), source);
                }
            }
            case LambdaExpressionTree lambda
            when lambda.getBody() instanceof ExpressionTree value -> {
                if (literal(new TreePath(path, value)) instanceof TreePath literal) {
                    given(literal, path, source);
                }
            }
            default -> {}
        }
    }

    /** {@return the null that the value at {@code path} may be, or null} */
    private static @Nullable TreePath literal(TreePath path) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> literal(new TreePath(path, p.getExpression()));
            case TypeCastTree c -> literal(new TreePath(path, c.getExpression()));
            case ConditionalExpressionTree c -> {
                TreePath then = literal(new TreePath(path, c.getTrueExpression()));
                yield then != null ? then : literal(new TreePath(path, c.getFalseExpression()));
            }
            default -> path.getLeaf().getKind() == Tree.Kind.NULL_LITERAL ? path : null;
        };
    }

    private static void given(TreePath literal, @Nullable TreePath function, Analysis source) {
        if (function == null || source.isAsyncClosure(function)) {
            return;
        }
        TypeMirror type;
        if (function.getLeaf() instanceof LambdaExpressionTree) {
            type = isOfTheJdk(function, source) ? null : Functions.result(function, source);
        } else {
            ExecutableElement method = source.called(function);
            type = method == null || Made.isNullable(method) || isAskedFor(method, function, source)
                    ? null
                    : method.getReturnType();
        }
        if (type != null && source.is(type, Core.FUTURE) && !Made.isNullable(type)) {
            source.report(
                    Rule.NULL_FUTURE,
                    literal,
                    "a null is no future: whoever awaits it gets a NullPointerException",
                    isVoid(type, source)
                            ? "write Futures.done()"
                            : "write Futures.ready(…) with the value that there is, or Futures.failed(…) where that is an error");
        }
    }

    /** Where a lambda is given to the JDK, null is nobody's future but a word: {@code map.computeIfPresent(key, (k, f) -> null)}. */
    private static boolean isOfTheJdk(TreePath lambda, Analysis source) {
        return source.called(lambda.getParentPath()) instanceof ExecutableElement taker
                && taker.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().toString().startsWith("java.");
    }

    /** {@return whether somebody in the same file looks whether {@code method} gives null} */
    private static boolean isAskedFor(ExecutableElement method, TreePath path, Analysis source) {
        Asked asked = new Asked(method, source);
        asked.scan(new TreePath(path.getCompilationUnit()), null);
        asked.given.retainAll(asked.compared);
        return asked.found || !asked.given.isEmpty();
    }

    /** What is compared with null, or given to who can take it. */
    private static final class Asked extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private static final Set<String> TAKE_NULL = Set.of(
                "ofNullable", "requireNonNull", "requireNonNullElse", "requireNonNullElseGet", "isNull", "nonNull");

        private final ExecutableElement method;
        private final Analysis source;

        /** Variables that hold what the method gives. */
        private final Set<Element> given = new HashSet<>();

        private final Set<Element> compared = new HashSet<>();
        private boolean found;

        Asked(ExecutableElement method, Analysis source) {
            this.method = method;
            this.source = source;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            TreePath path = getCurrentPath();
            if (source.called(path) instanceof ExecutableElement called) {
                if (TAKE_NULL.contains(called.getSimpleName().toString())
                        && !tree.getArguments().isEmpty()) {
                    isCompared(new TreePath(path, tree.getArguments().getFirst()));
                }
                Tree parent = path.getParentPath().getLeaf();
                if ((parent instanceof VariableTree || parent instanceof AssignmentTree) && isIt(called)) {
                    TreePath variable = parent instanceof AssignmentTree set
                            ? new TreePath(path.getParentPath(), set.getVariable())
                            : path.getParentPath();
                    if (source.trees().getElement(variable) instanceof Element element) {
                        given.add(element);
                    }
                }
            }
            return super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void nothing) {
            if (tree.getRightOperand().getKind() == Tree.Kind.NULL_LITERAL) {
                isCompared(new TreePath(getCurrentPath(), tree.getLeftOperand()));
            } else if (tree.getLeftOperand().getKind() == Tree.Kind.NULL_LITERAL) {
                isCompared(new TreePath(getCurrentPath(), tree.getRightOperand()));
            }
            return super.visitBinary(tree, nothing);
        }

        private void isCompared(TreePath path) {
            switch (path.getLeaf()) {
                case ParenthesizedTree p -> isCompared(new TreePath(path, p.getExpression()));
                case AssignmentTree set -> {
                    isCompared(new TreePath(path, set.getVariable()));
                    isCompared(new TreePath(path, set.getExpression()));
                }
                default -> {
                    Element element = source.trees().getElement(path);
                    if (element instanceof ExecutableElement called) {
                        found |= isIt(called);
                    } else if (element != null) {
                        compared.add(element);
                    }
                }
            }
        }

        private boolean isIt(ExecutableElement called) {
            return called.equals(method)
                    || method.getEnclosingElement() instanceof TypeElement owner
                            && source.elements().overrides(method, called, owner);
        }
    }

    private static boolean isVoid(TypeMirror future, Analysis source) {
        return future.getKind() == TypeKind.DECLARED
                && ((DeclaredType) future)
                        .getTypeArguments().stream().anyMatch(argument -> source.is(argument, "java.lang.Void"));
    }
}
