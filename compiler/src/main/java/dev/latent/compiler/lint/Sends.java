package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Calls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/**
 * Which futures are bound to a thread: a graph of the methods that return futures, with an edge where such a future holds or awaits that of
 * another method. A method is bound where its own code is, or where a bound one can be reached.
 *
 * <p>Methods of classes that javac has yet to attribute are followed as well: javac attributes such a class when it is asked for an element in
 * it. Once it has generated a class, javac has no tree of it any more, so each method is looked at no later than when its class is.
 */
final class Sends {
    /** What is known of the futures of a method by its own code. */
    private record Known(@Nullable String bound, Set<ExecutableElement> calls) {}

    private static final Known NONE = new Known(null, Set.of());

    private final Analysis source;
    private final Map<ExecutableElement, Known> facts = new HashMap<>();
    private final Map<ExecutableElement, TreePath> declared = new HashMap<>();
    private final Set<Element> searched = new HashSet<>();
    private final Set<ExecutableElement> free = new HashSet<>();

    Sends(Analysis source) {
        this.source = source;
    }

    /** {@return what binds the future that stands at {@code path}, or null where nothing is known to} */
    @Nullable
    String future(TreePath path) {
        Collected collected = new Collected();
        collected.add(path);
        return collected.bound != null ? collected.bound : reachable(collected.calls);
    }

    /** Looks at the method declared at {@code path} while there is a tree of it: {@return what binds its futures, or null} */
    @Nullable
    String method(ExecutableElement method, TreePath path) {
        declared.put(method, path);
        return reachable(Set.of(method));
    }

    /** {@return the methods whose futures the async body at {@code lambda} awaits or holds, and what binds them} */
    Map<ExecutableElement, String> awaited(TreePath lambda) {
        Collected collected = new Collected();
        collected.add(lambda);
        Map<ExecutableElement, String> bound = new HashMap<>();
        for (ExecutableElement method : collected.calls) {
            String why = reachable(Set.of(method));
            if (why != null) {
                bound.put(method, why);
            }
        }
        return bound;
    }

    /** The nearest cause along the calls. */
    private @Nullable String reachable(Set<ExecutableElement> from) {
        Set<ExecutableElement> seen = new HashSet<>(from);
        Deque<ExecutableElement> next = new ArrayDeque<>(from);
        while (!next.isEmpty()) {
            ExecutableElement method = next.remove();
            if (free.contains(method)) {
                continue;
            }
            Known known = facts(method);
            if (known.bound != null) {
                return known.bound;
            }
            for (ExecutableElement callee : known.calls) {
                if (seen.add(callee)) {
                    next.add(callee);
                }
            }
        }
        free.addAll(seen);
        return null;
    }

    private Known facts(ExecutableElement method) {
        Known known = facts.get(method);
        if (known == null) {
            String written = source.bound().declared(method);
            known = written != null ? new Known(written, Set.of()) : read(method);
            facts.put(method, known);
        }
        return known;
    }

    private Known read(ExecutableElement method) {
        if (!declared.containsKey(method)) {
            search(method);
        }
        TreePath path = declared.remove(method);
        BlockTree body = path == null ? null : ((MethodTree) path.getLeaf()).getBody();
        if (path == null || body == null) {
            return NONE;
        }
        TreePath block = new TreePath(path, body);
        source.trees().getElement(block); // has javac attribute the class, where it has not yet
        Collected collected = new Collected();
        Returned.by(block).forEach(collected::add);
        return new Known(collected.bound, collected.calls);
    }

