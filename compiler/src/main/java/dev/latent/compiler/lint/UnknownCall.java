package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.names.Core;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNKNOWN_WORD} of a call: of a method of Latent's that javac finds none of for these arguments, a lambda where a future is wanted
 * say, or futures given to what takes those of the JDK.
 */
final class UnknownCall implements Lint {
    /** How many futures {@code join} and {@code select} take one by one. */
    private static final int FEW = 4;

    private static final Set<String> TAKE_FUTURES = Set.of(
            "await",
            "spawn",
            "spawnLocal",
            "blockOn",
            "join",
            "settle",
            "select",
            "selectBiased",
            "race",
            "on",
            "timeout",
            "withTimeout",
            "pin",
            "shared",
            "named");

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        MethodInvocationTree call = (MethodInvocationTree) path.getLeaf();
        if (call.getArguments().isEmpty() || source.called(path) != null) {
            return;
        }
        switch (call.getMethodSelect()) {
            case IdentifierTree word
            when UnknownWord.importsAsync(path, word.getName().toString()) ->
                ofAsync(word.getName().toString(), path, call.getArguments(), source);
            case MemberSelectTree select -> {
                TypeMirror of =
                        source.trees().getTypeMirror(new TreePath(new TreePath(path, select), select.getExpression()));
                String name = select.getIdentifier().toString();
                if (source.is(of, Core.ASYNC)) {
                    ofAsync(name, path, call.getArguments(), source);
                } else if (source.is(of, Core.LATENT) || source.isA(of, Core.SPAWNER)) {
                    lambdas(name, path, call.getArguments(), source);
                } else if (source.is(of, "java.util.concurrent.CompletableFuture") && name.matches("allOf|anyOf")) {
                    together(name.equals("allOf") ? "join" : "race", path, call.getArguments(), source);
                }
            }
            default -> {}
        }
    }

    private static void ofAsync(String name, TreePath path, List<? extends ExpressionTree> arguments, Analysis source) {
        TreePath first = new TreePath(path, arguments.getFirst());
        TypeMirror type = source.trees().getTypeMirror(first);
        boolean one = arguments.size() == 1;
        switch (name) {
            case "async" -> {
                if (one) {
                    async(first, type, source);
                }
            }
            case "await" -> {
                if (one && isValue(first, type, source)) {
                    say(
                            first,
                            "this is no future: it is there already",
                            "write " + source.spelled(first) + " itself, without await",
                            source);
                }
            }
            case "sleep" -> {
                if (one && isNumber(type)) {
                    say(
                            first,
                            "how long is said by a Duration",
                            "write sleep(Duration.ofMillis(" + source.spelled(first) + "))",
                            source);
                }
            }
            case "timeout", "withTimeout" -> {
                if (arguments.size() == 2 && Given.future(first, source) != null) {
                    TreePath limit = new TreePath(path, arguments.getLast());
                    if (source.is(source.trees().getTypeMirror(limit), "java.time.Duration")) {
                        say(
                                first,
                                "the limit comes first, and then the future",
                                "write " + name + "(" + source.spelled(limit) + ", " + source.spelled(first) + ")",
                                source);
                    }
                }
            }
            case "join", "select" -> {
                if (arguments.size() > FEW) {
                    together(name.equals("join") ? "join" : "race", path, arguments, source);
                }
            }
            default -> {}
        }
        lambdas(name, path, arguments, source);
    }

    private static void async(TreePath given, @Nullable TypeMirror type, Analysis source) {
        String spelled = source.spelled(given);
        if (Given.future(given, source) != null) {
            say(given, "this is a future already, and async is given a body", "write " + spelled + " alone", source);
        } else if (source.isAsyncClosure(type)
                && type instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement closure) {
            ElementFilter.methodsIn(source.elements().getAllMembers(closure)).stream()
                    .filter(each -> each.getModifiers().contains(Modifier.ABSTRACT)
                            && !each.getParameters().isEmpty())
                    .findFirst()
                    .ifPresent(each -> say(
                            given,
                            "an " + closure.getSimpleName() + " wants something of whoever calls it",
                            "write async(() -> " + spelled + "." + each.getSimpleName() + "(…))",
                            source));
        } else if (isValue(given, type, source)) {
            say(
                    given,
                    "async is given a body, and this is a value",
                    "write Futures.ready(" + spelled + "), or async(() -> …) around the code that makes it",
                    source);
        }
    }

    private static void together(
            String word, TreePath path, List<? extends ExpressionTree> arguments, Analysis source) {
        List<String> spelled = new ArrayList<>();
        for (ExpressionTree each : arguments) {
            TreePath at = new TreePath(path, each);
            if (Given.future(at, source) == null) {
                return;
            }
            spelled.add(source.spelled(at));
        }
        String all = String.join(", ", spelled);
        say(
                path,
                "these are Latent's futures, of which " + word + " makes one",
                "write " + word
                        + (word.equals("join") && spelled.size() > 1 && spelled.size() <= FEW
                                ? "(" + all + ")"
                                : "(List.of(" + all + "))"),
                source);
    }

    private static void lambdas(String name, TreePath path, List<? extends ExpressionTree> arguments, Analysis source) {
        if (TAKE_FUTURES.contains(name)) {
            for (ExpressionTree each : arguments) {
                if (each instanceof LambdaExpressionTree) {
                    say(
                            new TreePath(path, each),
                            "this is a lambda, and a future is wanted",
                            "write async(() -> …) around its body",
                            source);
                }
            }
        }
    }

    private static boolean isNumber(@Nullable TypeMirror type) {
        return type != null && (type.getKind() == TypeKind.INT || type.getKind() == TypeKind.LONG);
    }

    /** {@return whether this can't be a future of anybody's} */
    private static boolean isValue(TreePath at, @Nullable TypeMirror type, Analysis source) {
        return !(at.getLeaf() instanceof LambdaExpressionTree)
                && Given.isKnown(type)
                && type != null
                && !source.isFuture(type)
                && !source.isA(type, WrongFuture.THEIRS)
                && !source.isA(type, WrongFuture.STAGE)
                && !source.is(type, "java.lang.Object");
    }

    private static void say(TreePath at, String why, String fix, Analysis source) {
        source.report(Rule.UNKNOWN_WORD, at, why, fix);
    }
}
