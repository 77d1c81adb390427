package dev.latent.compiler.lint.flow;

import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Calls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * Where a lambda or method touches what local variables hold, by a call, an index or a loop over it, in the order of the source; and where
 * it may wait in between: at an await, and in code that is not async at any call of which it is not known that it does not.
 */
public final class VariableUses extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private static final Pattern CHANGES = Pattern.compile(
            "(add|append|clear|compute|delete|insert|merge|offer|poll|pop|push|put|remove|replace|retain|reverse|set|sort)(\\p{Lu}.*)?");
    private static final Set<String> LOCKS = Set.of("lock", "tryLock", "lockInterruptibly");

    /** One of them, outside of any synchronized block, in the innermost lambda or method {@code function}. */
    public record Use(TreePath path, TreePath function, long start, long line, boolean changes) {
        public boolean isRightIn(TreePath outer) {
            return function.getLeaf() == outer.getLeaf();
        }
    }

    private final Analysis source;
    private final Map<Element, List<Use>> uses = new LinkedHashMap<>();
    private final List<Long> waits = new ArrayList<>();
    private final TreePath outermost;
    private final boolean async;
    private TreePath function;
    private boolean takesLock;
    private int monitors;

    private VariableUses(TreePath function, Analysis source) {
        this.outermost = function;
        this.function = function;
        this.async = source.isAsyncClosure(function);
        this.source = source;
    }

    public static VariableUses in(TreePath function, Analysis source) {
        VariableUses uses = new VariableUses(function, source);
        uses.scan(function, null);
        return uses;
    }

    public Set<Element> variables() {
        return uses.keySet();
    }

    public List<Use> of(Element variable) {
        return uses.getOrDefault(variable, List.of());
    }

    /** {@return whether a lock is taken anywhere, which may guard anything} */
    public boolean takesLock() {
        return takesLock;
    }

    public boolean mayWaitBetween(long from, long to) {
        return waits.stream().anyMatch(at -> from <= at && at <= to);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        Element element = source.trees().getElement(getCurrentPath());
        if (element != null && element.getKind() == ElementKind.LOCAL_VARIABLE && monitors == 0 && touches()) {
            uses.computeIfAbsent(element, e -> new ArrayList<>())
                    .add(new Use(
                            getCurrentPath(),
                            function,
                            source.start(getCurrentPath()),
                            source.line(getCurrentPath()),
                            changes()));
        }
        return null;
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        TreePath outer = function;
        function = getCurrentPath();
        super.visitLambdaExpression(tree, nothing);
        function = outer;
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        return null;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        ExecutableElement method = source.called(getCurrentPath());
        if (method != null
                && function.getLeaf() == outermost.getLeaf()
                && (async ? source.suspends(getCurrentPath()) : !isKnownNotToWait(method))) {
            waits.add(source.start(getCurrentPath()));
        }
        takesLock |= method != null && LOCKS.contains(method.getSimpleName().toString());
        return super.visitMethodInvocation(tree, nothing);
    }

    private static boolean isKnownNotToWait(ExecutableElement method) {
        return Calls.START.has(method.getSimpleName())
                || method.getEnclosingElement() instanceof TypeElement owner
                        && owner.getQualifiedName().toString().matches("java\\.(lang|util)\\.\\w+")
                        && !owner.getQualifiedName().contentEquals("java.lang.Thread");
    }

    @Override
    public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void nothing) {
        monitors++;
        super.visitSynchronized(tree, nothing);
        monitors--;
        return null;
    }

    private Tree parent(int levels) {
        TreePath path = getCurrentPath();
        for (int i = 0; i < levels; i++) {
            path = path.getParentPath();
        }
        return path.getLeaf();
    }

    private boolean touches() {
        return switch (parent(1)) {
            case MemberSelectTree _ -> true;
            case ArrayAccessTree access -> access.getExpression() == parent(0);
            case EnhancedForLoopTree loop -> loop.getExpression() == parent(0);
            default -> false;
        };
    }

    /** {@return whether the object is seen to change: {@code x.add(…)}, {@code x[i] = …}, {@code x[i]++}} */
    private boolean changes() {
        return switch (parent(2)) {
            case MethodInvocationTree call ->
                call.getMethodSelect() instanceof MemberSelectTree select
                        && select == parent(1)
                        && CHANGES.matcher(select.getIdentifier()).matches();
            case AssignmentTree a -> a.getVariable() == parent(1) && parent(1) instanceof ArrayAccessTree;
            case CompoundAssignmentTree a -> a.getVariable() == parent(1) && parent(1) instanceof ArrayAccessTree;
            case UnaryTree u ->
                parent(1) instanceof ArrayAccessTree
                        && (u.getKind() == Tree.Kind.PREFIX_INCREMENT
                                || u.getKind() == Tree.Kind.PREFIX_DECREMENT
                                || u.getKind() == Tree.Kind.POSTFIX_INCREMENT
                                || u.getKind() == Tree.Kind.POSTFIX_DECREMENT);
            default -> false;
        };
    }

    /** {@return where in {@code function} the local variable is declared, or null} */
    public static @Nullable TreePath declaration(Element variable, TreePath function, Analysis source) {
        List<TreePath> found = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
                if (variable.equals(source.trees().getElement(getCurrentPath()))) {
                    found.add(getCurrentPath());
                }
                return found.isEmpty() ? super.visitVariable(tree, nothing) : null;
            }
        }.scan(function, null);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** {@return what the variable is declared with in {@code function}, or null} */
    public static @Nullable TreePath initializer(Element variable, TreePath function, Analysis source) {
        return declaration(variable, function, source) instanceof TreePath declared
                        && ((VariableTree) declared.getLeaf()).getInitializer() instanceof ExpressionTree value
                ? new TreePath(declared, value)
                : null;
    }
}
