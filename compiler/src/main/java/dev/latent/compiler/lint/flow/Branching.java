package dev.latent.compiler.lint.flow;

import com.sun.source.tree.AssertTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import dev.latent.compiler.lint.source.Analysis;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/** The part of a {@link Flow} that knows expressions and conditions, and what is known where the walk is. */
abstract class Branching<K, V> extends TreeScanner<@Nullable Void, @Nullable Void> {
    protected final Analysis source;

    /** Null where the flow never gets. */
    @Nullable
    Facts<K, V> now = new Facts<>();

    /** How many branches the walk is in. */
    int depth;

    /** A {@code TreePathScanner} would lose its place where the walk goes elsewhere in between. */
    private TreePath place;

    /** @param start what will be walked */
    Branching(Analysis source, TreePath start) {
        this.source = source;
        this.place = start;
    }

    protected final TreePath place() {
        return place;
    }

    /** Walks what stands at {@code path}. */
    public final void walk(TreePath path) {
        TreePath before = place;
        place = path;
        path.getLeaf().accept(this, null);
        place = before;
    }

    @Override
    public final @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        if (tree != null) {
            walk(child(tree));
        }
        return null;
    }

    // ---- for the rule ----------------------------------------------------------------------------------------------

    /** A call, whose receiver and arguments have been walked. */
    protected void called(TreePath call) {}

    /** The body may be suspended here: by a call, or by the close of a resource. */
    protected void suspended(TreePath at) {}

    /** A condition without operators, where it is true. */
    protected void isTrue(TreePath condition) {}

    /** A variable that is read. */
    protected void read(TreePath identifier) {}

    /** A variable, declared or assigned, that has this value from here on. */
    protected void assigned(TreePath variable, @Nullable TreePath value) {}

    /** So it is, from here on. */
    protected final void know(K key, V value) {
        if (now != null) {
            now.put(key, value);
        }
    }

    /** So it may be, from here on. */
    protected final void suspect(K key, V value) {
        if (now != null) {
            now.putMaybe(key, value, depth);
        }
    }

    /** It is not so any more. */
    protected final void forget(K key) {
        if (now != null) {
            now.remove(key);
        }
    }

    /** {@return what is known of {@code key}, or null} */
    protected final @Nullable V known(K key) {
        return now == null ? null : now.get(key, depth);
    }

    /** Puts another value for each that is known. */
    protected final void change(BiFunction<K, V, V> change) {
        if (now != null) {
            now.change(depth, change);
        }
    }

    // ---- branches --------------------------------------------------------------------------------------------------

    /** {@code method} may throw here; null where it may be anything. */
    abstract void thrown(@Nullable ExecutableElement method);

    final TreePath child(Tree tree) {
        return new TreePath(place, tree);
    }

    final @Nullable Facts<K, V> copy(@Nullable Facts<K, V> facts) {
        return facts == null ? null : facts.copy();
    }

    final @Nullable Facts<K, V> swap(@Nullable Facts<K, V> other) {
        Facts<K, V> was = now;
        now = other;
        return was;
    }

    final @Nullable Facts<K, V> either(@Nullable Facts<K, V> a, @Nullable Facts<K, V> b) {
        return Facts.join(Arrays.asList(a, b), depth);
    }

    final void branch(@Nullable Tree tree) {
        depth++;
        scan(tree, null);
        depth--;
    }

    protected final void branch(Runnable walk) {
        depth++;
        walk.run();
        depth--;
    }

    final <T extends @Nullable Object> T branch(Supplier<T> walk) {
        depth++;
        T result = walk.get();
        depth--;
        return result;
    }

    /** Walks a condition. {@return what is known when it is false}; {@link #now} is what is known when it is true. */
    final @Nullable Facts<K, V> condition(TreePath path) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> condition(new TreePath(path, p.getExpression()));
            case UnaryTree not
            when not.getKind() == Tree.Kind.LOGICAL_COMPLEMENT ->
                swap(condition(new TreePath(path, not.getExpression())));
            case BinaryTree and
            when and.getKind() == Tree.Kind.CONDITIONAL_AND -> {
                Facts<K, V> left = condition(new TreePath(path, and.getLeftOperand()));
                yield either(left, branch(() -> condition(new TreePath(path, and.getRightOperand()))));
            }
            case BinaryTree or
            when or.getKind() == Tree.Kind.CONDITIONAL_OR -> {
                Facts<K, V> left = swap(condition(new TreePath(path, or.getLeftOperand())));
                yield swap(either(left, branch(() -> swap(condition(new TreePath(path, or.getRightOperand()))))));
            }
            case LiteralTree literal when Boolean.TRUE.equals(literal.getValue()) -> null;
            case LiteralTree literal when Boolean.FALSE.equals(literal.getValue()) -> swap(null);
            default -> {
                walk(path);
                Facts<K, V> otherwise = copy(now);
                isTrue(path);
                yield otherwise;
            }
        };
    }

    @Override
    public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void nothing) {
        if (tree.getKind() == Tree.Kind.CONDITIONAL_AND || tree.getKind() == Tree.Kind.CONDITIONAL_OR) {
            Facts<K, V> otherwise = condition(place);
            now = either(now, otherwise);
            return null;
        }
        return super.visitBinary(tree, nothing);
    }

    @Override
    public @Nullable Void visitConditionalExpression(ConditionalExpressionTree tree, @Nullable Void nothing) {
        return fork(tree.getCondition(), tree.getTrueExpression(), tree.getFalseExpression());
    }

    @Override
    public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
        return fork(tree.getCondition(), tree.getThenStatement(), tree.getElseStatement());
    }

    /** The detail is for an error: nothing goes on behind it. */
    @Override
    public @Nullable Void visitAssert(AssertTree tree, @Nullable Void nothing) {
        Facts<K, V> failed = condition(child(tree.getCondition()));
        Facts<K, V> holds = swap(failed);
        branch(tree.getDetail());
        thrown(null);
        now = holds;
        return null;
    }

    private @Nullable Void fork(Tree condition, Tree yes, @Nullable Tree no) {
        Facts<K, V> otherwise = condition(child(condition));
        branch(yes);
        Facts<K, V> then = swap(otherwise);
        branch(no);
        now = either(then, now);
        return null;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        super.visitMethodInvocation(tree, nothing);
        called(place);
        if (source.suspends(place)) {
            suspended(place);
        }
        thrown(source.called(place));
        return null;
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void nothing) {
        super.visitNewClass(tree, nothing);
        thrown(source.called(place));
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        return null;
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        read(place);
        return null;
    }

    @Override
    public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
        if (!(tree.getVariable() instanceof IdentifierTree)) {
            scan(tree.getVariable(), nothing);
        }
        scan(tree.getExpression(), nothing);
        assigned(child(tree.getVariable()), child(tree.getExpression()));
        return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
        ExpressionTree value = tree.getInitializer();
        scan(value, nothing);
        assigned(place, value == null ? null : child(value));
        return null;
    }
}
