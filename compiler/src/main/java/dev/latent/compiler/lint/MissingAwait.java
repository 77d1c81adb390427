package dev.latent.compiler.lint;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.names.Calls;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;

/** Says where an await is missing, and where it belongs: once for each local variable, however often its value is wanted. */
final class MissingAwait {
    private final Set<Element> told = new HashSet<>();

    /** Says that the value of {@code future}, which stands at {@code at}, is wanted there. */
    void say(TreePath at, Given future, Analysis source) {
        // Of what an await gives, the future inside is what is wrong, and that is said where it is made.
        if (!source.calls(at, Calls.AWAIT) && !source.calls(at, Calls.BLOCK) && isFirst(at, source)) {
            source.report(
                    Rule.UNUSED_FUTURE,
                    at,
                    "this is a " + future.spelled() + ": it gives "
                            + (future.value() == null || future.spelled().equals("future")
                                    ? "what is wanted here"
                                    : "the " + Given.simple(future.value()) + " that is wanted here")
                            + " only when it is awaited",
                    fix(at, source));
        }
    }

    /** {@return whether nothing was said yet of the local variable at {@code at}, if it is one} */
    boolean isFirst(TreePath at, Analysis source) {
        Element variable = local(at, source);
        return variable == null || told.add(variable);
    }

    private static @Nullable Element local(TreePath at, Analysis source) {
        return at.getLeaf() instanceof IdentifierTree
                        && source.trees().getElement(at) instanceof Element element
                        && (element.getKind() == ElementKind.LOCAL_VARIABLE
                                || element.getKind() == ElementKind.PARAMETER
                                || element.getKind() == ElementKind.RESOURCE_VARIABLE)
                ? element
                : null;
    }

    // ---- what to do -------------------------------------------------------------------------------------------------

    /** {@return what to write so that the value of the future at {@code at} is there} */
    static String fix(TreePath at, Analysis source) {
        Element variable = local(at, source);
        if (variable != null) {
            Uses uses = new Uses(variable, source);
            uses.scan(member(at), null);
            if (uses.declared instanceof TreePath declared
                    && ((VariableTree) declared.getLeaf()).getInitializer() instanceof MethodInvocationTree made
                    && !(declared.getParentPath().getLeaf() instanceof TryTree)
                    && !uses.asFuture) {
                TreePath call = new TreePath(declared, made);
                return await(call, "var " + variable.getSimpleName() + " = ", source.onLine(declared), source);
            }
            if (uses.asValue > 1) {
                return await(at, "var value = ", " once, and use the value", source);
            }
        }
        return await(at, "", "", source);
    }

    /** {@return where the local variable at {@code at} is declared, or null} */
    static @Nullable TreePath declaration(TreePath at, Analysis source) {
        Element variable = local(at, source);
        return variable == null ? null : VariableUses.declaration(variable, member(at), source);
    }

    private static String await(TreePath at, String before, String after, Analysis source) {
        String future = source.spelled(at);
        if (source.asyncBody(at) != null) {
            return "write " + before + "await(" + future + ")" + after;
        }
        if (source.isInsideAsync(at)) {
            return "an ordinary lambda can't await: write var value = await(" + future
                    + ") in the async body before it, and use the value in it";
        }
        String block = before + "Latent.blockOn(" + future + ")" + after;
        TreePath place = place(at);
        return switch (place.getLeaf()) {
            case MethodTree method when method.getName().contentEquals("main") -> "write " + block;
            case MethodTree method
            when method.getReturnType() != null ->
                "let the method return async(() -> …), with " + before + "await(" + future + ")" + after
                        + " in it, or write " + block + " where no executor runs";
            case LambdaExpressionTree _ -> "write " + block + " where no executor runs, or await it before this lambda";
            default -> "keep the future, or let an async method await it first and then make the object";
        };
    }

    /** {@return the lambda or method around, or the outermost tree of what is neither} */
    private static TreePath place(TreePath at) {
        TreePath p = at;
        while (!(p.getLeaf() instanceof LambdaExpressionTree)
                && !(p.getLeaf() instanceof MethodTree)
                && p.getParentPath() != null) {
            p = p.getParentPath();
        }
        return p;
    }

    /** {@return the method around, or all of the source} */
    private static TreePath member(TreePath at) {
        TreePath p = at;
        while (!(p.getLeaf() instanceof MethodTree) && p.getParentPath() != null) {
            p = p.getParentPath();
        }
        return p;
    }

    /** Where a variable is declared, and what it is used for. */
    private static final class Uses extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Element variable;
        private final Analysis source;

        @Nullable
        TreePath declared;

        int asValue;
        boolean asFuture;

        Uses(Element variable, Analysis source) {
            this.variable = variable;
            this.source = source;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            if (variable.equals(source.trees().getElement(getCurrentPath()))) {
                declared = getCurrentPath();
            }
            return super.visitVariable(tree, nothing);
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            if (variable.equals(source.trees().getElement(getCurrentPath()))) {
                TreePath parent = getCurrentPath().getParentPath();
                while (parent.getLeaf() instanceof ParenthesizedTree) {
                    parent = parent.getParentPath();
                }
                if (source.isRefused(getCurrentPath()) || source.isRefused(parent) || isOfValue(parent)) {
                    asValue++;
                } else {
                    asFuture = true;
                }
            }
            return null;
        }

        /** {@return whether nobody asks that of a future} */
        private boolean isOfValue(TreePath path) {
            return switch (path.getLeaf()) {
                case ReturnTree _ -> source.asyncBody(path) != null;
                case SwitchTree _, SwitchExpressionTree _, EnhancedForLoopTree _, ThrowTree _, InstanceOfTree _ -> true;
                case BinaryTree same ->
                    same.getLeftOperand().getKind() == Tree.Kind.NULL_LITERAL
                            || same.getRightOperand().getKind() == Tree.Kind.NULL_LITERAL;
                default -> false;
            };
        }
    }
}
