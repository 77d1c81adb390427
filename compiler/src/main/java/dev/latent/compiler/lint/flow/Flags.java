package dev.latent.compiler.lint.flow;

import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import org.jspecify.annotations.Nullable;

/**
 * Whether a loop has flags: conditions on what its earlier turns may have changed. {@code while (!done) { …; done = true; }} has only one
 * turn, and {@code if (first) { …; first = false; }} does a thing in one turn only. Whoever would know that would have to run the program;
 * so what a turn leaves for the next one says nothing where there are flags.
 *
 * <p>The count of a {@code for} is no flag of it, nor is what a condition assigns itself, as in {@code while ((line = read()) != null)}.
 */
final class Flags extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Analysis source;
    private final Set<Element> declared = new HashSet<>();
    private final Set<Element> asked = new HashSet<>();
    private final Set<Element> changed = new HashSet<>();
    private boolean asksMethods;
    private boolean callsMethods;
    private boolean inCondition;

    private Flags(Analysis source) {
        this.source = source;
    }

    /** {@return whether the loop at {@code path} has flags, or counts to one} */
    static boolean in(TreePath path, Analysis source) {
        Flags flags = new Flags(source);
        switch (path.getLeaf()) {
            case ForLoopTree loop -> {
                flags.scan(new TreePath(path, loop.getStatement()), null);
                Set<Element> inside = Set.copyOf(flags.asked);
                if (loop.getCondition() instanceof Tree condition) {
                    flags.asking(() -> flags.scan(new TreePath(path, condition), null));
                }
                if (flags.found() || countsToOne(loop)) {
                    return true;
                }
                loop.getUpdate().forEach(update -> flags.scan(new TreePath(path, update), null));
                flags.asked.retainAll(inside);
            }
            case EnhancedForLoopTree loop -> flags.scan(new TreePath(path, loop.getStatement()), null);
            default -> flags.scan(path, null);
        }
        return flags.found();
    }

    private boolean found() {
        asked.removeAll(declared);
        return asksMethods && (callsMethods || changed.stream().anyMatch(e -> e.getKind() == ElementKind.FIELD))
                || callsMethods && asked.stream().anyMatch(Flags::isState)
                || !Collections.disjoint(asked, changed);
    }

    private static boolean isState(Element variable) {
        return variable.getKind() == ElementKind.FIELD
                && !variable.getModifiers().contains(Modifier.FINAL);
    }

    private static boolean countsToOne(ForLoopTree loop) {
        return loop.getInitializer().size() == 1
                && loop.getInitializer().getFirst() instanceof VariableTree count
                && loop.getCondition() instanceof BinaryTree until
                && number(count.getInitializer()) instanceof Integer from
                && number(until.getRightOperand()) instanceof Integer to
                && (until.getKind() == Tree.Kind.LESS_THAN && from + 1 >= to
                        || until.getKind() == Tree.Kind.LESS_THAN_EQUAL && from >= to);
    }

    private static @Nullable Object number(@Nullable ExpressionTree tree) {
        return tree instanceof LiteralTree literal ? literal.getValue() : null;
    }

    // ---- what is asked ----------------------------------------------------------------------------------------------

    private void condition(@Nullable Tree condition) {
        asking(() -> scan(condition, null));
    }

    private void asking(Runnable condition) {
        boolean outer = inCondition;
        inCondition = true;
        condition.run();
        inCondition = outer;
    }

    @Override
    public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
        condition(tree.getCondition());
        scan(tree.getThenStatement(), nothing);
        return scan(tree.getElseStatement(), nothing);
    }

    @Override
    public @Nullable Void visitConditionalExpression(ConditionalExpressionTree tree, @Nullable Void nothing) {
        condition(tree.getCondition());
        scan(tree.getTrueExpression(), nothing);
        return scan(tree.getFalseExpression(), nothing);
    }

    @Override
    public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void nothing) {
        if (tree.getKind() == Tree.Kind.CONDITIONAL_AND || tree.getKind() == Tree.Kind.CONDITIONAL_OR) {
            condition(tree.getLeftOperand());
            return scan(tree.getRightOperand(), nothing);
        }
        return super.visitBinary(tree, nothing);
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
        condition(tree.getCondition());
        return scan(tree.getStatement(), nothing);
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
        condition(tree.getCondition());
        return scan(tree.getStatement(), nothing);
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
        scan(tree.getInitializer(), nothing);
        condition(tree.getCondition());
        scan(tree.getUpdate(), nothing);
        return scan(tree.getStatement(), nothing);
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
        condition(tree.getExpression());
        return scan(tree.getCases(), nothing);
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
        condition(tree.getExpression());
        return scan(tree.getCases(), nothing);
    }

    @Override
    public @Nullable Void visitCase(CaseTree tree, @Nullable Void nothing) {
        scan(tree.getLabels(), nothing);
        condition(tree.getGuard());
        scan(tree.getStatements(), nothing);
        return scan(tree.getBody(), nothing);
    }

    /** A variable that is a condition by another name. */
    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
        Element variable = source.trees().getElement(getCurrentPath());
        if (variable != null) {
            declared.add(variable);
            if (variable.asType().getKind() == TypeKind.BOOLEAN) {
                condition(tree.getInitializer());
                return null;
            }
        }
        return super.visitVariable(tree, nothing);
    }

    // ---- what is changed --------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
        if (!inCondition) {
            changes(tree.getVariable());
        }
        return scan(tree.getExpression(), nothing);
    }

    @Override
    public @Nullable Void visitCompoundAssignment(CompoundAssignmentTree tree, @Nullable Void nothing) {
        changes(tree.getVariable());
        return super.visitCompoundAssignment(tree, nothing);
    }

    @Override
    public @Nullable Void visitUnary(UnaryTree tree, @Nullable Void nothing) {
        switch (tree.getKind()) {
            case PREFIX_INCREMENT, PREFIX_DECREMENT, POSTFIX_INCREMENT, POSTFIX_DECREMENT ->
                changes(tree.getExpression());
            default -> {}
        }
        return super.visitUnary(tree, nothing);
    }

    private void changes(ExpressionTree target) {
        Tree tree = target;
        TreePath path = new TreePath(getCurrentPath(), tree);
        while (tree instanceof ArrayAccessTree || tree instanceof ParenthesizedTree) {
            tree = tree instanceof ArrayAccessTree a ? a.getExpression() : ((ParenthesizedTree) tree).getExpression();
            path = new TreePath(path, tree);
        }
        if (source.trees().getElement(path) instanceof Element variable) {
            changed.add(variable);
        }
    }

    // ---- what may be either -----------------------------------------------------------------------------------------

    /** What an await gives is new in each turn, whatever it was made of. */
    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        if (source.calls(getCurrentPath(), Calls.AWAIT)) {
            boolean outer = inCondition;
            inCondition = false;
            scan(tree.getArguments(), nothing);
            inCondition = outer;
            return null;
        }
        if (isOfThisObject(tree) && !source.isFuture(source.trees().getTypeMirror(getCurrentPath()))) {
            asksMethods |= inCondition && tree.getArguments().isEmpty();
            callsMethods |= !inCondition;
        }
        return super.visitMethodInvocation(tree, nothing);
    }

    private static boolean isOfThisObject(MethodInvocationTree call) {
        return switch (call.getMethodSelect()) {
            case IdentifierTree _ -> true;
            case MemberSelectTree select -> select.getExpression().toString().equals("this");
            default -> false;
        };
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        mentioned();
        return null;
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
        mentioned();
        return super.visitMemberSelect(tree, nothing);
    }

    /** An object that is mentioned outside of any condition may have been changed there. */
    private void mentioned() {
        if (source.trees().getElement(getCurrentPath()) instanceof VariableElement variable) {
            if (inCondition) {
                asked.add(variable);
            } else if (isMutable(variable)) {
                changed.add(variable);
            }
        }
    }

    private static boolean isMutable(VariableElement variable) {
        return !variable.asType().getKind().isPrimitive()
                && !variable.asType().toString().startsWith("java.lang.")
                && !variable.asType().toString().startsWith(Core.FUTURE);
    }
}
