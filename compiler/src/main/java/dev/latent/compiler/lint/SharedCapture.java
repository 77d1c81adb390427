package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Loops;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#SHARED_CAPTURE}, in {@code spawn(async(() -> …))}: a local variable that is seen to be made an unsynchronised mutable
 * object, which the spawned body uses, and which is used again where nothing can have waited for that body yet: after the spawn
 * without an await between, or by the body that the next turn of a loop spawns. One of the uses has to be seen to change it.
 */
final class SharedCapture implements CallsInBodies {
    private static final Set<String> UNSYNCHRONISED = Set.of(
            "java.lang.StringBuilder",
            "java.text.SimpleDateFormat",
            "java.util.ArrayDeque",
            "java.util.ArrayList",
            "java.util.BitSet",
            "java.util.EnumMap",
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.IdentityHashMap",
            "java.util.LinkedHashMap",
            "java.util.LinkedHashSet",
            "java.util.LinkedList",
            "java.util.PriorityQueue",
            "java.util.StringJoiner",
            "java.util.TreeMap",
            "java.util.TreeSet",
            "java.util.WeakHashMap");

    @Override
    public void check(TreePath spawn, Analysis source) {
        TreePath body = spawned(spawn, source);
        TreePath function = body == null ? null : function(spawn);
        if (body == null || function == null || onOneThread(spawn, source)) {
            return;
        }
        VariableUses uses = VariableUses.in(function, source);
        if (uses.takesLock()) {
            return;
        }
        for (Element variable : uses.variables()) {
            TreePath made = declaration(variable, function, source);
            if (made != null && unsynchronised(made, source) instanceof String type) {
                check(variable, made, type, body, spawn, uses, source);
            }
        }
    }

    private static void check(
            Element variable,
            TreePath declaration,
            String type,
            TreePath body,
            TreePath spawn,
            VariableUses uses,
            Analysis source) {
        List<VariableUses.Use> inside =
                uses.of(variable).stream().filter(u -> u.isRightIn(body)).toList();
        if (inside.isEmpty()) {
            return;
        }
        boolean changes = inside.stream().anyMatch(VariableUses.Use::changes);
        TreePath loop = Loops.around(spawn);
        String elsewhere = null;
        if (loop != null
                && changes
                && !Loops.contains(loop, declaration)
                && (isLetGo(spawn) || !uses.mayWaitBetween(source.start(loop), source.end(loop)))) {
            elsewhere = "the task that another turn of the loop spawns";
        } else {
            long end = source.end(spawn);
            Tree bound = spawn.getParentPath().getParentPath().getLeaf();
            for (VariableUses.Use use : uses.of(variable)) {
                if (use.start() > end
                        && runsHere(use, spawn, source)
                        && (changes || use.changes())
                        && !(bound instanceof TryTree t && use.start() > source.end(new TreePath(spawn, t.getBlock())))
                        && !uses.mayWaitBetween(end, use.start())) {
                    elsewhere = "line " + use.line();
                    break;
                }
            }
        }
        if (elsewhere != null) {
            source.report(
                    Rule.SHARED_CAPTURE,
                    inside.getFirst().path(),
                    variable.getSimpleName() + ", an unsynchronised " + type
                            + ", is used by this task, and perhaps at the same time by " + elsewhere,
                    "let the task return what it has and await its handle, or share what is made for threads");
        }
    }

    /** {@return whether {@code use} stands in the same function as {@code spawn}, or in a body that this function spawns too} */
    private static boolean runsHere(VariableUses.Use use, TreePath spawn, Analysis source) {
        TreePath here = Objects.requireNonNull(function(spawn));
        TreePath async = use.function().getParentPath();
        return use.isRightIn(here)
                || async.getParentPath().getLeaf() instanceof MethodInvocationTree
                        && spawned(async.getParentPath(), source) instanceof TreePath other
                        && use.isRightIn(other)
                        && function(async.getParentPath()) instanceof TreePath there
                        && there.getLeaf() == here.getLeaf();
    }

    /** {@return the lambda in {@code spawn(async(lambda))}, or null} */
    private static @Nullable TreePath spawned(TreePath call, Analysis source) {
        ExecutableElement method = source.called(call);
        if (method == null
                || !Calls.SPAWN.has(method.getSimpleName())
                || !(method.getEnclosingElement() instanceof TypeElement owner)
                || !(owner.getQualifiedName().contentEquals(Core.ASYNC)
                        || source.isA(owner.asType(), Core.SPAWNER)
                        || source.isA(owner.asType(), Core.SCOPE))) {
            return null;
        }
        List<? extends Tree> arguments = ((MethodInvocationTree) call.getLeaf()).getArguments();
        return arguments.size() == 1
                        && arguments.getFirst() instanceof MethodInvocationTree async
                        && source.calls(new TreePath(call, async), Calls.ASYNC)
                        && async.getArguments().getFirst() instanceof LambdaExpressionTree lambda
                ? new TreePath(new TreePath(call, async), lambda)
                : null;
    }

    /** {@return the innermost lambda or method around} */
    private static @Nullable TreePath function(TreePath path) {
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree || p.getLeaf() instanceof MethodTree) {
                return p;
            }
            if (p.getLeaf() instanceof ClassTree) {
                return null;
            }
        }
        return null;
    }

    private static boolean onOneThread(TreePath path, Analysis source) {
        for (TreePath p = path; p != null && !(p.getLeaf() instanceof ClassTree); p = p.getParentPath()) {
            if (p.getLeaf() instanceof MethodInvocationTree call) {
                ExecutableElement method = source.called(p);
                Tree receiver =
                        call.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
                if (method != null
                                && method.getEnclosingElement() instanceof TypeElement owner
                                && Calls.ONE_THREAD.contains(
                                        owner.getQualifiedName().toString())
                        || receiver != null
                                && source.isA(
                                        source.trees()
                                                .getTypeMirror(new TreePath(
                                                        new TreePath(p, call.getMethodSelect()), receiver)),
                                        Core.LOCAL_EXECUTOR)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@return whether nobody can await the handle: the spawn is a statement, or is followed by {@code .detach()}} */
    private static boolean isLetGo(TreePath spawn) {
        Tree parent = spawn.getParentPath().getLeaf();
        return parent instanceof ExpressionStatementTree
                || parent instanceof MemberSelectTree select && Calls.DETACH.has(select.getIdentifier());
    }

    /** {@return where the local variable is declared, which may be further out than {@code function}} */
    private static @Nullable TreePath declaration(Element variable, TreePath function, Analysis source) {
        for (TreePath p = function; p != null && !(p.getLeaf() instanceof ClassTree); p = p.getParentPath()) {
            TreePath found = VariableUses.declaration(variable, p, source);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** {@return the type's name, where the variable is declared with a new object of one of the types, or null} */
    private static @Nullable String unsynchronised(TreePath declaration, Analysis source) {
        VariableTree variable = (VariableTree) declaration.getLeaf();
        return switch (variable.getInitializer()) {
            case NewClassTree made
            when made.getClassBody() == null ->
                source.called(new TreePath(declaration, made)) instanceof ExecutableElement constructor
                                && constructor.getEnclosingElement() instanceof TypeElement type
                                && UNSYNCHRONISED.contains(
                                        type.getQualifiedName().toString())
                        ? type.getSimpleName().toString()
                        : null;
            case NewArrayTree _ -> "array";
            case null, default -> null;
        };
    }
}
