package dev.latent.compiler.lint.flow;

import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.lint.source.Analysis;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Flow} that knows the ways out: jumps, which run the cleanups that they leave, and exceptions. A {@code catch} begins
 * with what holds wherever a call or a {@code throw} of its {@code try} stands; a {@code finally} is walked once for each way to get there.
 */
abstract class Leaving<K, V> extends Branching<K, V> {
    /** Of methods that most likely never return. */
    private static final Pattern NEVER_RETURNS =
            Pattern.compile("(exit|halt|die|fail|panic|abort|crash|unreachable|((re|sneaky)?[tT]hrow))(\\p{Lu}.*)?");

    /** What stands around the place where the walk is, the innermost first. */
    private Deque<Scope<K, V>> scopes = new ArrayDeque<>();

    sealed interface Scope<K, V> {}

    /** What a jump leads to. */
    record Target<K, V>(
            Tree tree, @Nullable Name label, List<@Nullable Facts<K, V>> ends, List<@Nullable Facts<K, V>> turns)
            implements Scope<K, V> {
        boolean isLoop() {
            return switch (tree.getKind()) {
                case WHILE_LOOP, DO_WHILE_LOOP, FOR_LOOP, ENHANCED_FOR_LOOP -> true;
                default -> false;
            };
        }
    }

    /** Where exceptions arrive. */
    private record Attempt<K, V>(Thrown<K, V> thrown) implements Scope<K, V> {}

    /** What whoever leaves has to run. */
    private record Cleanup<K, V>(Runnable run) implements Scope<K, V> {}

    Leaving(Analysis source, TreePath start) {
        super(source, start);
    }

    /** What a method or body returns. */
    protected void returned(TreePath value) {}

    // ---- what jumps lead to -----------------------------------------------------------------------------------------

    /** Enters the statement here, with the label that stands before it. */
    final Target<K, V> enter() {
        Tree parent = place().getParentPath().getLeaf();
        return enter(parent instanceof LabeledStatementTree labeled ? labeled.getLabel() : null);
    }

    private Target<K, V> enter(@Nullable Name label) {
        Target<K, V> target = new Target<>(place().getLeaf(), label, new ArrayList<>(), new ArrayList<>());
        scopes.push(target);
        return target;
    }

    /** The end of what {@link #enter} has entered, where all that leads there comes together. */
    final @Nullable Void leave(Target<K, V> target) {
        scopes.pop();
        now = Facts.join(target.ends, depth);
        return null;
    }

    @Override
    public @Nullable Void visitLabeledStatement(LabeledStatementTree tree, @Nullable Void nothing) {
        Target<K, V> target = enter(tree.getLabel());
        scan(tree.getStatement(), nothing);
        if (now != null || target.ends.isEmpty()) {
            target.ends.add(now);
        }
        return leave(target);
    }

    /** Walks a body of its own: no jump and no exception leads out of it. */
    final void apart(Tree body) {
        Facts<K, V> before = copy(now);
        Deque<Scope<K, V>> around = scopes;
        scopes = new ArrayDeque<>();
        branch(body);
        scopes = around;
        now = before;
    }

