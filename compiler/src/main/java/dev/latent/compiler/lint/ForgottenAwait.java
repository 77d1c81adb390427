package dev.latent.compiler.lint;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNUSED_FUTURE} inside of an expression, where a future just made serves as an object like any other: its text in a string, its
 * identity in a comparison. Nobody has it afterwards, so its value must have been meant.
 *
 * <p>Where what is asked makes sense of a future that was there before, as {@code closing() != null} does, the call has to be seen, or likely, to make
 * one: its source says so, or it has arguments.
 */
final class ForgottenAwait implements Lint {
    private static final Set<String> LOOKUPS = Set.of(
            "contains", "containsKey", "containsValue", "get", "getOrDefault", "indexOf", "lastIndexOf", "remove");

    /** Methods that want no more of an object than its text. */
    private static final Map<String, Set<String>> TEXT = Map.of(
            "java.io.PrintStream", Set.of("print", "println", "printf", "format"),
            "java.io.PrintWriter", Set.of("print", "println", "printf", "format"),
            "java.lang.IO", Set.of("print", "println"),
            "java.lang.String", Set.of("valueOf", "format", "formatted"),
            "java.lang.StringBuilder", Set.of("append", "insert"),
            "java.lang.StringBuffer", Set.of("append", "insert"),
            "java.util.Objects", Set.of("toString"));

    /** Those that compare it with others. */
    private static final Map<String, Set<String>> IDENTITY =
            Map.of("java.util.Objects", Set.of("equals", "hash", "hashCode", "isNull", "nonNull"));

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(
                Tree.Kind.PLUS,
                Tree.Kind.PLUS_ASSIGNMENT,
                Tree.Kind.EQUAL_TO,
                Tree.Kind.NOT_EQUAL_TO,
                Tree.Kind.INSTANCE_OF,
                Tree.Kind.METHOD,
                Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (isRefused(path, source)) {
            return;
        }
        switch (path.getLeaf()) {
            case BinaryTree plus
            when plus.getKind() == Tree.Kind.PLUS -> {
                text(child(path, plus.getLeftOperand()), source);
                text(child(path, plus.getRightOperand()), source);
            }
            case BinaryTree same -> {
                compared(child(path, same.getLeftOperand()), child(path, same.getRightOperand()), source);
                compared(child(path, same.getRightOperand()), child(path, same.getLeftOperand()), source);
            }
            case MethodTree _ -> {
                if (source.trees().getElement(path) instanceof ExecutableElement method
                        && source.isFuture(method.getReturnType())) {
                    Made.remember(method, source);
                }
            }
            case CompoundAssignmentTree add
            when source.is(source.trees().getTypeMirror(child(path, add.getVariable())), "java.lang.String") ->
                text(child(path, add.getExpression()), source);
            case InstanceOfTree is -> {
                if (!source.isFuture(source.trees().getTypeMirror(wanted(path, is)))) {
                    asked(child(path, is.getExpression()), "its class", false, source);
                }
            }
            case MethodInvocationTree call -> {
                if (call.getArguments().stream().anyMatch(ForgottenAwait::mayMake)
                        || call.getMethodSelect() instanceof MemberSelectTree select
                                && mayMake(select.getExpression())) {
                    called(path, call, source);
                }
            }
            default -> {}
        }
    }

    /** {@return whether javac has found that the operands don't fit: {@link RefusedFuture} sees to it} */
    private static boolean isRefused(TreePath path, Analysis source) {
        return path.getLeaf() instanceof BinaryTree && source.isRefused(path);
    }

    /** {@return whether it is worth to look closer: this is asked of every call there is} */
    private static boolean mayMake(ExpressionTree tree) {
        return switch (tree) {
            case MethodInvocationTree _, NewClassTree _, ParenthesizedTree _, ConditionalExpressionTree _ -> true;
            default -> false;
        };
    }

    private static TreePath wanted(TreePath path, InstanceOfTree is) {
        return is.getPattern() instanceof DeconstructionPatternTree pattern
                ? child(child(path, pattern), pattern.getDeconstructor())
                : child(path, is.getType());
    }

    private static TreePath child(TreePath path, Tree tree) {
        return new TreePath(path, tree);
    }

    // ---- calls ------------------------------------------------------------------------------------------------------

