package dev.latent.compiler.lint.flow;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
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
import dev.latent.compiler.lint.source.Analysis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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

    private record Node(
            @Nullable Element read,
            @Nullable Element write,
            @Nullable TreePath await,
            Set<Node> next,
            Set<Element> live) {
        static Node of(@Nullable Element read, @Nullable Element write, @Nullable TreePath await) {
            return new Node(read, write, await, new HashSet<>(), new HashSet<>());
        }

        @Override
        public boolean equals(@Nullable Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * What surrounds a place.
     *
     * @param tree what a jump may name: a loop, a switch or a labelled statement
     * @param thrown where an exception goes
     * @param cleanup what every way out passes, the exception's too
     */
    private record Around(
            @Nullable Around outer,
            @Nullable Tree tree,
            @Nullable Node breaks,
            @Nullable Node continues,
            List<Node> thrown,
            @Nullable Runnable cleanup) {}

    private final Analysis source;
    private final Set<Element> variables;
    private final List<Node> nodes = new ArrayList<>();
    private final Node end = node(null, null, null);
    private Node at = node(null, null, null);
    private @Nullable Around around;

    private LiveAcross(Analysis source, Set<Element> variables) {
        this.source = source;
        this.variables = variables;
    }

    /** {@return which of {@code variables} live across an await of the body {@code lambda}, in the order of the source} */
    public static List<Across> across(TreePath lambda, Set<Element> variables, Analysis source) {
        LiveAcross flow = new LiveAcross(source, variables);
        flow.scan(new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody()), null);
        return flow.solve();
    }

    private List<Across> solve() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Node node : nodes.reversed()) {
                Set<Element> live = after(node);
                live.remove(node.write);
                if (node.read != null) {
                    live.add(node.read);
                }
                changed |= node.live.addAll(live);
            }
        }
        List<Across> found = new ArrayList<>();
        for (Node node : nodes) {
            if (node.await != null) {
                after(node).forEach(v -> found.add(new Across(v, node.await)));
            }
        }
        return found;
    }

    private static Set<Element> after(Node node) {
        Set<Element> live = new HashSet<>();
        node.next.forEach(n -> live.addAll(n.live));
        return live;
    }

    // ---- the graph
    // ----------------------------------------------------------------------------------------------------

    private Node node(@Nullable Element read, @Nullable Element write, @Nullable TreePath await) {
        Node node = Node.of(read, write, await);
        nodes.add(node);
        return node;
    }

    private Node join() {
        return node(null, null, null);
    }

    /** Control comes to {@code next}, and may leave it by an exception. */
    private Node go(Node next) {
        at.next.add(next);
        for (Around a = around; a != null; a = a.outer) {
            next.next.addAll(a.thrown);
            if (a.cleanup != null) {
                break;
            }
        }
        at = next;
        return next;
    }

    private void read(@Nullable Element variable) {
        if (variable != null && variables.contains(variable)) {
            go(node(variable, null, null));
        }
    }

    private void write(@Nullable Element variable) {
        if (variable != null && variables.contains(variable)) {
            go(node(null, variable, null));
        }
    }

    private void unreachable() {
        at = join();
    }

    private void leave(@Nullable Around until, Node to) {
        Around here = around;
        for (Around a = here; a != null && a != until; a = a.outer) {
            if (a.cleanup != null) {
                around = a.outer;
                a.cleanup.run();
            }
        }
        at.next.add(to);
        around = here;
        unreachable();
    }

    private @Nullable Around find(Predicate<Around> wanted) {
        Around a = around;
        while (a != null && !wanted.test(a)) {
            a = a.outer;
        }
        return a;
    }

    private void inside(Tree tree, Node breaks, @Nullable Node continues, Runnable body) {
        Around outer = around;
        around = new Around(outer, tree, breaks, continues, List.of(), null);
        body.run();
        around = outer;
    }

    private void part(TreePath of, @Nullable Tree tree) {
        if (tree != null) {
            scan(new TreePath(of, tree), null);
        }
    }

    private @Nullable Element element(TreePath of, Tree tree) {
        return source.trees().getElement(new TreePath(of, tree));
    }

    // ---- statements
    // ---------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
        branch(tree.getCondition(), tree.getThenStatement(), tree.getElseStatement());
        return null;
    }

    private void branch(Tree condition, Tree then, @Nullable Tree otherwise) {
        scan(condition, null);
        Node test = at;
        scan(then, null);
        Node out = join();
        at.next.add(out);
        at = test;
        scan(otherwise, null);
        go(out);
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
        Node head = go(join());
        Node out = join();
        test(tree.getCondition(), out);
        inside(tree, out, head, () -> scan(tree.getStatement(), null));
        at.next.add(head);
        at = out;
        return null;
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
        Node head = go(join());
        Node again = join();
        Node out = join();
        inside(tree, out, again, () -> scan(tree.getStatement(), null));
        go(again);
        test(tree.getCondition(), out);
        at.next.add(head);
        at = out;
        return null;
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getInitializer(), null);
        Node head = go(join());
        Node again = join();
        Node out = join();
        if (tree.getCondition() != null) {
            test(tree.getCondition(), out);
        }
        inside(tree, out, again, () -> scan(tree.getStatement(), null));
        go(again);
        scan(tree.getUpdate(), null);
        at.next.add(head);
        at = out;
        return null;
    }

    private void test(ExpressionTree condition, Node otherwise) {
        scan(condition, null);
        ExpressionTree bare = condition;
        while (bare instanceof ParenthesizedTree p) {
            bare = p.getExpression();
        }
        if (!(bare instanceof LiteralTree literal && Boolean.TRUE.equals(literal.getValue()))) {
            at.next.add(otherwise);
        }
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getExpression(), null);
        Node head = go(join());
        Node out = join();
        head.next.add(out);
        write(element(getCurrentPath(), tree.getVariable()));
        inside(tree, out, head, () -> scan(tree.getStatement(), null));
        at.next.add(head);
        at = out;
        return null;
    }

    @Override
    public @Nullable Void visitLabeledStatement(LabeledStatementTree tree, @Nullable Void nothing) {
        Node out = join();
        inside(tree, out, null, () -> scan(tree.getStatement(), null));
        go(out);
        return null;
    }

    @Override
    public @Nullable Void visitBreak(BreakTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        Around to = find(a -> a.breaks != null
                && (a.tree instanceof LabeledStatementTree labelled
                        ? labelled.getLabel().equals(label)
                        : label == null));
        if (to != null && to.breaks != null) {
            leave(to, to.breaks);
        }
        return null;
    }

    @Override
    public @Nullable Void visitContinue(ContinueTree tree, @Nullable Void nothing) {
        Name label = tree.getLabel();
        Around labelled = label == null
                ? null
                : find(a ->
                        a.tree instanceof LabeledStatementTree l && l.getLabel().equals(label));
        Tree loop = labelled != null && labelled.tree instanceof LabeledStatementTree l ? l.getStatement() : null;
        Around to = find(a -> a.continues != null && (loop == null || a.tree == loop));
        if (to != null && to.continues != null) {
            leave(to, to.continues);
        }
        return null;
    }

    @Override
    public @Nullable Void visitYield(YieldTree tree, @Nullable Void nothing) {
        scan(tree.getValue(), null);
        Around to = find(a -> a.tree instanceof SwitchExpressionTree);
        if (to != null && to.breaks != null) {
            leave(to, to.breaks);
        }
        return null;
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
        super.visitReturn(tree, nothing);
        leave(null, end);
        return null;
    }

    @Override
    public @Nullable Void visitThrow(ThrowTree tree, @Nullable Void nothing) {
        super.visitThrow(tree, nothing);
        go(join());
        unreachable();
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
        Node choice = go(join());
        Node out = join();
        unreachable();
        inside(tree, out, null, () -> {
            for (CaseTree each : cases) {
                TreePath here = new TreePath(path, each);
                Node entry = join();
                choice.next.add(entry);
                go(entry);
                each.getLabels().forEach(label -> part(here, label));
                if (each.getGuard() != null) {
                    part(here, each.getGuard());
                    at.next.add(choice);
                }
                if (each.getStatements() != null) {
                    each.getStatements().forEach(s -> part(here, s));
                } else {
                    part(here, each.getBody());
                    at.next.add(out);
                    unreachable();
                }
            }
        });
        go(out);
        if (!exhaustive) {
            choice.next.add(out);
        }
    }

    @Override
    public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        Runnable last = tree.getFinallyBlock() == null ? null : () -> part(path, tree.getFinallyBlock());
        guarded(path, () -> resources(path, tree, 0), tree.getCatches(), last);
        return null;
    }

    private void resources(TreePath path, TryTree tree, int from) {
        if (from == tree.getResources().size()) {
            part(path, tree.getBlock());
            return;
        }
        TreePath resource = new TreePath(path, tree.getResources().get(from));
        scan(resource, null);
        guarded(path, () -> resources(path, tree, from + 1), List.of(), () -> {
            read(source.trees().getElement(resource));
            if (source.isAsyncCloseable(resource)) {
                go(node(null, null, resource));
            }
        });
    }

    private void guarded(TreePath path, Runnable body, List<? extends CatchTree> catches, @Nullable Runnable cleanup) {
        Around outer = around;
        Node thrown = join();
        Node out = join();
        if (cleanup != null) {
            around = new Around(outer, null, null, null, List.of(thrown), cleanup);
        }
        Around cleaned = around;
        List<Node> handlers = catches.stream().map(c -> join()).toList();
        around = new Around(cleaned, null, null, null, handlers, null);
        go(join());
        body.run();
        around = cleaned;
        at.next.add(out);
        for (int k = 0; k < handlers.size(); k++) {
            at = handlers.get(k);
            TreePath here = new TreePath(path, catches.get(k));
            write(element(here, catches.get(k).getParameter()));
            part(here, catches.get(k).getBlock());
            at.next.add(out);
        }
        around = outer;
        if (cleanup != null) {
            at = thrown;
            cleanup.run();
            go(join());
            at = out;
            cleanup.run();
        } else {
            at = out;
        }
    }

    // ---- expressions
    // --------------------------------------------------------------------------------------------------

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
        if (to == null || !variables.contains(to)) {
            return super.visitAssignment(tree, nothing);
        }
        scan(tree.getExpression(), null);
        write(to);
        return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
        super.visitVariable(tree, nothing);
        if (tree.getInitializer() != null) {
            write(source.trees().getElement(getCurrentPath()));
        }
        return null;
    }

    @Override
    public @Nullable Void visitBindingPattern(BindingPatternTree tree, @Nullable Void nothing) {
        write(element(getCurrentPath(), tree.getVariable()));
        return null;
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        read(source.trees().getElement(getCurrentPath()));
        return null;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        super.visitMethodInvocation(tree, nothing);
        if (source.suspends(getCurrentPath())) {
            go(node(null, null, getCurrentPath()));
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
                read(source.trees().getElement(getCurrentPath()));
                return null;
            }
        }.scan(nested, null);
    }
}
