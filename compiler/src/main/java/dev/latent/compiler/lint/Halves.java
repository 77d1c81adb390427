package dev.latent.compiler.lint;

import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * What a future leaves half done where it is dropped: the objects on which, or with which, methods marked {@code @LeavesHalf} are called, as far
 * as variables name them. Methods that are compiled here are looked into.
 */
final class Halves {
    /**
     * One such object.
     *
     * @param target the variable that holds it
     * @param method the name of the method that leaves it half done
     * @param goesOn whether the same call, made anew, goes on where it was
     * @param arguments the variables that the call is given
     */
    record Half(Element target, String method, boolean goesOn, Set<Element> arguments) {}

    private final Analysis source;
    private final Map<ExecutableElement, List<Half>> known = new HashMap<>();

    Halves(Analysis source) {
        this.source = source;
    }

    /** {@return what the future at {@code path} leaves half done where it is dropped} */
    List<Half> of(TreePath path) {
        List<Half> found = new ArrayList<>();
        future(path, found, Functions.FAR);
        return found;
    }

    /** {@return what the call at {@code path} does half of, in so far as it is not a combinator of others} */
    List<Half> ofCall(TreePath path) {
        List<Half> found = new ArrayList<>();
        call(path, found, Functions.FAR);
        return found;
    }

    private void future(TreePath path, List<Half> found, int far) {
        switch (path.getLeaf()) {
            case ParenthesizedTree p -> future(new TreePath(path, p.getExpression()), found, far);
            case TypeCastTree c -> future(new TreePath(path, c.getExpression()), found, far);
            case ConditionalExpressionTree c -> {
                future(new TreePath(path, c.getTrueExpression()), found, far);
                future(new TreePath(path, c.getFalseExpression()), found, far);
            }
            case IdentifierTree _ -> {
                if (far > 0
                        && source.trees().getElement(path) instanceof Element local
                        && local.getKind() == ElementKind.LOCAL_VARIABLE
                        && source.is(local.asType(), Core.FUTURE)
                        && VariableUses.initializer(local, Functions.member(path), source) instanceof TreePath value) {
                    future(value, found, far - 1);
                }
            }
            case LambdaExpressionTree _ when source.isAsyncClosure(path) -> body(path, found, far);
            case MethodInvocationTree tree -> {
                ExecutableElement method = source.called(path);
                if (method != null
                        && (source.isOfOne(method, Calls.COMBINATORS) || source.isOneOf(method, Calls.WRAP))) {
                    if (!Calls.KEEP.has(method.getSimpleName()) && !Calls.TAKE_NO_FUTURE.has(method.getSimpleName())) {
                        List<? extends ExpressionTree> arguments = tree.getArguments();
                        // What a handler does comes after the drop.
                        int count = source.isOneOf(method, Calls.HANDLED) ? 1 : arguments.size();
                        arguments.subList(0, count).forEach(a -> future(new TreePath(path, a), found, far));
                    }
                } else {
                    call(path, found, far);
                }
            }
            default -> {}
        }
    }