    private static void called(TreePath path, MethodInvocationTree call, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null || !(method.getEnclosingElement() instanceof TypeElement owner)) {
            return;
        }
        if (call.getMethodSelect() instanceof MemberSelectTree select
                && !method.getModifiers().contains(Modifier.STATIC)) {
            receives(child(child(path, select), select.getExpression()), method, path, call, source);
        }
        List<? extends ExpressionTree> arguments = call.getArguments();
        for (int i = 0; i < arguments.size(); i++) {
            if (mayMake(arguments.get(i)) && isPlainObject(method, i, source)) {
                TreePath argument = child(path, arguments.get(i));
                if (isOf(TEXT, owner, method)) {
                    text(argument, source);
                } else if (isOf(IDENTITY, owner, method)) {
                    asked(argument, "its identity", true, source);
                } else if (isLookup(method, owner, call, path, source)) {
                    asked(argument, "its identity", false, source);
                }
            }
        }
    }

    private static void receives(
            TreePath receiver, ExecutableElement method, TreePath path, MethodInvocationTree call, Analysis source) {
        List<? extends ExpressionTree> arguments = call.getArguments();
        Name name = method.getSimpleName();
        if (arguments.isEmpty() && name.contentEquals("toString")) {
            text(receiver, source);
        } else if (arguments.isEmpty() && name.contentEquals("hashCode")) {
            asked(receiver, "its identity", true, source);
        } else if (arguments.size() == 1 && name.contentEquals("equals")) {
            TreePath other = child(path, arguments.getFirst());
            compared(receiver, other, source);
            compared(other, receiver, source);
        }
    }

    private static boolean isPlainObject(ExecutableElement method, int argument, Analysis source) {
        List<? extends VariableElement> parameters = method.getParameters();
        TypeMirror type =
                parameters.get(Math.min(argument, parameters.size() - 1)).asType();
        return source.is(type instanceof ArrayType array ? array.getComponentType() : type, "java.lang.Object");
    }

    private static boolean isOf(Map<String, Set<String>> methods, TypeElement owner, ExecutableElement method) {
        return methods.getOrDefault(owner.getQualifiedName().toString(), Set.of())
                .contains(method.getSimpleName().toString());
    }

    /** A collection of other things, in which a future will not be found. */
    private static boolean isLookup(
            ExecutableElement method, TypeElement owner, MethodInvocationTree call, TreePath path, Analysis source) {
        return LOOKUPS.contains(method.getSimpleName().toString())
                && (source.isA(owner.asType(), "java.util.Collection") || source.isA(owner.asType(), "java.util.Map"))
                && call.getMethodSelect() instanceof MemberSelectTree select
                && source.trees().getTypeMirror(child(child(path, select), select.getExpression()))
                        instanceof DeclaredType type
                && !type.getTypeArguments().isEmpty()
                && type.getTypeArguments().stream().allMatch(t -> isNoFuture(t, source));
    }

    // ---- what is asked of it ----------------------------------------------------------------------------------------

    private static void text(TreePath future, Analysis source) {
        asked(future, "its text", false, source);
    }

    private static void compared(TreePath future, TreePath other, Analysis source) {
        asked(future, "its identity", !isNoFuture(source.trees().getTypeMirror(other), source), source);
    }

    /** {@return whether nothing of {@code type} can be a future; null is no value, so it is of no help} */
    private static boolean isNoFuture(@Nullable TypeMirror type, Analysis source) {
        return type instanceof DeclaredType && !source.isFuture(type) && !source.is(type, "java.lang.Object");
    }

    /** @param sensible whether one might ask that of a future that was there before */
    private static void asked(TreePath future, String what, boolean sensible, Analysis source) {
        if (!Made.at(future, source) || Made.isValue(future, source) || source.isExpectedToFail(future)) {
            return;
        }
        Made.Origin origin = Made.origin(future, source);
        boolean likely = origin == Made.Origin.UNKNOWN
                && (!sensible
                        || future.getLeaf() instanceof MethodInvocationTree call
                                && !call.getArguments().isEmpty());
        if (origin == Made.Origin.NEW || likely) {
            source.report(
                    Rule.UNUSED_FUTURE,
                    future,
                    "this is a future, not what it would give: only " + what + " is used here, and it is never polled",
                    source.asyncBody(future) == null
                            ? Unused.fix(future, source)
                            : "write await(" + source.spelled(future) + ")");
        }
    }
}
