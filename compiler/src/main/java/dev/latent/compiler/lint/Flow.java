package dev.latent.compiler.lint;

import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a body in the order in which it runs, and carries along what is known on the way; what is interesting a
 * subclass says.
 *
 * <p>Branches are walked one after the other from the same facts, which come together behind them. A loop is walked twice, the second
 * time from where the first turn ended: what a turn leaves for the next one shows then, and these rules need no more. Jumps run the cleanups
 * that they leave. A {@code catch} begins with what holds wherever a call or a {@code throw} of its {@code try} stands; a
 * {@code finally} is walked once for each way to get there.
 */
abstract class Flow<K, V> extends Branching<K, V> {
    /** What stands around the place where the walk is, the innermost first. */
    private Deque<Scope<K, V>> scopes = new ArrayDeque<>();

    private sealed interface Scope<K, V> {}

    /** What a jump leads to. */
    private record Target<K, V>(
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

    Flow(Analysis source, TreePath start) {
        super(source, start);
    }

    /** What a method or body returns. */
    void returned(TreePath value) {}

    /** {@return whether to look into this lambda too, with what is known where it is made} */
    boolean enters(TreePath lambda) {
        return false;
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        if (enters(place())) {
            Facts<K, V> made = copy(now);
            Deque<Scope<K, V>> around = scopes;
            scopes = new ArrayDeque<>();
            branch(tree.getBody());
            scopes = around;
            now = made;
        }
        return null;
    }

    // ---- loops -----------------------------------------------------------------------------------------------------

    private Target<K, V> target() {
        Tree tree = place().getLeaf();
        Tree parent = place().getParentPath().getLeaf();
        return enter(tree, parent instanceof LabeledStatementTree labeled ? labeled.getLabel() : null);
    }

    private Target<K, V> enter(Tree tree, @Nullable Name label) {
        Target<K, V> target = new Target<>(tree, label, new ArrayList<>(), new ArrayList<>());
        scopes.push(target);
        return target;
    }

    /** The end of a turn, where every {@code continue} leads too. */
    private void turn(Target<K, V> loop, Tree body) {
        branch(body);
        loop.turns.add(now);
        now = Facts.join(loop.turns, depth);
        loop.turns.clear();
    }

    private void again() {
        if (now != null) {
            now.sure();
        }
    }

    private @Nullable Void leave(Target<K, V> target) {
        scopes.pop();
        now = Facts.join(target.ends, depth);
        return null;
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
        return loop(tree.getCondition(), tree.getStatement(), List.of());
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getInitializer(), nothing);
        return loop(tree.getCondition(), tree.getStatement(), tree.getUpdate());
    }

    private @Nullable Void loop(@Nullable Tree condition, Tree body, List<? extends Tree> update) {
        Target<K, V> loop = target();
        for (int i = 0; i < 2; i++) {
            if (condition != null) {
                loop.ends.add(condition(child(condition)));
            }
            turn(loop, body);
            depth++;
            scan(update, null);
            depth--;
            again();
        }
        return leave(loop);
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
        Target<K, V> loop = target();
        for (int i = 0; i < 2; i++) {
            turn(loop, tree.getStatement());
            loop.ends.add(condition(child(tree.getCondition())));
            again();
        }
        return leave(loop);
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), nothing);
        Target<K, V> loop = target();
        for (int i = 0; i < 2; i++) {
            loop.ends.add(copy(now));
            branch(tree.getVariable());
            turn(loop, tree.getStatement());
            again();
        }
        return leave(loop);
    }

    // ---- switches --------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
        return cases(tree.getExpression(), tree.getCases(), false);
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
        return cases(tree.getExpression(), tree.getCases(), true);
    }

    private @Nullable Void cases(ExpressionTree selector, List<? extends CaseTree> cases, boolean exhaustive) {
        scan(selector, null);
        Target<K, V> target = target();
        Facts<K, V> chosen = now;
        now = null;
        boolean all = exhaustive;
        for (CaseTree each : cases) {
            all |= each.getLabels().stream().anyMatch(DefaultCaseLabelTree.class::isInstance);
            depth++;
            now = now == null ? copy(chosen) : either(chosen, now);
            int jumps = target.ends.size();
            scan(each, null);
            depth--;
            boolean last = each.getCaseKind() == CaseTree.CaseKind.RULE || each == cases.getLast();
            if (last && (now != null || target.ends.size() == jumps)) {
                target.ends.add(now);
            }
            if (last) {
                now = null;
            }
        }
        if (!all) {
            target.ends.add(chosen);
        }
        return leave(target);
    }

    // ---- jumps and exceptions --------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitLabeledStatement(LabeledStatementTree tree, @Nullable Void nothing) {
        Target<K, V> target = enter(tree, tree.getLabel());
        scan(tree.getStatement(), nothing);
        if (now != null || target.ends.isEmpty()) {
            target.ends.add(now);
        }
        return leave(target);
    }

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

    /** Walks {@code body}, and then what has to be run on every way out of it. */
    final void guarded(Runnable body, Runnable cleanup) {
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
