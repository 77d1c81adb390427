package dev.latent.compiler.lint;

import com.sun.source.tree.ArrayAccessTree;
import com.sun.source.tree.AssertTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Candidates;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.lint.source.Values;
import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNUSED_FUTURE} where javac has refused the types already: a future where its value is wanted, {@code String s = name();} or
 * {@code if (open())}. javac's words do not say that an await is missing.
 *
 * <p>An expression that javac has refused has an erroneous type, and so has one whose operands don't fit: where neither is so, nothing is
 * looked at. What is said is said only if the future's value would be right there.
 */
final class RefusedFuture implements Lint {
    private final MissingAwait missing;

    RefusedFuture(MissingAwait missing) {
        this.missing = missing;
    }

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(
                Tree.Kind.VARIABLE,
                Tree.Kind.ASSIGNMENT,
                Tree.Kind.RETURN,
                Tree.Kind.LAMBDA_EXPRESSION,
                Tree.Kind.IF,
                Tree.Kind.WHILE_LOOP,
                Tree.Kind.DO_WHILE_LOOP,
                Tree.Kind.FOR_LOOP,
                Tree.Kind.ENHANCED_FOR_LOOP,
                Tree.Kind.CONDITIONAL_EXPRESSION,
                Tree.Kind.ASSERT,
                Tree.Kind.THROW,
                Tree.Kind.SWITCH,
                Tree.Kind.SWITCH_EXPRESSION,
                Tree.Kind.ARRAY_ACCESS,
                Tree.Kind.NEW_ARRAY,
                Tree.Kind.TYPE_CAST,
                Tree.Kind.METHOD_INVOCATION,
                Tree.Kind.NEW_CLASS,
                Tree.Kind.MEMBER_SELECT,
                Tree.Kind.LOGICAL_COMPLEMENT,
                Tree.Kind.BITWISE_COMPLEMENT,
                Tree.Kind.UNARY_MINUS,
                Tree.Kind.UNARY_PLUS,
                Tree.Kind.PREFIX_INCREMENT,
                Tree.Kind.PREFIX_DECREMENT,
                Tree.Kind.POSTFIX_INCREMENT,
                Tree.Kind.POSTFIX_DECREMENT,
                Tree.Kind.CONDITIONAL_AND,
                Tree.Kind.CONDITIONAL_OR,
                Tree.Kind.LESS_THAN,
                Tree.Kind.LESS_THAN_EQUAL,
                Tree.Kind.GREATER_THAN,
                Tree.Kind.GREATER_THAN_EQUAL,
                Tree.Kind.EQUAL_TO,
                Tree.Kind.NOT_EQUAL_TO,
                Tree.Kind.PLUS,
                Tree.Kind.MINUS,
                Tree.Kind.MULTIPLY,
                Tree.Kind.DIVIDE,
                Tree.Kind.REMAINDER,
                Tree.Kind.AND,
                Tree.Kind.OR,
                Tree.Kind.XOR,
                Tree.Kind.PLUS_ASSIGNMENT,
                Tree.Kind.MINUS_ASSIGNMENT,
                Tree.Kind.MULTIPLY_ASSIGNMENT,
                Tree.Kind.DIVIDE_ASSIGNMENT,
                Tree.Kind.REMAINDER_ASSIGNMENT,
                Tree.Kind.AND_ASSIGNMENT,
                Tree.Kind.OR_ASSIGNMENT,
                Tree.Kind.XOR_ASSIGNMENT);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case VariableTree variable -> variable(path, variable, source);
            case AssignmentTree set ->
                given(path, set.getExpression(), type(new TreePath(path, set.getVariable()), source), source);
            case ReturnTree tree -> given(path, tree.getExpression(), Given.returned(path, source), source);
            case LambdaExpressionTree lambda
            when lambda.getBody() instanceof ExpressionTree body -> given(path, body, Given.by(path, source), source);
            case IfTree tree -> condition(path, tree.getCondition(), source);
            case WhileLoopTree tree -> condition(path, tree.getCondition(), source);
            case DoWhileLoopTree tree -> condition(path, tree.getCondition(), source);
            case ForLoopTree tree -> condition(path, tree.getCondition(), source);
            case ConditionalExpressionTree tree -> condition(path, tree.getCondition(), source);
            case AssertTree tree -> condition(path, tree.getCondition(), source);
            case EnhancedForLoopTree tree ->
                asked(path, tree.getExpression(), value -> isIterable(value, source), source);
            case ThrowTree tree ->
                asked(path, tree.getExpression(), value -> source.isA(value, "java.lang.Throwable"), source);
            case SwitchTree tree -> selector(path, tree.getExpression(), tree.getCases(), source);
            case SwitchExpressionTree tree -> selector(path, tree.getExpression(), tree.getCases(), source);
            case ArrayAccessTree tree -> {
                given(path, tree.getIndex(), primitive(TypeKind.INT, source), source);
                if (source.isRefused(path)) {
                    asked(path, tree.getExpression(), value -> value.getKind() == TypeKind.ARRAY, source);
                }
            }
            case NewArrayTree tree -> array(path, tree, source);
            case TypeCastTree tree -> cast(path, tree, source);
            case UnaryTree tree when source.isRefused(path) -> operand(path, tree.getExpression(), source);
            case BinaryTree tree
            when source.isRefused(path) -> {
                operand(path, tree.getLeftOperand(), source);
                operand(path, tree.getRightOperand(), source);
            }
            case CompoundAssignmentTree tree
            when isNumberOrCondition(type(new TreePath(path, tree.getVariable()), source), source) ->
                operand(path, tree.getExpression(), source);
            case MemberSelectTree select
            when source.isRefused(path) ->
                asked(path, select.getExpression(), value -> has(value, select.getIdentifier(), source), source);
            case MethodInvocationTree call
            when source.called(path) == null -> arguments(path, call.getArguments(), source);
            case NewClassTree made when source.called(path) == null -> arguments(path, made.getArguments(), source);
            default -> {}
        }
    }

    // ---- a future is given where something else is wanted -----------------------------------------------------------

    private void condition(TreePath path, @Nullable ExpressionTree condition, Analysis source) {
        given(path, condition, primitive(TypeKind.BOOLEAN, source), source);
    }

    private void variable(TreePath path, VariableTree variable, Analysis source) {
        ExpressionTree value = variable.getInitializer();
        TreePath parent = path.getParentPath();
        if (parent != null && parent.getLeaf() instanceof TryTree && value != null) {
            asked(path, value, type -> isCloseable(type, source), source);
        } else if (value != null) {
            given(path, value, type(path, source), source);
        }
    }

    private void array(TreePath path, NewArrayTree array, Analysis source) {
        for (ExpressionTree dimension : array.getDimensions()) {
            given(path, dimension, primitive(TypeKind.INT, source), source);
        }
        if (array.getInitializers() != null && type(path, source) instanceof ArrayType made) {
            for (ExpressionTree each : array.getInitializers()) {
                given(path, each, made.getComponentType(), source);
            }
        }
    }

    /** @param wanted the type of what is wanted, or null where it is not known, and nothing is said */
    private void given(TreePath parent, @Nullable ExpressionTree given, @Nullable TypeMirror wanted, Analysis source) {
        if (given == null || given instanceof LiteralTree || wanted == null || !Given.isKnown(wanted)) {
            return;
        }
        for (TreePath value : Values.of(new TreePath(parent, given))) {
            if (source.isRefused(value)
                    && !source.is(wanted, WrongFuture.THEIRS)
                    && Given.future(value, source) instanceof Given future
                    && !fits(future.type(), wanted, source)
                    && future.fits(wanted, source)) {
                missing.say(value, future, source);
            }
        }
    }

    /** {@return whether javac lets a variable of type {@code wanted} have the future} */
    static boolean fits(TypeMirror future, TypeMirror wanted, Analysis source) {
        return source.types()
                .isAssignable(source.types().erasure(future), source.types().erasure(wanted));
    }

    // ---- something is asked of a future that only its value has -----------------------------------------------------

    private void operand(TreePath path, ExpressionTree operand, Analysis source) {
        asked(path, operand, value -> isOperand(path.getLeaf(), value, source), source);
    }

    private void asked(TreePath parent, ExpressionTree expression, Predicate<TypeMirror> has, Analysis source) {
        if (expression instanceof LiteralTree) {
            return;
        }
        for (TreePath asked : Values.of(new TreePath(parent, expression))) {
            if (!source.isRefused(asked)
                    && Given.future(asked, source) instanceof Given future
                    && (future.value() == null || has.test(future.value()))
                    && !has.test(future.type())) {
                missing.say(asked, future, source);
            }
        }
    }

    /** {@return whether values of {@code type} have a member of this name} */
    static boolean has(TypeMirror type, CharSequence member, Analysis source) {
        return type.getKind() == TypeKind.ARRAY && "length".contentEquals(member)
                || source.types().asElement(type) instanceof TypeElement element
                        && source.elements().getAllMembers(element).stream()
                                .anyMatch(m -> m.getSimpleName().contentEquals(member)
                                        && !m.getModifiers().contains(Modifier.STATIC));
    }

    private static boolean isIterable(TypeMirror type, Analysis source) {
        return type.getKind() == TypeKind.ARRAY || source.isA(type, "java.lang.Iterable");
    }

    private static boolean isCloseable(TypeMirror type, Analysis source) {
        return source.isA(type, "java.lang.AutoCloseable") || source.isA(type, Core.ASYNC_CLOSEABLE);
    }

    private static boolean isOperand(Tree operator, TypeMirror type, Analysis source) {
        return switch (operator.getKind()) {
            case PLUS -> source.is(type, "java.lang.String") || isNumberOrCondition(type, source);
            default -> isNumberOrCondition(type, source);
        };
    }

    private static boolean isNumberOrCondition(@Nullable TypeMirror type, Analysis source) {
        return type != null && (type.getKind().isPrimitive() || Given.unboxed(type, source) != null);
    }

    private void cast(TreePath path, TypeCastTree cast, Analysis source) {
        if (source.isRefused(path)) {
            TypeMirror wanted = type(new TreePath(path, cast.getType()), source);
            asked(
                    path,
                    cast.getExpression(),
                    value -> wanted != null
                            && (source.types().isAssignable(value, wanted)
                                    || source.types().isAssignable(wanted, value)
                                    || isNumberOrCondition(value, source) && isNumberOrCondition(wanted, source)),
                    source);
        }
    }

    /** No future is one of the constants, and none is of a type that its value may be of. */
    private void selector(TreePath path, ExpressionTree selector, List<? extends CaseTree> cases, Analysis source) {
        for (TreePath asked : Values.of(new TreePath(path, selector))) {
            if (Given.future(asked, source) instanceof Given future
                    && cases.stream().anyMatch(each -> isOfValue(new TreePath(path, each), future, source))) {
                missing.say(asked, future, source);
            }
        }
    }

    private static boolean isOfValue(TreePath at, Given future, Analysis source) {
        return ((CaseTree) at.getLeaf())
                .getLabels().stream()
                        .anyMatch(label -> label instanceof ConstantCaseLabelTree constant
                                ? constant.getConstantExpression().getKind() != Tree.Kind.NULL_LITERAL
                                : Given.isPatternOf(new TreePath(at, label), future, source));
    }

    // ---- arguments --------------------------------------------------------------------------------------------------

    private void arguments(TreePath path, List<? extends ExpressionTree> arguments, Analysis source) {
        Map<Integer, Given> futures = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (Given.future(new TreePath(path, arguments.get(i)), source) instanceof Given future) {
                futures.put(i, future);
            }
        }
        if (!futures.isEmpty()) {
            for (int each : Candidates.awaited(path, arguments, futures, source)) {
                missing.say(new TreePath(path, arguments.get(each)), Objects.requireNonNull(futures.get(each)), source);
            }
        }
    }

    // ---- types ------------------------------------------------------------------------------------------------------

    private static @Nullable TypeMirror type(TreePath path, Analysis source) {
        return path.getLeaf() instanceof VariableTree
                ? Given.declared(path, source)
                : source.trees().getTypeMirror(path);
    }

    private static TypeMirror primitive(TypeKind kind, Analysis source) {
        return source.types().getPrimitiveType(kind);
    }
}
