package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Loops;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.List;
import java.util.stream.IntStream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** {@link Rule#RECREATED_IN_SELECT}: of what a method marked {@code @NotCancelSafe} makes. */
final class RecreatedInSelect implements CallsInBodies {
    private static final List<String> PATTERNS = List.of(
            Core.simple(Core.FIRST), Core.simple(Core.SECOND), Core.simple(Core.THIRD), Core.simple(Core.FOURTH));

    @Override
    public void check(TreePath path, Analysis source) {
        if (!source.calls(path, Calls.SELECT) || Loops.around(path) == null) {
            return;
        }
        List<? extends ExpressionTree> branches = ((MethodInvocationTree) path.getLeaf()).getArguments();
        for (int i = 0; i < branches.size(); i++) {
            String lossy = lossy(new TreePath(path, branches.get(i)), source);
            if (lossy != null && !endsWhenLosing(path, i)) {
                source.report(
                        Rule.RECREATED_IN_SELECT,
                        new TreePath(path, branches.get(i)),
                        "each time it loses, this branch is dropped and made anew, and " + lossy
                                + " then loses what it has done",
                        "make it once before the loop: try (var work = pin(…)) { … select(work, …) … }");
            }
        }
    }

    /** {@return the method by which what stands at {@code path} would lose something, or null} */
    private static @Nullable String lossy(TreePath path, Analysis source) {
        if (!(path.getLeaf() instanceof MethodInvocationTree call)
                || !(source.called(path) instanceof ExecutableElement method)) {
            return null;
        }
        String name = method.getSimpleName().toString();
        if (method.getAnnotationMirrors().stream()
                .anyMatch(a -> ((TypeElement) a.getAnnotationType().asElement())
                        .getQualifiedName()
                        .contentEquals(Core.NOT_CANCEL_SAFE))) {
            return name;
        }
        // The arguments of a combinator are as safe as what it makes of them.
        if (Calls.KEEP.has(name)
                || !(method.getEnclosingElement() instanceof TypeElement owner)
                || !Calls.COMBINATORS.contains(owner.getQualifiedName().toString())) {
            return null;
        }
        for (ExpressionTree argument : call.getArguments()) {
            String inner = lossy(new TreePath(path, argument), source);
            if (inner != null) {
                return inner;
            }
        }
        return null;
    }

    /** {@return whether all that happens when another branch wins leaves the loop, or may do so} */
    private static boolean endsWhenLosing(TreePath select, int branch) {
        TreePath p = select.getParentPath();
        while (p.getLeaf() instanceof MethodInvocationTree || p.getLeaf() instanceof ParenthesizedTree) {
            p = p.getParentPath();
        }
        String winner = PATTERNS.get(Math.min(branch, PATTERNS.size() - 1));
        List<? extends CaseTree> cases =
                switch (p.getLeaf()) {
                    case SwitchTree s -> s.getCases();
                    case SwitchExpressionTree s -> s.getCases();
                    default -> List.of();
                };
        return cases.isEmpty()
                ? armsThrow(((MethodInvocationTree) select.getLeaf()).getArguments(), branch)
                        || !(p.getLeaf() instanceof ExpressionStatementTree) && leavesAfter(p, Loops.around(select))
                : cases.stream().allMatch(c -> isOf(c, winner) || leaves(c));
    }

    /** {@return whether the handlers of all other branches end by a throw} */
    private static boolean armsThrow(List<? extends ExpressionTree> branches, int branch) {
        return IntStream.range(0, branches.size())
                .filter(i -> i != branch)
                .allMatch(i -> branches.get(i) instanceof MethodInvocationTree on
                        && on.getArguments().getLast() instanceof LambdaExpressionTree handler
                        && last(handler.getBody()) instanceof ThrowTree);
    }

    /** {@return whether the loop may be left by what is done with the winner: a return, a throw or a break behind the select} */
    private static boolean leavesAfter(TreePath statement, @Nullable TreePath loop) {
        boolean[] behind = {false};
        return loop != null
                && Boolean.TRUE.equals(
                        new TreeScanner<@Nullable Boolean, @Nullable Void>() {
                            @Override
                            public @Nullable Boolean scan(@Nullable Tree tree, @Nullable Void nothing) {
                                Boolean leaves = behind[0]
                                                && (tree instanceof BreakTree
                                                        || tree instanceof ReturnTree
                                                        || tree instanceof ThrowTree)
                                        || Boolean.TRUE.equals(super.scan(tree, nothing));
                                behind[0] |= tree == statement.getLeaf();
                                return leaves;
                            }

                            @Override
                            public @Nullable Boolean reduce(@Nullable Boolean a, @Nullable Boolean b) {
                                return Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b);
                            }

                            @Override
                            public @Nullable Boolean visitLambdaExpression(
                                    LambdaExpressionTree tree, @Nullable Void nothing) {
                                return false;
                            }
                        }.scan(loop.getLeaf(), null));
    }

    private static boolean isOf(CaseTree tree, String pattern) {
        return tree.getLabels().stream()
                .anyMatch(label -> label instanceof PatternCaseLabelTree p
                        && p.getPattern() instanceof DeconstructionPatternTree d
                        && d.getDeconstructor().toString().equals(pattern));
    }

    private static boolean leaves(CaseTree tree) {
        Tree last = tree.getBody() == null
                        && tree.getStatements() != null
                        && !tree.getStatements().isEmpty()
                ? tree.getStatements().getLast()
                : last(tree.getBody());
        return last instanceof ReturnTree
                || last instanceof ThrowTree
                || last instanceof BreakTree leave && leave.getLabel() != null;
    }

    private static @Nullable Tree last(@Nullable Tree body) {
        return body instanceof BlockTree block && !block.getStatements().isEmpty()
                ? block.getStatements().getLast()
                : body;
    }
}
