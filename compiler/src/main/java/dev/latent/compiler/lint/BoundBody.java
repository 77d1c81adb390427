package dev.latent.compiler.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.flow.LiveAcross;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.model.ThreadBinding;
import dev.latent.compiler.names.Calls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** What in the code of one async body binds its future to a thread, leaving aside what it awaits. */
final class BoundBody extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final TreePath lambda;
    private final Analysis source;

    /** Of types that are bound to a thread. */
    private final Set<Element> variables = new LinkedHashSet<>();

    private final Set<Element> inside = new LinkedHashSet<>();
    private final Set<Element> declaredInside = new LinkedHashSet<>();
    private final List<TreePath> awaits = new ArrayList<>();
    private @Nullable Element self;
    private int nested;

    private BoundBody(TreePath lambda, Analysis source) {
        this.lambda = lambda;
        this.source = source;
        scan(lambda, null);
    }

    /** Adds to {@code awaited} what the body at {@code lambda} awaits: {@return what binds it, or null} */
    static @Nullable String look(TreePath lambda, Analysis source, List<TreePath> awaited) {
        BoundBody body = new BoundBody(lambda, source);
        body.awaits.stream()
                .filter(a -> source.calls(a, Calls.AWAIT))
                .forEach(a -> awaited.add(new TreePath(
                        a, ((MethodInvocationTree) a.getLeaf()).getArguments().getFirst())));
        return body.bound();
    }

    private @Nullable String bound() {
        if (!variables.isEmpty()) {
            for (LiveAcross.Across each : LiveAcross.across(lambda, variables, source)) {
                return across(
                        each.variable().getSimpleName().toString(),
                        each.variable().asType(),
                        each.await());
            }
        }
        for (TreePath await : awaits) {
            String held = evaluatedBefore(await);
            if (held != null) {
                return held;
            }
        }
        for (Element variable : variables) {
            if (!declaredInside.contains(variable)) {
                return ThreadBinding.captured(
                        variable.getSimpleName().toString(),
                        variable.asType().toString(),
                        source.file(lambda),
                        source.line(lambda));
            }
        }
        return self == null
                ? null
                : ThreadBinding.captured("this", self.asType().toString(), source.file(lambda), source.line(lambda));
    }

    private String across(@Nullable String name, TypeMirror type, TreePath await) {
        return ThreadBinding.across(
                name, source.types().erasure(type).toString(), source.file(await), source.line(await));
    }

    // ---- values without a variable ----------------------------------------------------------------------------------

    /** {@return what was evaluated before {@code await}, is used after it, and is bound; null where nothing is} */
    private @Nullable String evaluatedBefore(TreePath await) {
        for (TreePath p = await; p.getParentPath() != null; p = p.getParentPath()) {
            Tree child = p.getLeaf();
            TreePath parent = p.getParentPath();
            List<TreePath> earlier = new ArrayList<>();
            switch (parent.getLeaf()) {
                case MethodInvocationTree call -> {
                    if (call.getMethodSelect() instanceof MemberSelectTree select
                            && select != child
                            && source.called(parent) instanceof ExecutableElement method
                            && !method.getModifiers().contains(Modifier.STATIC)) {
                        earlier.add(new TreePath(new TreePath(parent, select), select.getExpression()));
                    }
                    arguments(parent, call.getArguments(), child, earlier);
                }
                case NewClassTree made -> arguments(parent, made.getArguments(), child, earlier);
                case AssignmentTree set -> {
                    if (set.getExpression() == child && set.getVariable() instanceof MemberSelectTree select) {
                        earlier.add(new TreePath(new TreePath(parent, select), select.getExpression()));
                    }
                }
                case StatementTree _, LambdaExpressionTree _ -> {
                    return null;
                }
                default -> {}
            }
            for (TreePath each : earlier) {
                TypeMirror type = source.trees().getTypeMirror(each);
                if (source.bound().is(type) && !(source.trees().getElement(each) instanceof TypeElement)) {
                    return across(
                            each.getLeaf() instanceof IdentifierTree i
                                    ? i.getName().toString()
                                    : null,
                            type,
                            await);
                }
            }
        }
        return null;
    }

    private static void arguments(
            TreePath call, List<? extends ExpressionTree> arguments, Tree before, List<TreePath> into) {
        int end = arguments.indexOf(before);
        arguments.subList(0, Math.max(0, end)).forEach(a -> into.add(new TreePath(call, a)));
    }

    // ---- gathering --------------------------------------------------------------------------------------------------

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
        Element variable = source.trees().getElement(getCurrentPath());
        if (variable != null) {
            inside.add(variable);
            if (source.bound().is(variable.asType()) && nested == 1) {
                declaredInside.add(variable);
                variables.add(variable);
            }
        }
        return super.visitVariable(tree, nothing);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        Element element = source.trees().getElement(getCurrentPath());
        if (element == null || element.getModifiers().contains(Modifier.STATIC)) {
            return null;
        }
        boolean member = element.getKind() == ElementKind.FIELD || element.getKind() == ElementKind.METHOD;
        if (member && element.getEnclosingElement() instanceof TypeElement) {
            capturesThis();
        } else if (!member
                && !(element instanceof TypeElement)
                && !inside.contains(element)
                && source.bound().is(element.asType())) {
            variables.add(element);
        }
        return null;
    }

    /** Within a class of its own, this is another. */
    private void capturesThis() {
        Element here = null;
        for (TreePath p = getCurrentPath(); p != null && here == null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof ClassTree) {
                here = source.trees().getElement(p);
            }
            if (p.getLeaf() == lambda.getLeaf()) {
                here = enclosing();
            }
        }
        if (here != null && here.equals(enclosing()) && source.bound().is(here.asType())) {
            self = here;
        }
    }

    private @Nullable Element enclosing() {
        TreePath p = lambda;
        while (p != null && !(p.getLeaf() instanceof ClassTree)) {
            p = p.getParentPath();
        }
        return p == null ? null : source.trees().getElement(p);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        if (nested == 1 && source.suspends(getCurrentPath())) {
            awaits.add(getCurrentPath());
        }
        return super.visitMethodInvocation(tree, nothing);
    }

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
        nested++;
        super.visitLambdaExpression(tree, nothing);
        nested--;
        return null;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        nested++;
        super.visitClass(tree, nothing);
        nested--;
        return null;
    }
}
