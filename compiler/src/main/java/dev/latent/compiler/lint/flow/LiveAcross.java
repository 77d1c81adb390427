package dev.latent.compiler.lint.flow;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LabeledStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.flow.LiveGraph.Node;
import dev.latent.compiler.lint.source.Analysis;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/**
 * Which variables live across which await of a body, by any way at all: a graph of its reads, writes and awaits in the order in which control
 * comes to them, and the classic backward dataflow over it. {@link Flow} believes what is likely; this is to agree with what the
 * weaver will keep in the frame.
 *
 * <p>A {@code finally} stands in the graph once for each way out, as it does in javac's own code, so that no way leads in by one and out by
 * another. Whatever is in a {@code try} may throw to each of its catches and beyond, as the exception table has it.
 */
public final class LiveAcross extends TreePathScanner<@Nullable Void, @Nullable Void> {
    /** A variable that may be read after an await before it is written. */
    public record Across(Element variable, TreePath await) {}

    private final Analysis source;
    private final LiveGraph graph;

    private LiveAcross(Analysis source, Set<Element> variables) {
        this.source = source;
        this.graph = new LiveGraph(variables);
    }

    /** {@return which of {@code variables} live across an await of the body {@code lambda}, in the order of the source} */
    public static List<Across> across(TreePath lambda, Set<Element> variables, Analysis source) {
        LiveAcross flow = new LiveAcross(source, variables);
        flow.scan(new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody()), null);
        return flow.graph.solve();
    }

    private void part(TreePath of, @Nullable Tree tree) {
        if (tree != null) {
            scan(new TreePath(of, tree), null);
        }
    }

    private @Nullable Element element(TreePath of, Tree tree) {
        return source.trees().getElement(new TreePath(of, tree));
    }

    // ---- statements ------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
        branch(tree.getCondition(), tree.getThenStatement(), tree.getElseStatement());
        return null;
    }

    private void branch(Tree condition, Tree then, @Nullable Tree otherwise) {
        scan(condition, null);
        Node test = graph.here();
        scan(then, null);
        Node out = graph.join();
        graph.leadsTo(out);
        graph.from(test);
        scan(otherwise, null);
        graph.go(out);
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
        Node head = graph.go(graph.join());
        Node out = graph.join();
        test(tree.getCondition(), out);
        graph.inside(tree, out, head, () -> scan(tree.getStatement(), null));
        graph.leadsTo(head);
        graph.from(out);
        return null;
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
        Node head = graph.go(graph.join());
        Node again = graph.join();
        Node out = graph.join();
        graph.inside(tree, out, again, () -> scan(tree.getStatement(), null));
        graph.go(again);
        test(tree.getCondition(), out);
        graph.leadsTo(head);
        graph.from(out);
        return null;
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getInitializer(), null);
        Node head = graph.go(graph.join());
        Node again = graph.join();
        Node out = graph.join();
        if (tree.getCondition() != null) {
            test(tree.getCondition(), out);
        }
        graph.inside(tree, out, again, () -> scan(tree.getStatement(), null));
        graph.go(again);
        scan(tree.getUpdate(), null);
        graph.leadsTo(head);
        graph.from(out);
        return null;
    }

    private void test(ExpressionTree condition, Node otherwise) {
        scan(condition, null);
        ExpressionTree bare = condition;
        while (bare instanceof ParenthesizedTree p) {
            bare = p.getExpression();
        }
        if (!(bare instanceof LiteralTree literal && Boolean.TRUE.equals(literal.getValue()))) {
            graph.leadsTo(otherwise);
        }
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), null);
        Node head = graph.go(graph.join());
        Node out = graph.join();
        head.leadsTo(out);
        graph.write(element(getCurrentPath(), tree.getVariable()));
        graph.inside(tree, out, head, () -> scan(tree.getStatement(), null));
        graph.leadsTo(head);
        graph.from(out);
        return null;
    }

    @Override
    public @Nullable Void visitLabeledStatement(LabeledStatementTree tree, @Nullable Void nothing) {
        Node out = graph.join();
        graph.inside(tree, out, null, () -> scan(tree.getStatement(), null));
        graph.go(out);
        return null;
    }

    @Override
    public @Nullable Void visitBreak(BreakTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        LiveGraph.Around to = graph.find(a -> a.breaks() != null
                && (a.tree() instanceof LabeledStatementTree labelled
                        ? labelled.getLabel().equals(label)
                        : label == null));
        if (to != null && to.breaks() != null) {
            graph.leave(to, to.breaks());
        }
        return null;
    }

    @Override
    public @Nullable Void visitContinue(ContinueTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        LiveGraph.Around labelled = label == null
                ? null
                : graph.find(a -> a.tree() instanceof LabeledStatementTree l
                        && l.getLabel().equals(label));
        Tree loop = labelled != null && labelled.tree() instanceof LabeledStatementTree l ? l.getStatement() : null;
        LiveGraph.Around to = graph.find(a -> a.continues() != null && (loop == null || a.tree() == loop));
        if (to != null && to.continues() != null) {
            graph.leave(to, to.continues());
        }
        return null;
    }

    @Override
    public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
        scan(tree.getValue(), null);
        LiveGraph.Around to = graph.find(a -> a.tree() instanceof SwitchExpressionTree);
        if (to != null && to.breaks() != null) {
            graph.leave(to, to.breaks());
        }
        return null;
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
        super.visitReturn(tree, nothing);
        graph.leave(null, graph.end);
        return null;
    }

    @Override
    public @Nullable Void visitThrow(ThrowTree tree, @Nullable Void nothing) {
        super.visitThrow(tree, nothing);
        graph.go(graph.join());
        graph.unreachable();
        return null;
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
        boolean exhaustive = tree.getCases().stream()
                .flatMap(c -> c.getLabels().stream())
                .anyMatch(l -> l instanceof DefaultCaseLabelTree || l instanceof PatternCaseLabelTree);
        cases(tree, tree.getExpression(), tree.getCases(), exhaustive);
        return null;
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
        cases(tree, tree.getExpression(), tree.getCases(), true);
        return null;
    }

    private void cases(Tree tree, ExpressionTree selector, List<? extends CaseTree> cases, boolean exhaustive) {
        TreePath path = getCurrentPath();
        scan(selector, null);
        Node choice = graph.go(graph.join());
        Node out = graph.join();
        graph.unreachable();
        graph.inside(tree, out, null, () -> {
            for (CaseTree each : cases) {
                TreePath here = new TreePath(path, each);
                Node entry = graph.join();
                choice.leadsTo(entry);
                graph.go(entry);
                each.getLabels().forEach(label -> part(here, label));
                if (each.getGuard() != null) {
                    part(here, each.getGuard());
                    graph.leadsTo(choice);
                }
                if (each.getStatements() != null) {
                    each.getStatements().forEach(s -> part(here, s));
                } else {
                    part(here, each.getBody());
                    graph.leadsTo(out);
                    graph.unreachable();
                }
            }
        });
        graph.go(out);
        if (!exhaustive) {
            choice.leadsTo(out);
        }
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        Runnable last = tree.getFinallyBlock() == null ? null : () -> part(path, tree.getFinallyBlock());
        List<Runnable> catches = tree.getCatches().stream()
                .<Runnable>map(each -> () -> {
                    TreePath here = new TreePath(path, each);
                    graph.write(element(here, each.getParameter()));
                    part(here, each.getBlock());
                })
                .toList();
        graph.guarded(() -> resources(path, tree, 0), catches, last);
        return null;
    }

    private void resources(TreePath path, TryTree tree, int from) {
        if (from == tree.getResources().size()) {
            part(path, tree.getBlock());
            return;
        }
        TreePath resource = new TreePath(path, tree.getResources().get(from));
        scan(resource, null);
        graph.guarded(() -> resources(path, tree, from + 1), List.of(), () -> {
            graph.read(source.trees().getElement(resource));
            if (source.isAsyncCloseable(resource)) {
                graph.await(resource);
            }
        });
    }

    // ---- expressions -----------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitConditionalExpression(ConditionalExpressionTree tree, @Nullable Void nothing) {
        branch(tree.getCondition(), tree.getTrueExpression(), tree.getFalseExpression());
        return null;
    }

    @Override
    public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void nothing) {
        if (tree.getKind() == Tree.Kind.CONDITIONAL_AND || tree.getKind() == Tree.Kind.CONDITIONAL_OR) {
            branch(tree.getLeftOperand(), tree.getRightOperand(), null);
            return null;
        }
        return super.visitBinary(tree, nothing);
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
        Element to = element(getCurrentPath(), tree.getVariable());
        if (!graph.has(to)) {
            return super.visitAssignment(tree, nothing);
        }
        scan(tree.getExpression(), null);
        graph.write(to);
        return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
        super.visitVariable(tree, nothing);
        if (tree.getInitializer() != null) {
            graph.write(source.trees().getElement(getCurrentPath()));
        }
        return null;
    }

    @Override
    public @Nullable Void visitBindingPattern(BindingPatternTree tree, @Nullable Void nothing) {
        graph.write(element(getCurrentPath(), tree.getVariable()));
        return null;
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        graph.read(source.trees().getElement(getCurrentPath()));
        return null;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        super.visitMethodInvocation(tree, nothing);
        if (source.suspends(getCurrentPath())) {
            graph.await(getCurrentPath());
        }
        return null;
    }

    /** What it captures is read where it is made. */
    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        captures(getCurrentPath());
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        captures(getCurrentPath());
        return null;
    }

    private void captures(TreePath nested) {
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                graph.read(source.trees().getElement(getCurrentPath()));
                return null;
            }
        }.scan(nested, null);
    }
}
