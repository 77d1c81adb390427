package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Where the futures of lists and fields went, in one method: each is known to be gone from where it was taken. */
final class KeptFutures extends Flow<Element, TreePath> {
    /** Calls that leave a list as it is. */
    private static final Set<String> LEAVE =
            Set.of("size", "isEmpty", "get", "getFirst", "getLast", "stream", "iterator", "contains", "toString");

    private final TreePath member;
    private final Map<Element, Boolean> lists = new HashMap<>();
    private final Once reported = new Once();

    KeptFutures(Analysis source, TreePath member) {
        super(source, member);
        this.member = member;
    }

    @Override
    protected boolean enters(TreePath lambda) {
        return source.isAsyncClosure(lambda);
    }

    // ---- the ways --------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        TreePath loop = place();
        TreePath list = new TreePath(loop, tree.getExpression());
        Element kept = takesEach(tree, loop) ? list(list) : null;
        if (kept != null) {
            use(list, kept);
        }
        super.visitEnhancedForLoop(tree, nothing);
        if (kept != null) {
            know(kept, list);
        }
        return null;
    }

    @Override
    protected void called(TreePath path) {
        if (!UseAfterMove.takes(source.called(path), source)) {
            return;
        }
        for (ExpressionTree argument : ((MethodInvocationTree) path.getLeaf()).getArguments()) {
            TreePath at = new TreePath(path, argument);
            Element kept = field(at);
            if (kept == null) {
                kept = list(at);
            }
            if (kept != null) {
                use(at, kept);
                know(kept, at);
            }
        }
    }

    @Override
    protected void read(TreePath identifier) {
        Element variable = source.trees().getElement(identifier);
        if (variable != null && lists.getOrDefault(variable, false) && !leaves(identifier)) {
            forget(variable);
        }
    }

    private boolean leaves(TreePath identifier) {
        TreePath parent = identifier.getParentPath();
        return switch (parent.getLeaf()) {
            case EnhancedForLoopTree _ -> true;
            case MemberSelectTree select ->
                LEAVE.contains(select.getIdentifier().toString());
            case MethodInvocationTree _ -> UseAfterMove.takes(source.called(parent), source);
            default -> false;
        };
    }

    @Override
    protected void assigned(TreePath variable, @Nullable TreePath value) {
        if (source.trees().getElement(variable) instanceof Element element) {
            forget(element);
        }
    }

    private void use(TreePath at, Element kept) {
        TreePath before = known(kept);
        if (before != null && !source.isExpectedToFail(at) && reported.first(at)) {
            report(kept, at, before, source);
        }
    }

    static void report(Element kept, TreePath at, TreePath before, Analysis source) {
        boolean field = kept.getKind() == ElementKind.FIELD;
        boolean again = before.getLeaf() == at.getLeaf();
        String value = field && value(kept, source) instanceof TreePath made ? source.spelled(made) : "…";
        source.report(
                Rule.AWAITED_TWICE,
                at,
                field
                        ? "`" + kept + "` is awaited "
                                + (again
                                        ? "here in each turn"
                                        : source.onLine(before).strip())
                                + " too, and a future has one owner: the second who comes finds it gone"
                        : "the futures of `" + kept + "` were awaited "
                                + (again
                                        ? "here in the turn before"
                                        : source.onLine(before).strip())
                                + ", and each has one owner: none is left here",
                field
                        ? "keep one for many: a Shared<…> field with Futures.shared(" + value + ")"
                        : "await them once and keep what they gave: var values = await(join("
                                + (kept.asType() instanceof ArrayType ? "List.of(" + kept + ")" : kept) + "))");
    }

    // ---- lists -----------------------------------------------------------------------------------------------------

    /** {@return whether each turn takes the future of that turn, whatever else it does} */
    private boolean takesEach(EnhancedForLoopTree tree, TreePath loop) {
        TreePath declared = new TreePath(loop, tree.getVariable());
        if (!(source.trees().getElement(declared) instanceof Element each) || !source.is(each.asType(), Core.FUTURE)) {
            return false;
        }
        boolean[] found = {false, true};
        TreePath body = new TreePath(loop, tree.getStatement());
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void scan(@Nullable Tree part, @Nullable Void nothing) {
                found[1] &= !(part instanceof BreakTree || part instanceof ContinueTree || part instanceof ReturnTree);
                return super.scan(part, nothing);
            }

            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
                TreePath path = getCurrentPath();
                found[0] |= call.getArguments().stream()
                                .anyMatch(a -> a instanceof IdentifierTree
                                        && each.equals(source.trees().getElement(new TreePath(path, a))))
                        && UseAfterMove.takes(source.called(path), source)
                        && isAlways(path, body);
                return super.visitMethodInvocation(call, nothing);
            }
        }.scan(body, null);
        return found[0] && found[1];
    }

    private static boolean isAlways(TreePath path, TreePath body) {
        TreePath p = path;
        while (p.getLeaf() != body.getLeaf()) {
            p = p.getParentPath();
            switch (p.getLeaf()) {
                case BlockTree _,
                        ExpressionStatementTree _,
                        VariableTree _,
                        MethodInvocationTree _,
                        MemberSelectTree _,
                        AssignmentTree _,
                        CompoundAssignmentTree _,
                        ParenthesizedTree _ -> {}
                default -> {
                    return false;
                }
            }
        }
        return true;
    }

    /** {@return the local variable named here, if it is seen to hold futures with one owner each} */
    private @Nullable Element list(TreePath path) {
        return path.getLeaf() instanceof IdentifierTree
                        && source.trees().getElement(path) instanceof Element variable
                        && variable.getKind() == ElementKind.LOCAL_VARIABLE
                        && isOfFutures(variable.asType())
                        && lists.computeIfAbsent(variable, this::isFilledHere)
                ? variable
                : null;
    }

    private boolean isOfFutures(TypeMirror type) {
        return type instanceof ArrayType array
                ? source.is(array.getComponentType(), Core.FUTURE)
                : source.isA(type, "java.util.Collection")
                        && type instanceof DeclaredType declared
                        && declared.getTypeArguments().size() == 1
                        && source.is(declared.getTypeArguments().getFirst(), Core.FUTURE);
    }

    /** {@return whether its initializer, and what is added to it, are calls that make futures, none of them for many awaiters} */
    private boolean isFilledHere(Element variable) {
        Filling filling = new Filling(variable);
        filling.scan(member, null);
        return filling.makes && !filling.unclear;
    }

    private final class Filling extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Element variable;
        private boolean within;
        private int lambdas;
        private boolean makes;
        private boolean unclear;

        Filling(Element variable) {
            this.variable = variable;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            boolean outer = within;
            within |= variable.equals(source.trees().getElement(getCurrentPath()));
            super.visitVariable(tree, nothing);
            within = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            boolean outer = within;
            within |= tree.getMethodSelect() instanceof MemberSelectTree select
                    && select.getExpression() instanceof IdentifierTree
                    && variable.equals(source.trees()
                            .getElement(new TreePath(new TreePath(getCurrentPath(), select), select.getExpression())));
            look();
            super.visitMethodInvocation(tree, nothing);
            within = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
            look();
            return super.visitMemberReference(tree, nothing);
        }

        private void look() {
            if (within
                    && source.called(getCurrentPath()) instanceof ExecutableElement method
                    && source.isFuture(method.getReturnType())) {
                makes |= isSingle(getCurrentPath(), source);
                unclear |= !isSingle(getCurrentPath(), source);
            }
        }

        @Override
        public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
            int async = source.isAsyncClosure(getCurrentPath()) ? 0 : 1;
            lambdas += async;
            super.visitLambdaExpression(tree, nothing);
            lambdas -= async;
            return null;
        }

        /** When a lambda runs, and so what the variable holds afterwards, nobody knows. */
        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            unclear |= lambdas > 0 && variable.equals(source.trees().getElement(getCurrentPath()));
            return null;
        }
    }

    // ---- fields ----------------------------------------------------------------------------------------------------

    /** {@return the field named here, if it holds one future with one owner for as long as its object lives} */
    private @Nullable Element field(TreePath path) {
        return isOfThis(path)
                        && source.trees().getElement(path) instanceof Element field
                        && field.getKind() == ElementKind.FIELD
                        && source.is(field.asType(), Core.FUTURE)
                        && value(field, source) != null
                ? field
                : null;
    }

    /** {@return whether what stands at {@code path} is named alone, or of {@code this}} */
    static boolean isOfThis(TreePath path) {
        return path.getLeaf() instanceof IdentifierTree
                || path.getLeaf() instanceof MemberSelectTree select
                        && select.getExpression() instanceof IdentifierTree self
                        && self.getName().contentEquals("this");
    }

    /** {@return the call that makes the one future that the field ever holds, where that has one owner, or null} */
    static @Nullable TreePath value(Element field, Analysis source) {
        return source.values()
                .computeIfAbsent(field, f -> Optional.ofNullable(only(f, source)))
                .orElse(null);
    }

    private static @Nullable TreePath only(Element field, Analysis source) {
        if (field.getModifiers().contains(Modifier.STATIC)
                || field.getEnclosingElement() == null
                || !(source.declaration(field.getEnclosingElement()) instanceof TreePath type)
                || !(type.getLeaf() instanceof ClassTree)) {
            return null;
        }
        List<TreePath> values = new ArrayList<>();
        boolean[] changes = {
            !field.getModifiers().contains(Modifier.FINAL)
                    && !field.getModifiers().contains(Modifier.PRIVATE)
        };
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            private @Nullable MethodTree method;

            @Override
            public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
                MethodTree outer = method;
                method = tree;
                super.visitMethod(tree, nothing);
                method = outer;
                return null;
            }

            @Override
            public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
                if (tree.getInitializer() != null && field.equals(source.trees().getElement(getCurrentPath()))) {
                    values.add(new TreePath(getCurrentPath(), tree.getInitializer()));
                }
                return super.visitVariable(tree, nothing);
            }

            @Override
            public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
                if (field.equals(source.trees().getElement(new TreePath(getCurrentPath(), tree.getVariable())))) {
                    values.add(new TreePath(getCurrentPath(), tree.getExpression()));
                    changes[0] |= method == null || !method.getName().contentEquals("<init>");
                }
                return super.visitAssignment(tree, nothing);
            }
        }.scan(type, null);
        return !changes[0] && values.size() == 1 && isSingle(values.getFirst(), source) ? values.getFirst() : null;
    }

    /** {@return where a variable is handed to who takes it over} */
    static List<TreePath> takes(Element variable, TreePath within, Analysis source) {
        List<TreePath> found = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
                if (UseAfterMove.takes(source.called(getCurrentPath()), source)) {
                    for (ExpressionTree argument : tree.getArguments()) {
                        TreePath at = new TreePath(getCurrentPath(), argument);
                        if ((argument instanceof IdentifierTree || argument instanceof MemberSelectTree)
                                && variable.equals(source.trees().getElement(at))) {
                            found.add(at);
                        }
                    }
                }
                return super.visitMethodInvocation(tree, nothing);
            }
        }.scan(within, null);
        return found;
    }

    /** {@return whether the call or method reference at {@code path} makes a future that has one owner} */
    static boolean isSingle(TreePath path, Analysis source) {
        return source.is(Made.type(path, source), Core.FUTURE)
                && !source.calls(path, Calls.REUSABLE)
                && !(path.getLeaf() instanceof MethodInvocationTree && Made.origin(path, source) == Made.Origin.STORED)
                && !Reusable.gives(source.called(path), source);
    }
}
