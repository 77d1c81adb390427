package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.UnionType;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#FUTURE_LEAVES_BLOCK}: a future is made in a {@code try}, under a monitor or a lock, and returned from there, so that all of these
 * are over before any of it runs.
 *
 * <p>Who makes a future may want them for the making, and then they are right. So of a resource it is said where the future is seen to use it; of
 * a {@code catch}, where nothing else in the {@code try} is seen to throw; of a monitor or a lock, where nothing else is done under it, or the
 * future's own code, written there, uses a field that changes.
 */
final class FutureLeavesBlock implements Lint {
    /** Those with a close that does nothing. */
    private static final Set<String> NEVER_CLOSED = Set.of(
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.CharArrayWriter",
            "java.io.StringWriter");

    private static final Set<String> LOCK_ROOMS = Set.of("java.util.concurrent.locks.", Core.PACKAGE + ".sync.");

    private static final Set<Tree.Kind> COUNTS = Set.of(
            Tree.Kind.PREFIX_INCREMENT,
            Tree.Kind.PREFIX_DECREMENT,
            Tree.Kind.POSTFIX_INCREMENT,
            Tree.Kind.POSTFIX_DECREMENT);

    private static final Set<String> UNLOCK = Set.of("unlock", "unlockWrite", "unlockRead");