    /** Finds all methods of a source file that return futures, once. */
    private void search(ExecutableElement method) {
        Element outermost = method;
        while (outermost != null
                && outermost.getEnclosingElement() != null
                && outermost.getEnclosingElement().getKind() != ElementKind.PACKAGE) {
            outermost = outermost.getEnclosingElement();
        }
        if (outermost == null || !searched.add(outermost)) {
            return;
        }
        TreePath type = source.declaration(outermost);
        if (type == null) {
            return;
        }
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
                if (source.trees().getElement(getCurrentPath()) instanceof ExecutableElement m
                        && source.isFuture(m.getReturnType())
                        && !facts.containsKey(m)) {
                    declared.put(m, getCurrentPath());
                }
                return null;
            }
        }.scan(type, null);
    }

    /** What the value of an expression may hold. */
    private final class Collected {
        private final Set<ExecutableElement> calls = new LinkedHashSet<>();

        /** A variable may be made of itself, which javac refuses beside. */
        private final Set<Tree> seen = new HashSet<>();

        private @Nullable String bound;

        void add(TreePath path) {
            switch (path.getLeaf()) {
                case ParenthesizedTree p -> add(new TreePath(path, p.getExpression()));
                case TypeCastTree c -> add(new TreePath(path, c.getExpression()));
                case AssignmentTree a -> add(new TreePath(path, a.getExpression()));
                case ConditionalExpressionTree c -> {
                    add(new TreePath(path, c.getTrueExpression()));
                    add(new TreePath(path, c.getFalseExpression()));
                }
                case IdentifierTree _ -> {
                    TreePath initializer = initializer(path);
                    if (initializer != null && seen.add(initializer.getLeaf())) {
                        add(initializer);
                    }
                }
                case LambdaExpressionTree _ -> {
                    if (source.isAsyncClosure(path)) {
                        body(path);
                    }
                }
                case MethodInvocationTree call -> call(call, path);
                default -> type(path);
            }
        }

        private void body(TreePath lambda) {
            List<TreePath> awaited = new ArrayList<>();
            String own = BoundBody.look(lambda, source, awaited);
            if (bound == null) {
                bound = own;
            }
            awaited.forEach(this::add);
        }

        private void call(MethodInvocationTree call, TreePath path) {
            ExecutableElement method = source.called(path);
            if (method == null) {
                return;
            }
            if (source.isOfOne(method, Calls.COMBINATORS) || source.isOneOf(method, Calls.WRAP)) {
                if (!Calls.TAKE_NO_FUTURE.has(method.getSimpleName())) {
                    for (ExpressionTree argument : call.getArguments()) {
                        add(new TreePath(path, argument));
                    }
                }
            } else if (source.isFuture(method.getReturnType())) {
                calls.add(method);
                type(path);
            }
        }

        /** A future of a class of one's own may be bound by its type. */
        private void type(TreePath path) {
            if (bound == null
                    && source.bound().is(source.trees().getTypeMirror(path))
                    && source.isFuture(source.trees().getTypeMirror(path))) {
                bound = "its type " + source.trees().getTypeMirror(path) + " is bound to a thread";
            }
        }
    }

    // ---- local variables --------------------------------------------------------------------------------------------

    /** {@return what a local variable that nothing else is assigned to was made with, or null} */
    private @Nullable TreePath initializer(TreePath identifier) {
        Element variable = source.trees().getElement(identifier);
        if (variable == null
                || variable.getKind() != ElementKind.LOCAL_VARIABLE
                        && variable.getKind() != ElementKind.RESOURCE_VARIABLE) {
            return null;
        }
        TreePath scope = identifier;
        while (scope.getParentPath() != null && !(scope.getLeaf() instanceof MethodTree) && !inClass(scope)) {
            scope = scope.getParentPath();
        }
        Declaration declaration = new Declaration(variable);
        declaration.scan(scope, null);
        return declaration.assigned ? null : declaration.initializer;
    }

    private boolean inClass(TreePath path) {
        return path.getParentPath().getLeaf() instanceof ClassTree;
    }

    private final class Declaration extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Element variable;
        private @Nullable TreePath initializer;
        private boolean assigned;

        Declaration(Element variable) {
            this.variable = variable;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            if (tree.getInitializer() != null && variable.equals(source.trees().getElement(getCurrentPath()))) {
                initializer = new TreePath(getCurrentPath(), tree.getInitializer());
            }
            return super.visitVariable(tree, nothing);
        }

        @Override
        public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
            assigned |= isVariable(tree.getVariable());
            return super.visitAssignment(tree, nothing);
        }

        @Override
        public @Nullable Void visitCompoundAssignment(CompoundAssignmentTree tree, @Nullable Void nothing) {
            assigned |= isVariable(tree.getVariable());
            return super.visitCompoundAssignment(tree, nothing);
        }

        private boolean isVariable(Tree tree) {
            return tree instanceof IdentifierTree
                    && variable.equals(source.trees().getElement(new TreePath(getCurrentPath(), tree)));
        }
    }
}
