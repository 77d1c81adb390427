package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Receivers;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#GUARD_NOT_CLOSED} and {@link Rule#SENDER_NOT_CLOSED}: what {@code await(mutex.lock())} or {@code channel.newSender()} gives is used
 * by calls that leave it open, and for nothing else. Whatever else is done with it may be what closes it.
 */
final class NotClosed implements Lint {
    private static final Set<String> OF_OBJECT = Set.of("toString", "hashCode", "equals");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.VARIABLE, Tree.Kind.EXPRESSION_STATEMENT, Tree.Kind.MEMBER_SELECT);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case VariableTree variable
            when variable.getInitializer() != null && isLocal(path) ->
                local(path, new TreePath(path, variable.getInitializer()), source);
            case ExpressionStatementTree statement -> nameless(new TreePath(path, statement.getExpression()), source);
            case MemberSelectTree select
            when path.getParentPath().getLeaf() instanceof MethodInvocationTree call
                    && call.getMethodSelect() == select -> {
                TreePath given = new TreePath(path, select.getExpression());
                if (keeps(given, select.getIdentifier(), source)) {
                    nameless(given, source);
                }
            }
            default -> {}
        }
    }

    /** A resource of a try has another parent. */
    private static boolean isLocal(TreePath variable) {
        Tree parent = variable.getParentPath().getLeaf();
        return parent instanceof BlockTree || parent instanceof CaseTree;
    }

    private static void local(TreePath variable, TreePath value, Analysis source) {
        if (!(source.trees().getElement(variable) instanceof Element local)) {
            return;
        }
        TreePath parent = variable.getParentPath();
        // A variable of an old-style case is known in the cases after it.
        TreePath scope = parent.getLeaf() instanceof CaseTree ? parent.getParentPath() : parent;
        if (isLent(value, source)) {
            if (Receivers.only(local, scope, name -> keeps(value, name, source), source)) {
                guard(value, nameOf(local), source);
            }
        } else if (isOtherReleasable(value, source)) {
            if (Receivers.count(local, scope, name -> false, source) == 0) {
                guard(value, nameOf(local), source);
            }
        } else if (isSender(value, source)
                && Receivers.only(local, scope, name -> keeps(value, name, source), source)
                && endsBySenders(value, source)) {
            sender(value, nameOf(local), source);
        }
    }

    private static void nameless(TreePath value, Analysis source) {
        if (isLent(value, source)) {
            guard(value, null, source);
        } else if (isSender(value, source) && endsBySenders(value, source)) {
            sender(value, null, source);
        }
    }

    private static @Nullable String nameOf(Element local) {
        return local.getSimpleName().isEmpty() ? null : local.getSimpleName().toString();
    }

    private static void guard(TreePath value, @Nullable String name, Analysis source) {
        source.report(
                Rule.GUARD_NOT_CLOSED,
                value,
                (name == null ? "what this gives" : name) + " is never closed, so whoever waits for it waits for ever",
                "write try (var " + (name == null ? "guard" : name) + " = " + source.spelled(value) + ") { … }");
    }

    private static void sender(TreePath value, @Nullable String name, Analysis source) {
        source.report(
                Rule.SENDER_NOT_CLOSED,
                value,
                (name == null ? "this sender" : name)
                        + " is never closed, so the channel's receiver never sees the end",
                "write try (" + (name == null ? "var tx = " + source.spelled(value) : name)
                        + ") { … } around what sends by it, in the body of the task that does");
    }

    // ---- what is given ----------------------------------------------------------------------------------------------

    /** {@return whether {@code path} waits for a guard, permits of a semaphore, or places in a channel} */
    private static boolean isLent(TreePath path, Analysis source) {
        TreePath value = bare(path);
        return (isAwait(value, source) || isBlocking(value, source))
                && source.isAnyOf(source.trees().getTypeMirror(value), Calls.KEEP_LENT.types());
    }

    /** {@return whether {@code path} awaits what has to be closed for another reason} */
    private static boolean isOtherReleasable(TreePath path, Analysis source) {
        TreePath value = bare(path);
        TypeMirror type = source.trees().getTypeMirror(value);
        return isAwait(value, source)
                && source.isA(type, Core.RELEASABLE)
                && !source.isAnyOf(type, Set.of(Core.ASYNC_CLOSEABLE, Core.SOURCE, Core.SENDER));
    }

    private static boolean isAwait(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MethodInvocationTree
                && source.calls(path, Calls.AWAIT)
                && source.asyncBody(path) != null;
    }

    private static boolean isBlocking(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MethodInvocationTree
                && source.called(path) instanceof ExecutableElement method
                && method.getSimpleName().toString().endsWith("Blocking");
    }

    private static boolean isSender(TreePath path, Analysis source) {
        TreePath value = bare(path);
        return value.getLeaf() instanceof MethodInvocationTree
                && source.called(value) instanceof ExecutableElement method
                && Calls.NEW_SENDER.has(method.getSimpleName())
                && source.isA(method.getReturnType(), Core.SENDER);
    }

    private static TreePath bare(TreePath path) {
        TreePath bare = path;
        while (bare.getLeaf() instanceof ParenthesizedTree p) {
            bare = new TreePath(bare, p.getExpression());
        }
        return bare;
    }

    /** {@return whether a call of {@code method} leaves open what {@code value} gives} */
    private static boolean keeps(TreePath value, Name method, Analysis source) {
        return OF_OBJECT.contains(method.toString())
                || (isSender(value, source) ? Calls.KEEP_SENDING : Calls.KEEP_LENT).has(method);
    }

    /** {@return whether the channel of the new sender is a local variable that nobody else has, and that nobody closes} */
    private static boolean endsBySenders(TreePath newSender, Analysis source) {
        TreePath call = bare(newSender);
        if (!(((MethodInvocationTree) call.getLeaf()).getMethodSelect() instanceof MemberSelectTree select)
                || !(select.getExpression() instanceof IdentifierTree channel)) {
            return false;
        }
        Element variable = source.trees().getElement(new TreePath(new TreePath(call, select), channel));
        if (variable == null || variable.getKind() != ElementKind.LOCAL_VARIABLE) {
            return false;
        }
        TreePath scope = call;
        while (!(scope.getLeaf() instanceof MethodTree)
                && !(scope.getParentPath().getLeaf() instanceof ClassTree)) {
            scope = scope.getParentPath();
        }
        return Receivers.only(variable, scope, name -> !name.contentEquals("close"), source);
    }
}
