package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.lint.source.Reads;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Core;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNUSED_FUTURE}, of a future that a lambda gives to the JDK, {@code executor.submit(() -> load())}: what takes it there is a value like
 * any other, and nothing of what holds it afterwards comes to anybody.
 */
final class HandedToNobody implements Lint {
    private static final String STAGE = "java.util.concurrent.CompletionStage";

    /** Those of a chain that pass on nothing of its value, whatever they are given. */
    private static final Set<String> FORGET = Set.of("thenRun", "thenRunAsync", "runAfterBoth", "runAfterEither");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null
                || !(method.getEnclosingElement() instanceof TypeElement owner)
                || !takes(owner.getQualifiedName().toString())) {
            return;
        }
        for (ExpressionTree argument : ((MethodInvocationTree) path.getLeaf()).getArguments()) {
            TreePath future = future(new TreePath(path, argument), source);
            if (future != null && isLost(path, source)) {
                report(future, method, owner, source);
            }
        }
    }

    private static boolean takes(String owner) {
        return owner.startsWith("java.util.concurrent.")
                || owner.startsWith("java.util.stream.")
                || owner.equals("java.util.Optional");
    }

    /** {@return what makes the future that the function at {@code path} gives, or null} */
    private static @Nullable TreePath future(TreePath path, Analysis source) {
        return switch (path.getLeaf()) {
            case MemberReferenceTree _ ->
                isLazy(path, source) && !source.isVoidFunction(path) && !source.isAsyncClosure(path) ? path : null;
            case LambdaExpressionTree lambda -> {
                if (source.isVoidFunction(path) || source.isAsyncClosure(path)) {
                    yield null;
                }
                List<TreePath> values = Returned.by(new TreePath(path, lambda.getBody()));
                yield !values.isEmpty()
                                && values.stream().allMatch(value -> Made.at(value, source) && isLazy(value, source))
                        ? values.getFirst()
                        : null;
            }
            default -> null;
        };
    }

    /** A task runs, whoever has its handle. */
    private static boolean isLazy(TreePath path, Analysis source) {
        return Made.type(path, source) instanceof TypeMirror type && !source.isA(type, Core.JOIN_HANDLE);
    }

    // ---- what becomes of it ----------------------------------------------------------------------------------------

    /** {@return whether what the call at {@code path} gives, which holds the future or is it, goes nowhere} */
    private static boolean isLost(TreePath path, Analysis source) {
        TreePath parent = path.getParentPath();
        return switch (parent.getLeaf()) {
            case ParenthesizedTree _ -> isLost(parent, source);
            case ExpressionStatementTree _ -> !source.isExpectedToFail(parent);
            case LambdaExpressionTree lambda ->
                lambda.getBody() == path.getLeaf() && source.isVoidFunction(parent) && !source.isExpectedToFail(path);
            case VariableTree _ -> isLost(path, parent, source);
            case MemberSelectTree _
            when parent.getParentPath().getLeaf() instanceof MethodInvocationTree next
                    && next.getMethodSelect() == parent.getLeaf() -> isLostBy(next, parent.getParentPath(), source);
            default -> false;
        };
    }

    /** A variable that nobody reads, or whose type has forgotten the future. */
    private static boolean isLost(TreePath value, TreePath variable, Analysis source) {
        Tree place = variable.getParentPath().getLeaf();
        if (!(place instanceof BlockTree || place instanceof CaseTree)) {
            return false;
        }
        return !Reads.of(variable, source)
                || source.trees().getElement(variable) instanceof Element local
                        && holds(source.trees().getTypeMirror(value), source)
                        && forgets(local.asType(), source);
    }

    private static boolean isLostBy(MethodInvocationTree next, TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null
                || !(method.getEnclosingElement() instanceof TypeElement owner)
                || !takes(owner.getQualifiedName().toString())) {
            return false;
        }
        boolean forgets = FORGET.contains(method.getSimpleName().toString());
        if (!forgets && next.getArguments().stream().anyMatch(a -> mayTake(new TreePath(path, a), source))) {
            return false;
        }
        TypeMirror type = source.trees().getTypeMirror(path);
        return holds(type, source) ? isLost(path, source) : forgets || isPlain(type);
    }

    /** A function may be given the future, as any object may that is made elsewhere. */
    private static boolean mayTake(TreePath argument, Analysis source) {
        TypeMirror type = source.trees().getTypeMirror(argument);
        return argument.getLeaf() instanceof LambdaExpressionTree
                || argument.getLeaf() instanceof MemberReferenceTree
                || type == null
                || type.getKind() == TypeKind.DECLARED && !source.isA(type, "java.util.concurrent.TimeUnit");
    }

    private static boolean isPlain(@Nullable TypeMirror type) {
        return type != null && (type.getKind().isPrimitive() || type.getKind() == TypeKind.VOID);
    }

    private static boolean holds(@Nullable TypeMirror type, Analysis source) {
        return source.isFuture(type)
                || type instanceof DeclaredType declared
                        && declared.getTypeArguments().stream().anyMatch(each -> holds(each, source));
    }

    /** {@return whether nobody can get a future out of what is declared so: {@code Future<?>}} */
    private static boolean forgets(TypeMirror type, Analysis source) {
        return type instanceof DeclaredType declared
                && declared.getTypeArguments().stream().noneMatch(each -> holds(each, source))
                && declared.getTypeArguments().stream()
                        .anyMatch(each -> each.getKind() == TypeKind.WILDCARD
                                && ((javax.lang.model.type.WildcardType) each).getExtendsBound() == null);
    }

    private static void report(TreePath future, ExecutableElement method, TypeElement owner, Analysis source) {
        String name = method.getSimpleName().toString();
        String spelled = future.getLeaf() instanceof MemberReferenceTree ? "…" : source.spelled(future);
        source.report(
                Rule.UNUSED_FUTURE,
                future,
                "`" + name + "` hands this future on as a value, and nobody polls it, so nothing of it runs",
                source.isA(owner.asType(), "java.util.concurrent.Executor")
                        ? "run it on that thread, Latent.blockOn(" + spelled
                                + "), or without the executor: await or spawn it"
                        : source.isA(owner.asType(), STAGE)
                                ? "write await(" + spelled + ") in an async body instead, or give the stage's place to"
                                        + " spawner.toCompletableFuture(" + spelled + ")"
                                : "take the values first, and in an async body await what is made of each");
    }
}