    // ---- jumps ------------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitBreak(BreakTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        return jump(t -> label == null ? t.isLoop() || t.tree instanceof SwitchTree : label.equals(t.label), false);
    }

    @Override
    public @Nullable Void visitContinue(ContinueTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        return jump(t -> t.isLoop() && (label == null || label.equals(t.label)), true);
    }

    @Override
    public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
        scan(tree.getValue(), nothing);
        return jump(t -> t.tree instanceof SwitchExpressionTree, false);
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), nothing);
        if (tree.getExpression() != null) {
            returned(child(tree.getExpression()));
        }
        return jump(_ -> false, false);
    }

    @Override
    public @Nullable Void visitThrow(ThrowTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), nothing);
        thrown(null);
        now = null;
        return null;
    }

    /** The way ends at a call that most likely throws or exits. */
    @Override
    public @Nullable Void visitExpressionStatement(ExpressionStatementTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), nothing);
        if (tree.getExpression() instanceof MethodInvocationTree call
                && source.called(child(call)) instanceof ExecutableElement method
                && NEVER_RETURNS.matcher(method.getSimpleName()).matches()) {
            now = null;
        }
        return null;
    }

    /** Runs the cleanups on the way out to where the jump leads, each in its own surroundings. */
    private @Nullable Void jump(Predicate<Target<K, V>> isMeant, boolean again) {
        Deque<Scope<K, V>> from = scopes;
        scopes = new ArrayDeque<>(from);
        while (now != null && !scopes.isEmpty()) {
            Scope<K, V> scope = scopes.pop();
            if (scope instanceof Cleanup<K, V>(Runnable run)) {
                run.run();
            } else if (scope instanceof Target<K, V> target && isMeant.test(target)) {
                (again ? target.turns : target.ends).add(now);
                break;
            }
        }
        scopes = from;
        now = null;
        return null;
    }

    // ---- exceptions -------------------------------------------------------------------------------------------------

    @Override
    final void thrown(@Nullable ExecutableElement method) {
        Facts<K, V> facts = now;
        if (facts != null) {
            attempted().ifPresent(t -> t.add(facts, method));
        }
    }

    private Optional<Thrown<K, V>> attempted() {
        for (Scope<K, V> scope : scopes) {
            if (scope instanceof Attempt<K, V>(Thrown<K, V> thrown)) {
                return Optional.of(thrown);
            }
        }
        return Optional.empty();
    }

    /** {@return what is thrown in a walk} */
    private Thrown<K, V> attempt(Runnable walk) {
        Thrown<K, V> thrown = new Thrown<>();
        scopes.push(new Attempt<>(thrown));
        walk.run();
        scopes.pop();
        return thrown;
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        if (tree.getFinallyBlock() == null) {
            tryAndCatch(tree);
            return null;
        }
        TreePath cleanup = child(tree.getFinallyBlock());
        guarded(() -> tryAndCatch(tree), () -> walk(cleanup));
        return null;
    }

    /**
     * Walks {@code body}, and then what has to be run on every way out of it. What is known on one of these ways is not believed in the branches of
     * {@code cleanup}, nor what they do after it: they may be there to tell the ways apart.
     */
    protected final void guarded(Runnable body, Runnable always) {
        Runnable cleanup = () -> {
            Facts<K, V> before = copy(now);
            if (now != null) {
                now.weaken(depth);
            }
            always.run();
            if (now != null && before != null) {
                now.strengthen(before);
            }
        };
        scopes.push(new Cleanup<>(cleanup));
        Thrown<K, V> thrown = attempt(body);
        scopes.pop();
        Facts<K, V> ended = swap(thrown.facts(depth));
        depth++;
        cleanup.run();
        depth--;
        thrown(null);
        now = ended;
        cleanup.run();
    }

    private void tryAndCatch(TryTree tree) {
        Thrown<K, V> thrown = attempt(() -> tryAndClose(tree));
        List<@Nullable Facts<K, V>> ends = new ArrayList<>();
        ends.add(now);
        for (CatchTree each : tree.getCatches()) {
            now = thrown.facts(depth, source.trees().getTypeMirror(caught(each)), source);
            branch(each);
            ends.add(now);
        }
        now = Facts.join(ends, depth);
        attempted().ifPresent(t -> t.addAll(thrown));
    }

    private TreePath caught(CatchTree tree) {
        TreePath parameter = new TreePath(child(tree), tree.getParameter());
        return new TreePath(parameter, tree.getParameter().getType());
    }

    private void tryAndClose(TryTree tree) {
        TreePath path = place();
        Runnable close = () -> {
            for (Tree resource : tree.getResources().reversed()) {
                if (source.isAsyncCloseable(new TreePath(path, resource))) {
                    suspended(new TreePath(path, resource));
                }
            }
            thrown(null);
        };
        scan(tree.getResources(), null);
        scopes.push(new Cleanup<>(close));
        scan(tree.getBlock(), null);
        scopes.pop();
        if (!tree.getResources().isEmpty()) {
            close.run();
        }
    }
}
