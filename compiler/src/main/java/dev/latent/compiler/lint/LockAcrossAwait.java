package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Once;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#LOCK_ACROSS_AWAIT}. */
final class LockAcrossAwait implements Lint {
    static final String LOCK = "java.util.concurrent.locks.Lock";
    static final String STAMPED_LOCK = "java.util.concurrent.locks.StampedLock";

    private final Once once = new Once();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.SYNCHRONIZED, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    /** An async body is walked when it has been seen to lock something. */
    @Override
    public void check(TreePath path, Analysis source) {
        if ((path.getLeaf() instanceof SynchronizedTree || acquires(path, source))
                && source.asyncBody(path) instanceof TreePath lambda
                && once.first(lambda)) {
            new Held(source, new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody())).report();
        }
    }

    private static boolean acquires(TreePath path, Analysis source) {
        if (!(((MethodInvocationTree) path.getLeaf()).getMethodSelect() instanceof MemberSelectTree select)) {
            return false;
        }
        return switch (select.getIdentifier().toString()) {
            case "lock", "lockInterruptibly", "tryLock" -> isOf(LOCK, path, source);
            case "writeLock", "writeLockInterruptibly", "readLock", "readLockInterruptibly" ->
                isOf(STAMPED_LOCK, path, source);
            default -> false;
        };
    }

    private static boolean isOf(String type, TreePath path, Analysis source) {
        return source.called(path) instanceof ExecutableElement method
                && Objects.requireNonNull(method.getEnclosingElement()).asType() instanceof TypeMirror owner
                && source.isA(owner, type);
    }

    /**
     * Which locks are held. A lock is known by how the source spells it, a monitor by its block. One that the body itself never unlocks
     * is left alone: whoever does that may do it earlier than can be seen.
     */
    private static final class Held extends Flow<Object, String> {
        private record Found(Object lock, String name, TreePath at) {}

        private final Map<Tree, Found> found = new LinkedHashMap<>();
        private final Set<Object> unlocked = new HashSet<>();
        private final TreePath body;

        Held(Analysis source, TreePath body) {
            super(source, body);
            this.body = body;
        }

        void report() {
            walk(body);
            for (Found each : found.values()) {
                boolean monitor = each.lock instanceof SynchronizedTree;
                if (monitor || unlocked.contains(each.lock)) {
                    source.report(
                            Rule.LOCK_ACROSS_AWAIT,
                            each.at,
                            (monitor ? "the monitor of `" : "the lock `") + each.name + "` is held across this "
                                    + (each.at.getLeaf() instanceof MethodInvocationTree
                                            ? "await"
                                            : "resource's close, which may wait"),
                            "another task could block this thread for ever: "
                                    + (monitor ? "shorten the synchronized block" : "unlock before it")
                                    + ", or use AsyncMutex");
                }
            }
        }

        @Override
        protected void suspended(TreePath at) {
            change((lock, name) -> {
                found.put(at.getLeaf(), new Found(lock, name, at));
                return name;
            });
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void nothing) {
            scan(tree.getExpression(), nothing);
            know(tree, spelled(tree.getExpression()));
            guarded(() -> scan(tree.getBlock(), nothing), () -> forget(tree));
            return null;
        }

        @Override
        protected void called(TreePath call) {
            if (!(((MethodInvocationTree) call.getLeaf()).getMethodSelect() instanceof MemberSelectTree select)) {
                return;
            }
            String lock = spelled(select.getExpression());
            switch (select.getIdentifier().toString()) {
                case "tryLock" -> {}
                // Who asks knows of a way on which it is not held.
                case "isHeldByCurrentThread", "isLocked", "isWriteLocked", "isReadLocked", "validate" -> forget(lock);
                case "unlock", "unlockWrite", "unlockRead", "tryUnlockWrite", "tryUnlockRead" -> {
                    unlocked.add(lock);
                    forget(lock);
                }
                default -> {
                    if (acquires(call, source)) {
                        know(lock, lock);
                    }
                }
            }
        }

        @Override
        protected void isTrue(TreePath condition) {
            if (condition.getLeaf() instanceof MethodInvocationTree call
                    && call.getMethodSelect() instanceof MemberSelectTree select
                    && select.getIdentifier().contentEquals("tryLock")
                    && acquires(condition, source)) {
                String lock = spelled(select.getExpression());
                know(lock, lock);
            }
        }

        private static String spelled(ExpressionTree lock) {
            String spelled = (lock instanceof ParenthesizedTree p ? p.getExpression() : lock).toString();
            return spelled.startsWith("this.") ? spelled.substring("this.".length()) : spelled;
        }
    }
}
