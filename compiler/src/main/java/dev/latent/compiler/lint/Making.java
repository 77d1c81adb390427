package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * A future that a function makes and returns, directly or by a local variable: what its making does besides.
 *
 * @param value what is returned
 * @param made the call that makes it
 * @param variable where it was declared in between, or null
 */
record Making(TreePath value, TreePath made, @Nullable TreePath variable, Analysis source) {
    /** {@return the making of a lazy future that {@code value}, in {@code function}, is, or null} */
    static @Nullable Making of(TreePath value, TreePath function, Analysis source) {
        return of(value, function, source, Functions.FAR);
    }

    private static @Nullable Making of(TreePath value, TreePath function, Analysis source, int far) {
        return switch (value.getLeaf()) {
            case MethodInvocationTree _ ->
                Made.at(value, source)
                                && source.is(Made.type(value, source), Core.FUTURE)
                                && !source.calls(value, Calls.REUSABLE)
                        ? new Making(value, value, null, source)
                        : null;
            case IdentifierTree _
            when far > 0
                    && source.trees().getElement(value) instanceof Element local
                    && local.getKind() == ElementKind.LOCAL_VARIABLE
                    && VariableUses.initializer(local, function, source) instanceof TreePath initializer -> {
                Making making = of(initializer, function, source, far - 1);
                yield making == null ? null : new Making(value, making.made, initializer.getParentPath(), source);
            }
            default -> null;
        };
    }

    /** {@return the call that makes it, as a fix can repeat it} */
    String spelled() {
        return source.spelled(made);
    }

    /** {@return whether it is made within {@code block}} */
    boolean isWithin(TreePath block) {
        return Functions.isWithin(made, block.getLeaf());
    }

    // ---- what it uses ----------------------------------------------------------------------------------------------

    /** {@return whether the future is seen to keep what {@code resource} holds: made of it, given it, or with code that uses it} */
    boolean uses(Element resource) {
        return uses(made, resource);
    }

    private boolean uses(TreePath future, Element resource) {
        if (!(future.getLeaf() instanceof MethodInvocationTree call)) {
            return false;
        }
        if (call.getMethodSelect() instanceof MemberSelectTree select) {
            TreePath receiver = new TreePath(new TreePath(future, select), select.getExpression());
            if (isNamed(receiver, resource)
                    || source.isFuture(source.trees().getTypeMirror(receiver)) && uses(receiver, resource)) {
                return true;
            }
        }
        return call.getArguments().stream()
                .map(a -> new TreePath(future, a))
                .anyMatch(argument -> switch (argument.getLeaf()) {
                    case LambdaExpressionTree _ -> mentions(argument, resource);
                    case MemberReferenceTree reference ->
                        isNamed(new TreePath(argument, reference.getQualifierExpression()), resource);
                    case MethodInvocationTree _ ->
                        source.isFuture(source.trees().getTypeMirror(argument)) && uses(argument, resource);
                    default -> isNamed(argument, resource);
                });
    }

    private boolean isNamed(TreePath path, Element resource) {
        return path.getLeaf() instanceof IdentifierTree
                && resource.equals(source.trees().getElement(path));
    }

    private boolean mentions(TreePath path, Element resource) {
        boolean[] found = {false};
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                found[0] |= resource.equals(source.trees().getElement(getCurrentPath()));
                return null;
            }
        }.scan(path, null);
        return found[0];
    }

    // ---- what else is done -----------------------------------------------------------------------------------------

    /**
     * {@return whether {@code block} does nothing but make it and return it}
     *
     * @param reads whether to read a field that changes is something else
     */
    boolean isAlone(BlockTree block, boolean reads) {
        List<? extends Tree> statements = block.getStatements();
        Tree last = statements.isEmpty() ? null : statements.getLast();
        return last instanceof ReturnTree
                && isSimple(made, reads, Functions.FAR)
                && (variable == null
                        ? statements.size() == 1
                        : statements.size() == 2 && statements.getFirst() == variable.getLeaf());
    }

    /** {@return whether the call does nothing but make a future: what it is given is there already} */
    private boolean isSimple(TreePath path, boolean reads, int far) {
        return switch (path.getLeaf()) {
            case LiteralTree _, LambdaExpressionTree _ -> true;
            case ParenthesizedTree p -> isSimple(new TreePath(path, p.getExpression()), reads, far);
            case IdentifierTree _ -> !(reads && isStateful(source.trees().getElement(path)));
            case MemberReferenceTree r -> isSimple(new TreePath(path, r.getQualifierExpression()), reads, far);
            case MemberSelectTree s ->
                (!reads || !isStateful(source.trees().getElement(path)))
                        && isSimple(new TreePath(path, s.getExpression()), reads, far);
            case MethodInvocationTree call ->
                source.isFuture(source.trees().getTypeMirror(path))
                        && (!(call.getMethodSelect() instanceof MemberSelectTree select)
                                || isSimple(
                                        new TreePath(new TreePath(path, select), select.getExpression()), reads, far))
                        && call.getArguments().stream().allMatch(a -> isSimple(new TreePath(path, a), reads, far))
                        && isSimple(source.called(path), reads, far);
            default -> false;
        };
    }

    /** {@return whether the method, as far as it is seen, does nothing but make a future} */
    private boolean isSimple(@Nullable ExecutableElement method, boolean reads, int far) {
        TreePath body = far == 0 ? null : Functions.body(method, source);
        return body == null
                || only(body) instanceof TreePath value
                        && source.isFuture(source.trees().getTypeMirror(value))
                        && isSimple(value, reads, far - 1);
    }

    /** {@return what the block returns, if it does nothing else, or null} */
    private static @Nullable TreePath only(TreePath block) {
        List<? extends Tree> statements = ((BlockTree) block.getLeaf()).getStatements();
        return statements.size() == 1
                        && statements.getFirst() instanceof ReturnTree only
                        && only.getExpression() instanceof ExpressionTree value
                ? new TreePath(new TreePath(block, only), value)
                : null;
    }

    static boolean isStateful(@Nullable Element element) {
        return element != null
                && element.getKind() == ElementKind.FIELD
                && !element.getModifiers().contains(Modifier.FINAL);
    }

    /** {@return whether the call is seen to throw nothing: all of it is that it makes the future} */
    boolean neverThrows() {
        return neverThrows(made, Functions.FAR);
    }

    private boolean neverThrows(TreePath path, int far) {
        if (!(path.getLeaf() instanceof MethodInvocationTree call) || !isSimple(path, false, Functions.FAR)) {
            return false;
        }
        ExecutableElement method = source.called(path);
        if (source.isOneOf(method, Calls.ASYNC)) {
            return true;
        }
        if (method == null || far == 0) {
            return false;
        }
        if (source.isOfOne(method, Calls.COMBINATORS)) {
            return call.getArguments().stream()
                    .map(a -> new TreePath(path, a))
                    .filter(a -> source.isFuture(source.trees().getTypeMirror(a)))
                    .allMatch(a -> neverThrows(a, far));
        }
        TreePath body = Functions.body(method, source);
        return body != null && only(body) instanceof TreePath value && neverThrows(value, far - 1);
    }

    /** {@return whether the call says that it throws, or is code of anybody's that need not be lazy: a function of the JDK's} */
    boolean mayThrow() {
        return !(source.called(made) instanceof ExecutableElement method)
                || !method.getThrownTypes().isEmpty()
                || !(method.getEnclosingElement() instanceof TypeElement owner)
                || owner.getQualifiedName().toString().startsWith("java.");
    }
}