    /** Exceptions that a future's code may throw, and the making of one hardly does. */
    private static final Set<String> ANY =
            Set.of("java.lang.Throwable", "java.lang.Exception", "java.lang.RuntimeException");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.RETURN);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        ExpressionTree value = ((ReturnTree) path.getLeaf()).getExpression();
        if (value == null
                || !isEnclosed(path)
                || !source.isFuture(source.trees().getTypeMirror(new TreePath(path, value)))) {
            return;
        }
        TreePath function = Functions.around(path);
        if (function != null && !source.isAsyncClosure(function)) {
            returned(new TreePath(path, value), path, function, source);
        }
    }

    /** {@return whether any of them is around it} Most returns need not be asked for their types. */
    private static boolean isEnclosed(TreePath path) {
        for (TreePath p = path.getParentPath(); !(p.getLeaf() instanceof LambdaExpressionTree); p = p.getParentPath()) {
            if (p.getLeaf() instanceof TryTree || p.getLeaf() instanceof SynchronizedTree) {
                return true;
            }
            if (p.getLeaf() instanceof MethodTree method) {
                return method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED);
            }
        }
        return false;
    }

    private static void returned(TreePath value, TreePath from, TreePath function, Analysis source) {
        switch (value.getLeaf()) {
            case ParenthesizedTree p -> returned(new TreePath(value, p.getExpression()), from, function, source);
            case ConditionalExpressionTree c -> {
                returned(new TreePath(value, c.getTrueExpression()), from, function, source);
                returned(new TreePath(value, c.getFalseExpression()), from, function, source);
            }
            default -> {
                Making making = Making.of(value, function, source);
                if (making != null) {
                    around(making, from, function, source);
                }
            }
        }
    }

    /** Looks at what is around the return, the innermost first, until something is wrong. */
    private static void around(Making making, TreePath from, TreePath function, Analysis source) {
        for (TreePath p = from; p.getLeaf() != function.getLeaf(); p = p.getParentPath()) {
            boolean found = isWrong(making, p, p.getParentPath(), source);
            if (found) {
                return;
            }
        }
        if (function.getLeaf() instanceof MethodTree method
                && method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)
                && guarded(making, new TreePath(function, method.getBody()), source)) {
            report(making, "the monitor of this synchronized method is free again before this future runs", source);
        }
    }

    /** Looks at {@code outer}, which the return leaves from its part {@code inner}. {@return whether there was something to say} */
    private static boolean isWrong(Making making, TreePath inner, TreePath outer, Analysis source) {
        if (!making.isWithin(inner)) {
            return false;
        }
        return switch (outer.getLeaf()) {
            case TryTree tree
            when tree.getBlock() == inner.getLeaf() ->
                resources(making, tree, outer, source)
                        || caught(making, tree, outer, source)
                        || lock(making, tree, outer, source);
            case SynchronizedTree tree
            when tree.getBlock() == inner.getLeaf() ->
                guarded(making, inner, source)
                        && report(
                                making,
                                "the monitor of `" + bare(tree.getExpression())
                                        + "` is free again before this future runs",
                                source);
            default -> false;
        };
    }

    private static ExpressionTree bare(ExpressionTree tree) {
        return tree instanceof ParenthesizedTree p ? p.getExpression() : tree;
    }

    // ---- resources -------------------------------------------------------------------------------------------------

    private static boolean resources(Making making, TryTree tree, TreePath path, Analysis source) {
        for (Tree resource : tree.getResources()) {
            TreePath at = new TreePath(path, resource);
            if (source.trees().getElement(at) instanceof Element variable
                    && !(source.trees().getTypeMirror(at) instanceof TypeMirror type
                            && source.isAnyOf(type, NEVER_CLOSED))
                    && making.uses(variable)) {
                String name = variable.getSimpleName().toString();
                source.report(
                        Rule.FUTURE_LEAVES_BLOCK,
                        making.value(),
                        "`" + name + "` is closed on the way out, and this future, which uses it, has not begun to run",
                        "write return async(() -> { try (" + opened(at, source) + ") { return await(" + making.spelled()
                                + "); } })");
                return true;
            }
        }
        return false;
    }

    private static String opened(TreePath resource, Analysis source) {
        return resource.getLeaf() instanceof VariableTree variable && variable.getInitializer() != null
                ? "var " + variable.getName() + " = "
                        + source.spelled(new TreePath(resource, variable.getInitializer()))
                : resource.getLeaf().toString();
    }

    // ---- catches ---------------------------------------------------------------------------------------------------

    private static boolean caught(Making making, TryTree tree, TreePath path, Analysis source) {
        if (tree.getCatches().isEmpty() || !making.isAlone(tree.getBlock(), false)) {
            return false;
        }
        boolean surely = making.neverThrows();
        if (!surely && making.mayThrow()) {
            return false;
        }
        for (CatchTree each : tree.getCatches()) {
            TreePath parameter = new TreePath(new TreePath(path, each), each.getParameter());
            TypeMirror type = source.trees()
                    .getTypeMirror(new TreePath(parameter, each.getParameter().getType()));
            Passing passing = new Passing(source, 1);
            passing.scan(new TreePath(new TreePath(path, each), each.getBlock()), null);
            if (!passing.failed && (surely || isMeantForTheFuture(type, source) && !passing.thrown)) {
                source.report(
                        Rule.FUTURE_LEAVES_BLOCK,
                        making.value(),
                        "what this future throws passes by this catch, which is over before it runs",
                        "write return async(() -> { try { return await(" + making.spelled() + "); } catch ("
                                + each.getParameter().getType() + " "
                                + each.getParameter().getName() + ") { … } })");
                return true;
            }
        }
        return false;
    }

    private static boolean isMeantForTheFuture(@Nullable TypeMirror caught, Analysis source) {
        if (caught instanceof UnionType union) {
            return union.getAlternatives().stream().allMatch(each -> isMeantForTheFuture(each, source));
        }
        return caught != null
                && (ANY.stream().anyMatch(any -> source.is(caught, any))
                        || source.isA(caught, "java.lang.RuntimeException")
                                && source.types().asElement(caught) instanceof TypeElement type
                                && !type.getQualifiedName().toString().startsWith("java."));
    }

    /** Whether a catch passes on what was thrown, by a future or a throw of its own: then it is for the making. */
    private static final class Passing extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Analysis source;
        private final int far;
        private boolean failed;
        private boolean thrown;

        Passing(Analysis source, int far) {
            this.source = source;
            this.far = far;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            ExecutableElement method = source.called(getCurrentPath());
            failed |= source.isOneOf(method, Calls.FAILED);
            if (far > 0 && Functions.body(method, source) instanceof TreePath body) {
                Passing inside = new Passing(source, far - 1);
                inside.scan(body, nothing);
                failed |= inside.failed;
                thrown |= inside.thrown;
            }
            return super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public @Nullable Void visitThrow(ThrowTree tree, @Nullable Void nothing) {
            thrown = true;
            return super.visitThrow(tree, nothing);
        }
    }

    // ---- monitors and locks ----------------------------------------------------------------------------------------

    private static boolean lock(Making making, TryTree tree, TreePath path, Analysis source) {
        if (tree.getFinallyBlock() == null) {
            return false;
        }
        TreePath cleanup = new TreePath(path, tree.getFinallyBlock());
        String lock = unlocked(cleanup, source);
        return lock != null
                && guarded(making, new TreePath(path, tree.getBlock()), source)
                && report(making, "the lock `" + lock + "` is free again before this future runs", source);
    }

    /** {@return the lock that the block unlocks, or null} */
    private static @Nullable String unlocked(TreePath block, Analysis source) {
        for (Tree each : ((BlockTree) block.getLeaf()).getStatements()) {
            if (each instanceof ExpressionStatementTree statement
                    && statement.getExpression() instanceof MethodInvocationTree call
                    && call.getMethodSelect() instanceof MemberSelectTree select
                    && UNLOCK.contains(select.getIdentifier().toString())
                    && source.called(new TreePath(new TreePath(block, each), call)) instanceof ExecutableElement method
                    && method.getEnclosingElement() instanceof TypeElement owner
                    && (source.isA(owner.asType(), LockAcrossAwait.LOCK)
                            || source.isA(owner.asType(), LockAcrossAwait.STAMPED_LOCK))) {
                return select.getExpression().toString();
            }
        }
        return null;
    }

    private static boolean guarded(Making making, TreePath block, Analysis source) {
        return making.isAlone((BlockTree) block.getLeaf(), true) || usesState(making.value(), source);
    }

    private static boolean report(Making making, String why, Analysis source) {
        source.report(
                Rule.FUTURE_LEAVES_BLOCK,
                making.value(),
                why,
                "take it inside the body, for the lines between two awaits; or use an AsyncMutex, which may be held across them:"
                        + " return async(() -> { try (var held = await(mutex.lock())) { … } })");
        return true;
    }

    /** {@return whether the future's own code, in a lambda written here, uses a field that changes, and takes no monitor or lock for it} */
    private static boolean usesState(TreePath value, Analysis source) {
        boolean[] found = {false};
        boolean[] locks = {false};
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            private int lambdas;

            @Override
            public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
                lambdas++;
                super.visitLambdaExpression(tree, nothing);
                lambdas--;
                return null;
            }

            @Override
            public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void nothing) {
                return null;
            }

            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
                locks[0] |= source.called(getCurrentPath()) instanceof ExecutableElement method
                        && method.getEnclosingElement() instanceof TypeElement owner
                        && LOCK_ROOMS.stream().anyMatch(owner.getQualifiedName().toString()::startsWith);
                return super.visitMethodInvocation(tree, nothing);
            }

            @Override
            public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                found[0] |= lambdas > 0
                        && source.trees().getElement(getCurrentPath()) instanceof Element element
                        && Making.isStateful(element)
                        && !element.getModifiers().contains(Modifier.VOLATILE)
                        && changes(element, getCurrentPath(), source);
                return null;
            }
        }.scan(value, null);
        return found[0] && !locks[0];
    }

    /** {@return whether this file assigns the field, and not only as its object is made: what is injected does not change} */
    private static boolean changes(Element field, TreePath path, Analysis source) {
        boolean[] found = {false};
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
                Set<Modifier> modifiers = tree.getModifiers().getFlags();
                return tree.getReturnType() == null
                                || tree.getName().toString().startsWith("set")
                                        && !modifiers.contains(Modifier.SYNCHRONIZED)
                        ? null
                        : super.visitMethod(tree, nothing);
            }

            @Override
            public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
                assigned(tree.getVariable());
                return super.visitAssignment(tree, nothing);
            }

            @Override
            public @Nullable Void visitCompoundAssignment(CompoundAssignmentTree tree, @Nullable Void nothing) {
                assigned(tree.getVariable());
                return super.visitCompoundAssignment(tree, nothing);
            }

            @Override
            public @Nullable Void visitUnary(UnaryTree tree, @Nullable Void nothing) {
                if (COUNTS.contains(tree.getKind())) {
                    assigned(tree.getExpression());
                }
                return super.visitUnary(tree, nothing);
            }

            private void assigned(ExpressionTree variable) {
                found[0] |= field.equals(source.trees().getElement(new TreePath(getCurrentPath(), variable)));
            }
        }.scan(new TreePath(path.getCompilationUnit()), null);
        return found[0];
    }
}