    /** What an async body does half of: what it calls. */
    private void body(TreePath lambda, List<Half> found, int far) {
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
                call(getCurrentPath(), found, far);
                return super.visitMethodInvocation(tree, nothing);
            }
        }.scan(new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody()), null);
    }

    private void call(TreePath path, List<Half> found, int far) {
        ExecutableElement method = source.called(path);
        if (method == null || !source.isFuture(method.getReturnType())) {
            return;
        }
        MethodInvocationTree call = (MethodInvocationTree) path.getLeaf();
        if (marked(method) instanceof ExecutableElement marked) {
            direct(path, call, method, marked, found);
        } else if (far > 0) {
            for (Half half : inside(method, far)) {
                Element target = translated(half.target(), method, path, call);
                if (target != null) {
                    Set<Element> arguments = new HashSet<>();
                    half.arguments().forEach(a -> {
                        if (translated(a, method, path, call) instanceof Element given) {
                            arguments.add(given);
                        }
                    });
                    found.add(new Half(target, method.getSimpleName().toString(), half.goesOn(), arguments));
                }
            }
        }
    }

    // ---- methods that say so ---------------------------------------------------------------------------------------

    /** {@return the method, or one that it overrides, that has the mark, itself or on a parameter; or null} */
    private @Nullable ExecutableElement marked(ExecutableElement method) {
        if (isMarked(method) || method.getParameters().stream().anyMatch(Halves::isMarked)) {
            return method;
        }
        return method.getModifiers().contains(Modifier.STATIC)
                        || !(method.getEnclosingElement() instanceof TypeElement owner)
                ? null
                : marked(method, owner, owner);
    }

    private @Nullable ExecutableElement marked(ExecutableElement method, TypeElement owner, TypeElement from) {
        for (TypeMirror type : source.types().directSupertypes(from.asType())) {
            if (!(source.types().asElement(type) instanceof TypeElement above)
                    || above.getQualifiedName().contentEquals("java.lang.Object")) {
                continue;
            }
            for (Element each : above.getEnclosedElements()) {
                if (each instanceof ExecutableElement other
                        && other.getSimpleName().equals(method.getSimpleName())
                        && (isMarked(other) || other.getParameters().stream().anyMatch(Halves::isMarked))
                        && source.elements().overrides(method, other, owner)) {
                    return other;
                }
            }
            if (marked(method, owner, above) instanceof ExecutableElement found) {
                return found;
            }
        }
        return null;
    }

    private static boolean isMarked(Element element) {
        return has(element, Core.LEAVES_HALF);
    }

    static boolean has(Element element, String annotation) {
        return element.getAnnotationMirrors().stream()
                .anyMatch(a -> ((TypeElement) a.getAnnotationType().asElement())
                        .getQualifiedName()
                        .contentEquals(annotation));
    }

    private void direct(
            TreePath path,
            MethodInvocationTree call,
            ExecutableElement method,
            ExecutableElement marked,
            List<Half> found) {
        Set<Element> arguments = new HashSet<>();
        for (ExpressionTree argument : call.getArguments()) {
            if (variable(new TreePath(path, argument)) instanceof Element given) {
                arguments.add(given);
            }
        }
        String name = method.getSimpleName().toString();
        boolean goesOn = !has(marked, Core.NOT_CANCEL_SAFE);
        if (isMarked(marked)
                && call.getMethodSelect() instanceof MemberSelectTree select
                && variable(new TreePath(new TreePath(path, select), select.getExpression()))
                        instanceof Element target) {
            found.add(new Half(target, name, goesOn, arguments));
        }
        for (int i = 0;
                i < marked.getParameters().size() && i < call.getArguments().size();
                i++) {
            if (isMarked(marked.getParameters().get(i))
                    && variable(new TreePath(path, call.getArguments().get(i))) instanceof Element target) {
                found.add(new Half(target, name, goesOn, arguments));
            }
        }
    }

    /** {@return the variable that is named at {@code path}, of this object where it is a field, or null} */
    private @Nullable Element variable(TreePath path) {
        return KeptFutures.isOfThis(path) && source.trees().getElement(path) instanceof VariableElement variable
                ? variable
                : null;
    }

    // ---- methods that are compiled here ----------------------------------------------------------------------------

    /** {@return what the futures of {@code method} do half of, by its own names} */
    private List<Half> inside(ExecutableElement method, int far) {
        List<Half> before = known.get(method);
        if (before != null) {
            return before;
        }
        known.put(method, List.of()); // in a recursion, what it does is found by the outermost
        TreePath body = Functions.body(method, source);
        if (body == null) {
            known.remove(method);
            return List.of();
        }
        List<Half> found = new ArrayList<>();
        for (TreePath value : Returned.by(body)) {
            if (source.calls(value, Calls.ASYNC) || value.getLeaf() instanceof MethodInvocationTree) {
                future(value, found, far - 1);
            }
        }
        found.removeIf(half -> half.target().getKind() != ElementKind.PARAMETER
                && half.target().getKind() != ElementKind.FIELD);
        known.put(method, found);
        return found;
    }

    /** {@return a parameter's argument, and a field of this object as it is; or null} */
    private @Nullable Element translated(
            Element inner, ExecutableElement method, TreePath path, MethodInvocationTree call) {
        int parameter = method.getParameters().indexOf(inner);
        if (parameter >= 0) {
            return parameter < call.getArguments().size()
                    ? variable(new TreePath(path, call.getArguments().get(parameter)))
                    : null;
        }
        boolean own = KeptFutures.isOfThis(new TreePath(path, call.getMethodSelect()));
        return inner.getKind() == ElementKind.FIELD
                        && (own || inner.getModifiers().contains(Modifier.STATIC))
                ? inner
                : null;
    }
}
