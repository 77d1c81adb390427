package dev.latent.compiler.lint;

import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#AWAITED_TWICE}: a future that something keeps, a list, a field or a map, and that is awaited from there when it is gone. What a local
 * variable holds is {@link UseAfterMove}'s.
 */
final class AwaitedTwice implements Lint {
    private static final Set<String> PUT_OUT =
            Set.of("remove", "clear", "put", "replace", "compute", "computeIfPresent");

    private final Once walked = new Once();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION, Tree.Kind.VARIABLE);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (path.getLeaf() instanceof VariableTree) {
            field(path, source);
            return;
        }
        MethodInvocationTree call = (MethodInvocationTree) path.getLeaf();
        ExecutableElement method = source.called(path);
        if (UseAfterMove.takes(method, source) && !call.getArguments().isEmpty()) {
            TreePath member = Functions.member(path);
            if (walked.first(member)) {
                new KeptFutures(source, member).walk(member);
            }
        } else if (source.is(method, "java.util.Map", "computeIfAbsent")
                || source.is(method, "java.util.HashMap", "computeIfAbsent")
                || source.is(method, "java.util.concurrent.ConcurrentMap", "computeIfAbsent")
                || source.is(method, "java.util.concurrent.ConcurrentHashMap", "computeIfAbsent")) {
            cached(path, call, source);
        }
    }

    // ---- maps ------------------------------------------------------------------------------------------------------

    /** {@code await(cache.computeIfAbsent(key, k -> load(k)))}. */
    private static void cached(TreePath path, MethodInvocationTree call, Analysis source) {
        TreePath made = made(new TreePath(path, call.getArguments().getLast()), source);
        if (made != null && (isTaken(path, source) || isTakenByName(path, source)) && !isPutOut(path, call, source)) {
            source.report(
                    Rule.AWAITED_TWICE,
                    made,
                    "the map keeps this future when it has ended, and whoever finds it there next finds it gone",
                    "let the map keep one for many: "
                            + (made.getLeaf() instanceof MemberReferenceTree
                                    ? "key -> Futures.shared(…(key))"
                                    : "Futures.shared(" + source.spelled(made) + ")"));
        }
    }

    /** {@return the call by which the function at {@code path} makes a future with one owner, or null} */
    private static @Nullable TreePath made(TreePath path, Analysis source) {
        TreePath value = path;
        if (path.getLeaf() instanceof LambdaExpressionTree lambda) {
            List<TreePath> values = Returned.by(new TreePath(path, lambda.getBody()));
            if (values.size() != 1) {
                return null;
            }
            value = values.getFirst();
        } else if (!(path.getLeaf() instanceof MemberReferenceTree)) {
            return null;
        }
        return KeptFutures.isSingle(value, source) ? value : null;
    }

    private static boolean isTaken(TreePath path, Analysis source) {
        TreePath parent = path.getParentPath();
        return parent.getLeaf() instanceof MethodInvocationTree taker
                && taker.getArguments().contains(path.getLeaf())
                && UseAfterMove.takes(source.called(parent), source);
    }

    /** By way of a local variable that is awaited. */
    private static boolean isTakenByName(TreePath path, Analysis source) {
        TreePath parent = path.getParentPath();
        if (!(parent.getLeaf() instanceof VariableTree)
                || !(source.trees().getElement(parent) instanceof Element local)
                || local.getKind() != ElementKind.LOCAL_VARIABLE) {
            return false;
        }
        return !KeptFutures.takes(local, Functions.member(path), source).isEmpty();
    }

    /** {@return whether the same method changes the map otherwise too, so that the future need not stay in it} */
    private static boolean isPutOut(TreePath path, MethodInvocationTree call, Analysis source) {
        if (!(map(path, call, source) instanceof Element map)) {
            return false;
        }
        boolean[] found = {false};
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethodInvocation(MethodInvocationTree other, @Nullable Void nothing) {
                found[0] |= source.called(getCurrentPath()) instanceof ExecutableElement method
                        && PUT_OUT.contains(method.getSimpleName().toString())
                        && map.equals(map(getCurrentPath(), other, source));
                return super.visitMethodInvocation(other, nothing);
            }
        }.scan(Functions.member(path), null);
        return found[0];
    }

    private static @Nullable Element map(TreePath path, MethodInvocationTree call, Analysis source) {
        return call.getMethodSelect() instanceof MemberSelectTree select
                ? source.trees().getElement(new TreePath(new TreePath(path, select), select.getExpression()))
                : null;
    }

    // ---- fields, in one method and another -------------------------------------------------------------------------

    /** JUnit makes an object for each test. */
    private static boolean hasObjectOfItsOwn(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .anyMatch(a -> a.getAnnotationType().toString().endsWith("Test"));
    }

    private static void field(TreePath path, Analysis source) {
        if (!(source.trees().getElement(path) instanceof Element field)
                || field.getKind() != ElementKind.FIELD
                || !source.is(field.asType(), Core.FUTURE)
                || KeptFutures.value(field, source) == null) {
            return;
        }
        TreePath type = path.getParentPath();
        List<TreePath> before = new ArrayList<>();
        for (TreePath take : KeptFutures.takes(field, type, source)) {
            TreePath member = Functions.member(take);
            if (!KeptFutures.isOfThis(take)
                    || !(member.getLeaf() instanceof MethodTree method)
                    || method.getName().contentEquals("<init>")
                    || hasObjectOfItsOwn(method)) {
                continue;
            }
            for (TreePath first : before) {
                if (Functions.member(first).getLeaf() != member.getLeaf() && !isEither(first, take, source)) {
                    KeptFutures.report(field, take, first, source);
                    return;
                }
            }
            before.add(take);
        }
    }

    /** {@return whether one of them makes a task of the future, and the other does not: most likely the caller has the choice} */
    private static boolean isEither(TreePath one, TreePath other, Analysis source) {
        String first = maker(one, source);
        String second = maker(other, source);
        return !first.equals(second);
    }

    /** {@return the name of the method that makes a task of the future at {@code path}, or nothing} */
    private static String maker(TreePath path, Analysis source) {
        ExecutableElement taker = source.called(path.getParentPath());
        return taker != null && Calls.MAKE_TASKS.has(taker.getSimpleName())
                ? taker.getSimpleName().toString()
                : "";
    }
}
