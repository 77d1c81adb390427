package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ErrorType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#WRONG_FUTURE}: the JDK's future where ours is meant. javac has refused the types already, in words that do not tell the two
 * apart, so this only looks where something does not fit.
 */
final class WrongFuture implements Lint {
    static final String THEIRS = "java.util.concurrent.Future";
    static final String STAGE = "java.util.concurrent.CompletionStage";

    private final Once once = new Once();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.VARIABLE, Tree.Kind.RETURN, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case VariableTree variable -> given(path, variable.getType(), path, variable.getInitializer(), source);
            case ReturnTree tree -> {
                TreePath method = methodAround(path);
                if (method != null) {
                    given(method, ((MethodTree) method.getLeaf()).getReturnType(), path, tree.getExpression(), source);
                }
            }
            case MethodInvocationTree call -> taken(path, call, source);
            default -> {}
        }
    }

    /** {@return the method that a return statement at {@code path} leaves, or null in a lambda} */
    static @Nullable TreePath methodAround(TreePath path) {
        for (TreePath p = path; p != null && !(p.getLeaf() instanceof LambdaExpressionTree); p = p.getParentPath()) {
            if (p.getLeaf() instanceof MethodTree) {
                return p;
            }
        }
        return null;
    }

    /** Ours is given to what is declared as theirs. */
    private void given(
            TreePath declaration, @Nullable Tree type, TreePath to, @Nullable ExpressionTree value, Analysis source) {
        if (type != null && value != null) {
            made(new TreePath(declaration, type), new TreePath(to, value), source);
        }
        if (isSpelledFuture(type)
                && value instanceof MethodInvocationTree
                && source.is(source.trees().getTypeMirror(new TreePath(declaration, type)), THEIRS)
                && source.called(new TreePath(to, value)) instanceof ExecutableElement method
                && source.isFuture(method.getReturnType())
                && !source.isA(method.getReturnType(), THEIRS)
                && once.first(new TreePath(declaration.getCompilationUnit()))) {
            Optional<TreePath> imported = isInFull(type) ? Optional.empty() : importOf(declaration);
            source.report(
                    Rule.WRONG_FUTURE,
                    imported.orElse(new TreePath(declaration, type)),
                    "this `Future` is java.util.concurrent's, and Latent's is given to it",
                    isInFull(type)
                            ? "write " + Core.FUTURE + " in its place"
                            : "import " + Core.FUTURE
                                    + (imported.isPresent()
                                            ? " in its place"
                                            : ": a name of its own goes before any wildcard"));
        }
    }

    /** What is no future is given to what is declared as ours. */
    private static void made(TreePath type, TreePath value, Analysis source) {
        if (source.trees().getTypeMirror(value) instanceof ErrorType refused
                && refused.getKind() == TypeKind.ERROR
                && source.trees().getTypeMirror(type) instanceof DeclaredType wanted
                && source.is(wanted, Core.FUTURE)
                && wanted.getTypeArguments().size() == 1) {
            String spelled = source.spelled(value);
            TypeMirror given = source.trees().getOriginalType(refused);
            if (value.getLeaf() instanceof MethodInvocationTree
                    && source.called(value) instanceof ExecutableElement method
                    && source.isA(method.getReturnType(), STAGE)) {
                source.report(
                        Rule.WRONG_FUTURE,
                        value,
                        "this is a future of java.util.concurrent, and one of Latent's is wanted",
                        "write Futures.fromCompletionStage(() -> " + spelled + ")");
            } else if (Given.isKnown(given)
                    && !(value.getLeaf() instanceof LambdaExpressionTree)
                    && source.types()
                            .isAssignable(given, wanted.getTypeArguments().getFirst())) {
                source.report(
                        Rule.WRONG_FUTURE,
                        value,
                        "this is the value, and a " + Given.simple(wanted) + " is wanted, which gives it",
                        "write Futures.ready(" + spelled + "), or async(() -> …) around the code that makes it");
            }
        }
    }

    /** Theirs is given to a method of ours. */
    private static void taken(TreePath path, MethodInvocationTree call, Analysis source) {
        if (source.called(path) != null || !Calls.TAKERS.has(nameOf(call.getMethodSelect())) || !importsLatent(path)) {
            return;
        }
        for (ExpressionTree argument : call.getArguments()) {
            TreePath at = new TreePath(path, argument);
            TypeMirror type = source.trees().getTypeMirror(at);
            boolean stage = source.isA(type, STAGE);
            if ((stage || source.isA(type, THEIRS)) && !source.isFuture(type) && !isOurs(at, source)) {
                source.report(
                        Rule.WRONG_FUTURE,
                        at,
                        "this is a future of java.util.concurrent, which runs by itself and has no poll",
                        stage
                                ? "wrap it: Futures.fromCompletionStage(() -> …), or Futures.observe(…) if it runs anyway"
                                : "let Latent run the work, spawnBlocking(() -> …), in place of the executor");
            }
        }
    }

    /** {@return whether it was declared as theirs by mistake: {@link #given} says so there} */
    private static boolean isOurs(TreePath at, Analysis source) {
        if (at.getLeaf() instanceof MethodInvocationTree
                && source.called(at) instanceof ExecutableElement method
                && source.declaration(method) instanceof TreePath path
                && path.getLeaf() instanceof MethodTree declared
                && declared.getBody() != null) {
            return Returned.by(new TreePath(path, declared.getBody())).stream()
                    .anyMatch(value -> Given.future(value, source) != null);
        }
        return MissingAwait.declaration(at, source) instanceof TreePath path
                && ((VariableTree) path.getLeaf()).getInitializer() instanceof ExpressionTree value
                && Given.future(new TreePath(path, value), source) != null;
    }

    private static boolean isInFull(@Nullable Tree type) {
        return (type instanceof ParameterizedTypeTree generic ? generic.getType() : type) instanceof MemberSelectTree;
    }

    private static String nameOf(@Nullable Tree tree) {
        return switch (tree) {
            case IdentifierTree identifier -> identifier.getName().toString();
            case MemberSelectTree select -> select.getIdentifier().toString();
            case null, default -> "";
        };
    }

    private static boolean isSpelledFuture(@Nullable Tree type) {
        return nameOf(type instanceof ParameterizedTypeTree generic ? generic.getType() : type)
                .equals(Core.simple(Core.FUTURE));
    }

    private static boolean importsLatent(TreePath path) {
        return path.getCompilationUnit().getImports().stream()
                .anyMatch(i -> i.getQualifiedIdentifier().toString().startsWith(Core.PACKAGE + "."));
    }

    private static Optional<TreePath> importOf(TreePath path) {
        TreePath unit = new TreePath(path.getCompilationUnit());
        return path.getCompilationUnit().getImports().stream()
                .filter(i -> i.getQualifiedIdentifier().toString().equals(THEIRS))
                .findFirst()
                .map(i -> new TreePath(unit, i));
    }
}
