package dev.latent.compiler.lint.flow;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.lint.source.Analysis;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a body in the order in which it runs, and carries along what is known on the way; what is interesting a
 * subclass says.
 *
 * <p>Branches are walked one after the other from the same facts, which come together behind them. A loop is walked twice, the second
 * time from where the first turn ended: what a turn leaves for the next one shows then, and these rules need no more. In that
 * second turn, inner loops are walked once, as their own next turn has been seen in the first. No second turn is walked where
 * the first may have seen to it, by a {@linkplain Flags flag} or a count, that it does something else, or never comes.
 */
public abstract class Flow<K, V> extends Leaving<K, V> {
    private final Map<Tree, Boolean> hasFlags = new IdentityHashMap<>();

    /** Whether the walk is in the second turn of a loop. */
    private boolean again;

    protected Flow(Analysis source, TreePath start) {
        super(source, start);
    }

    /** {@return whether to look into this lambda too, with what is known where it is made} */
    protected boolean enters(TreePath lambda) {
        return false;
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        if (enters(place())) {
            apart(tree.getBody());
        }
        return null;
    }

    // ---- loops -----------------------------------------------------------------------------------------------------

    /** Walks the turns of the loop here. {@return whether there was just one} */
    private boolean turns(Runnable turn) {
        boolean once = again || hasFlags.computeIfAbsent(place().getLeaf(), _ -> Flags.in(place(), source));
        turn.run();
        if (!once) {
            again = true;
            turn.run();
            again = false;
        }
        return once;
    }

    /** Walks one turn to its end, where every {@code continue} leads too, and {@code update}. */
    private void turn(Target<K, V> loop, Tree body, List<? extends Tree> update) {
        branch(body);
        loop.turns().add(now);
        now = Facts.join(loop.turns(), depth);
        loop.turns().clear();
        update.forEach(this::branch);
    }

    /** What not every path says is not believed in another turn. */
    private void turned() {
        if (now != null) {
            now.sure();
        }
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
        Target<K, V> loop = enter();
        boolean once = turns(() -> {
            if (condition != null) {
                loop.ends().add(condition(child(condition)));
            }
            turn(loop, body, update);
            turned();
        });
        if (once && loop.ends().stream().anyMatch(Objects::nonNull)) {
            loop.ends().add(now);
        }
        return leave(loop);
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
        Target<K, V> loop = enter();
        turns(() -> {
            turn(loop, tree.getStatement(), List.of());
            loop.ends().add(condition(child(tree.getCondition())));
            turned();
        });
        return leave(loop);
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), nothing);
        Target<K, V> loop = enter();
        boolean once = turns(() -> {
            loop.ends().add(copy(now));
            branch(tree.getVariable());
            turn(loop, tree.getStatement(), List.of());
            turned();
        });
        if (once) {
            loop.ends().add(now);
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
        Target<K, V> target = enter();
        Facts<K, V> chosen = now;
        now = null;
        boolean all = exhaustive;
        for (CaseTree each : cases) {
            all |= each.getLabels().stream().anyMatch(DefaultCaseLabelTree.class::isInstance);
            depth++;
            now = now == null ? copy(chosen) : either(chosen, now);
            int jumps = target.ends().size();
            scan(each, null);
            depth--;
            boolean last = each.getCaseKind() == CaseTree.CaseKind.RULE || each == cases.getLast();
            if (last && (now != null || target.ends().size() == jumps)) {
                target.ends().add(now);
            }
            if (last) {
                now = null;
            }
        }
        if (!all) {
            target.ends().add(chosen);
        }
        return leave(target);
    }
}
