package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#TASK_LOCAL_ELSEWHERE}: {@code USER.get()} right in a lambda, or as a method reference, that a thread, an {@code ExecutorService} or
 * a {@code CompletableFuture} is given to run. There no task is known, and nobody but {@code TaskLocals.call}, inside the lambda, could tell one.
 */
final class TaskLocalElsewhere implements Lint {
    private static final String EXECUTOR = "java.util.concurrent.Executor";
    private static final Set<String> START = Set.of("start", "unstarted", "startVirtualThread");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION, Tree.Kind.MEMBER_REFERENCE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (!source.isOneOf(method, Calls.TASK_LOCAL) || method == null || takesContext(method, source)) {
            return;
        }
        TreePath function = path.getLeaf().getKind() == Tree.Kind.MEMBER_REFERENCE ? path : lambda(path);
        if (function != null && !source.isAsyncClosure(function) && runner(function, source) instanceof String runner) {
            source.report(
                    Rule.TASK_LOCAL_ELSEWHERE,
                    path,
                    runner + " runs this, which does nothing for a task: no task's local is set there",
                    "ask before, and let the lambda use the value; or run it by spawnBlocking(…) or compute(…)");
        }
    }

    private static boolean takesContext(ExecutableElement method, Analysis source) {
        return method.getParameters().stream().anyMatch(p -> source.isA(p.asType(), Core.CONTEXT));
    }

    /** {@return the lambda right around {@code path}, or null} */
    private static @Nullable TreePath lambda(TreePath path) {
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                return p;
            }
            if (p.getLeaf() instanceof MethodTree || p.getLeaf() instanceof ClassTree) {
                return null;
            }
        }
        return null;
    }

    /** {@return who runs the function at {@code path} on a thread of its own choice, where it is given to one, or null} */
    private static @Nullable String runner(TreePath path, Analysis source) {
        TreePath given = path.getParentPath();
        ExecutableElement to = source.called(given);
        if (to == null || !(to.getEnclosingElement() instanceof TypeElement owner)) {
            return null;
        }
        TypeMirror type = owner.asType();
        if (given.getLeaf() instanceof NewClassTree) {
            return source.isA(type, "java.lang.Thread") ? "a thread" : null;
        }
        String name = to.getSimpleName().toString();
        if (START.contains(name)
                && (source.isA(type, "java.lang.Thread") || source.isA(type, "java.lang.Thread.Builder"))) {
            return "a thread";
        }
        if (name.endsWith("Async") && source.isA(type, "java.util.concurrent.CompletableFuture")) {
            boolean ownPool = to.getParameters().stream().noneMatch(p -> source.is(p.asType(), EXECUTOR));
            return ownPool ? "CompletableFuture's pool" : null;
        }
        // An Executor may be a lambda that is written for just this; a service is not.
        return source.isA(type, EXECUTOR)
                        && source.isA(NotSend.receiver(given, source), "java.util.concurrent.ExecutorService")
                ? "an ExecutorService"
                : null;
    }
}
