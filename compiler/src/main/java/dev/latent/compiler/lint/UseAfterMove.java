package dev.latent.compiler.lint;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#USE_AFTER_MOVE}: who takes a future owns it, and the variable is of no more use. */
final class UseAfterMove implements Lint {
    private final Once once = new Once();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD, Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case MethodInvocationTree call -> check(path, call, source);
            case MethodTree _ -> remember(path, source);
            default -> {}
        }
    }

    /** A method is walked when it has been seen to move a variable. */
    private void check(TreePath path, MethodInvocationTree call, Analysis source) {
        if (call.getArguments().stream().anyMatch(UseAfterMove::mayNameAFuture) && takes(source.called(path), source)) {
            TreePath member = member(path);
            if (once.first(member)) {
                new Moves(source, member).walk(member);
            }
        }
    }

    /** For calls of the method from classes that javac comes to when there is no tree of this one any more. */
    private void remember(TreePath path, Analysis source) {
        if (source.trees().getElement(path) instanceof ExecutableElement method
                && source.isFuture(method.getReturnType())) {
            Reusable.remember(method, source);
        }
    }

    private static boolean mayNameAFuture(ExpressionTree argument) {
        return switch (argument) {
            case IdentifierTree _, MethodInvocationTree _, ConditionalExpressionTree _ -> true;
            case ParenthesizedTree p -> mayNameAFuture(p.getExpression());
            case TypeCastTree c -> mayNameAFuture(c.getExpression());
            default -> false;
        };
    }

    private static TreePath member(TreePath path) {
        TreePath member = path;
        while (!(member.getParentPath().getLeaf() instanceof ClassTree)) {
            member = member.getParentPath();
        }
        return member;
    }

    /** {@return whether {@code method} is known to become the owner of the futures that it is given} */
    static boolean takes(@Nullable ExecutableElement method, Analysis source) {
        if (method == null) {
            return false;
        }
        if (source.isOfOne(method, Calls.COMBINATORS)
                || source.isOneOf(method, Calls.WRAP)
                || source.isOneOf(method, Calls.ADD_FUTURES)) {
            return true;
        }
        TypeMirror owner = Objects.requireNonNull(method.getEnclosingElement()).asType();
        return Calls.MAKE_TASKS.has(method.getSimpleName()) && source.isAnyOf(owner, Calls.MAKE_TASKS.types());
    }

    /** Where each variable's future went. */
    private final class Moves extends Flow<VariableElement, TreePath> {
        private static final Set<Modifier> CONSTANT = Set.of(Modifier.STATIC, Modifier.FINAL);

        /** Variables that hold, at least once, what may be awaited any number of times. */
        private final Set<Element> reusable = new HashSet<>();

        private final Once reported = new Once();

        Moves(Analysis source, TreePath member) {
            super(source, member);
        }

        @Override
        protected boolean enters(TreePath lambda) {
            return true;
        }

        @Override
        protected void assigned(TreePath variable, @Nullable TreePath value) {
            if (source.trees().getElement(variable) instanceof VariableElement element) {
                forget(element);
                if (value != null && isReusable(value)) {
                    reusable.add(element);
                }
            }
        }

        /** A type of its own says what may be done with it, and who keeps a future in a constant means it for many. */
        private boolean isReusable(TreePath value) {
            TypeMirror type = source.trees().getTypeMirror(value);
            if (source.isFuture(type) && !source.is(type, Core.FUTURE)) {
                return true;
            }
            return switch (value.getLeaf()) {
                case ParenthesizedTree p -> isReusable(new TreePath(value, p.getExpression()));
                case TypeCastTree c -> isReusable(new TreePath(value, c.getExpression()));
                case ConditionalExpressionTree c ->
                    isReusable(new TreePath(value, c.getTrueExpression()))
                            || isReusable(new TreePath(value, c.getFalseExpression()));
                // Which of its futures it gives is not looked into.
                case SwitchExpressionTree _ -> true;
                case IdentifierTree _, MemberSelectTree _ ->
                    source.trees().getElement(value) instanceof VariableElement variable
                            && (variable.getModifiers().containsAll(CONSTANT) || reusable.contains(variable));
                case MethodInvocationTree _ -> Reusable.gives(source.called(value), source);
                default -> false;
            };
        }

        @Override
        protected void called(TreePath path) {
            MethodInvocationTree call = (MethodInvocationTree) path.getLeaf();
            ExecutableElement method = source.called(path);
            if (method != null && takes(method, source)) {
                List<? extends ExpressionTree> arguments = call.getArguments();
                for (int i = 0; i < arguments.size(); i++) {
                    if (isTaken(method, i)) {
                        move(new TreePath(path, arguments.get(i)), path, true);
                    }
                }
            } else if (call.getMethodSelect() instanceof MemberSelectTree select
                    && select.getExpression() instanceof IdentifierTree) {
                TreePath receiver = new TreePath(new TreePath(path, select), select.getExpression());
                if (source.isOneOf(method, Calls.POLL)) {
                    use(receiver);
                } else if (source.isOneOf(method, Calls.DROP)) {
                    future(receiver).ifPresent(future -> know(future, path));
                }
            }
        }

        /** A future may also be a value among others, as in {@code Futures.ready(future)}. */
        private boolean isTaken(ExecutableElement method, int argument) {
            List<? extends VariableElement> parameters = method.getParameters();
            TypeMirror type =
                    parameters.get(Math.min(argument, parameters.size() - 1)).asType();
            return source.isFuture(type) || source.isA(type, "java.lang.Iterable");
        }

        private void move(TreePath argument, TreePath taker, boolean surely) {
            switch (argument.getLeaf()) {
                case ParenthesizedTree p -> move(new TreePath(argument, p.getExpression()), taker, surely);
                case TypeCastTree c -> move(new TreePath(argument, c.getExpression()), taker, surely);
                case ConditionalExpressionTree c -> {
                    move(new TreePath(argument, c.getTrueExpression()), taker, false);
                    move(new TreePath(argument, c.getFalseExpression()), taker, false);
                }
                case MethodInvocationTree list
                when isListOf(argument) ->
                    list.getArguments().forEach(a -> move(new TreePath(argument, a), taker, surely));
                case IdentifierTree _ -> {
                    if (surely) {
                        use(argument);
                        future(argument).ifPresent(future -> know(future, taker));
                    } else {
                        branch(() -> use(argument));
                        future(argument).ifPresent(future -> suspect(future, taker));
                    }
                }
                default -> {}
            }
        }

        private boolean isListOf(TreePath path) {
            ExecutableElement method = source.called(path);
            return source.is(method, "java.util.List", "of")
                    || source.is(method, "java.util.Set", "of")
                    || source.is(method, "java.util.Arrays", "asList");
        }

        @Override
        protected void returned(TreePath value) {
            for (TreePath p = value; !(p.getLeaf() instanceof LambdaExpressionTree); p = p.getParentPath()) {
                if (p.getLeaf() instanceof MethodTree) {
                    use(value);
                    return;
                }
            }
        }

        /** {@return the local variable named here, if it holds a future with one owner} */
        private Optional<VariableElement> future(TreePath path) {
            return path.getLeaf() instanceof IdentifierTree
                            && source.trees().getElement(path) instanceof VariableElement variable
                            && variable.getKind() != ElementKind.FIELD
                            && source.is(variable.asType(), Core.FUTURE)
                            && !reusable.contains(variable)
                    ? Optional.of(variable)
                    : Optional.empty();
        }

        private void use(TreePath path) {
            future(path).ifPresent(future -> use(path, future));
        }

        private void use(TreePath path, VariableElement future) {
            TreePath taker = known(future);
            if (taker != null && !source.isExpectedToFail(path) && reported.first(path)) {
                String name = name(taker);
                boolean again = Functions.isWithin(path, taker.getLeaf());
                source.report(
                        Rule.USE_AFTER_MOVE,
                        path,
                        "`" + future + "` was moved into " + name + "(…)"
                                + (again ? " before, here" : source.onLine(taker)) + ", and is used again",
                        // So that Futures.shared(…) alone does not keep it.
                        again && Calls.MAY_LOSE.has(name)
                                ? "the one that is too late is dropped: make a new one in each turn, or keep it across them with"
                                        + " try (var kept = pin(" + future + "))"
                                : "a future has one owner: make a new one each time, keep it across selects with pin("
                                        + future + "), or give it many awaiters with Futures.shared(" + future + ")");
            }
        }

        private String name(TreePath call) {
            return Objects.requireNonNull(source.called(call)).getSimpleName().toString();
        }
    }
}
