package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#NOT_SEND}; and what is known of each method's futures, which the weaver records. */
final class NotSend implements Lint {
    private @Nullable Sends sends;

    /** {@return what was found of the futures of the compilation that {@code source} is of} */
    private Sends sends(Analysis source) {
        if (sends == null) {
            sends = new Sends(source);
        }
        return sends;
    }

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD, Tree.Kind.LAMBDA_EXPRESSION, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf().getKind()) {
            case METHOD -> {
                if (source.trees().getElement(path) instanceof ExecutableElement method
                        && method.getKind() == ElementKind.METHOD
                        && source.isFuture(method.getReturnType())) {
                    remember(method, sends(source).method(method, path), source);
                }
            }
            case LAMBDA_EXPRESSION -> {
                if (source.isAsyncClosure(path)) {
                    sends(source).awaited(path).forEach((method, bound) -> remember(method, bound, source));
                }
            }
            default -> call(path, source);
        }
    }

    private static void remember(ExecutableElement method, @Nullable String bound, Analysis source) {
        if (bound != null) {
            source.bound().remember(method, bound);
        }
    }

    private void call(TreePath path, Analysis source) {
        List<? extends ExpressionTree> arguments = ((MethodInvocationTree) path.getLeaf()).getArguments();
        if (arguments.isEmpty() || !movesTasks(path, source)) {
            return;
        }
        TreePath future = new TreePath(path, arguments.getLast());
        String bound = sends(source).future(future);
        if (bound != null) {
            source.report(
                    Rule.NOT_SEND,
                    future,
                    bound + ", and spawn may move this future to another thread",
                    "end its use before the await, or use spawnLocal on an executor of one thread, as LocalExecutor is");
        }
    }

    /** {@return whether the call at {@code path} makes a task of its argument where tasks may move between threads} */
    private static boolean movesTasks(TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null) {
            return false;
        }
        String name = method.getSimpleName().toString();
        if (source.calls(path, Calls.SPAWN)) {
            return true;
        }
        TypeMirror owner = method.getEnclosingElement() instanceof TypeElement type ? type.asType() : null;
        return Calls.HOLDERS_SPAWN.has(name) && source.isAnyOf(owner, Calls.HOLDERS_SPAWN.types())
                || source.isOneOf(method, Calls.TRACKER_SPAWN) && !isLocal(firstArgument(path, source), source)
                || Calls.MOVE_TASKS.has(name)
                        && source.isA(owner, Core.SPAWNER)
                        && !isLocal(receiver(path, source), source);
    }

    private static @Nullable TypeMirror firstArgument(TreePath call, Analysis source) {
        ExpressionTree first =
                ((MethodInvocationTree) call.getLeaf()).getArguments().getFirst();
        return source.trees().getTypeMirror(new TreePath(call, first));
    }

    static @Nullable TypeMirror receiver(TreePath call, Analysis source) {
        if (((MethodInvocationTree) call.getLeaf()).getMethodSelect() instanceof MemberSelectTree select) {
            return source.trees().getTypeMirror(new TreePath(new TreePath(call, select), select.getExpression()));
        }
        TreePath p = call;
        while (p != null && !(p.getLeaf() instanceof ClassTree)) {
            p = p.getParentPath();
        }
        return p == null ? null : source.trees().getTypeMirror(p);
    }

    /** A spawner that has a {@code spawnLocal} of its own polls its tasks on one thread. */
    private static boolean isLocal(@Nullable TypeMirror spawner, Analysis source) {
        return spawner instanceof DeclaredType type
                && type.asElement() instanceof TypeElement element
                && source.elements().getAllMembers(element).stream()
                        .anyMatch(m -> Calls.SPAWN_LOCAL.has(m.getSimpleName())
                                && m.getEnclosingElement() instanceof TypeElement in
                                && !in.getQualifiedName().contentEquals(Core.SPAWNER));
    }
}
