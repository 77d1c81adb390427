package dev.latent.compiler.lint;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Given;
import dev.latent.compiler.names.Core;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;

/**
 * {@link Rule#UNKNOWN_WORD}: a name that javac has not found, and that Latent knows, by another import, or in other words: what is a method of
 * the futures of other libraries and languages, {@code future.get()}.
 */
final class UnknownWord implements Lint {
    private static final Set<String> VALUE = Set.of(
            "get",
            "join",
            "await",
            "block",
            "blockingGet",
            "result",
            "resultNow",
            "getNow",
            "getResult",
            "getOrThrow",
            "value");
    private static final Set<String> THEN = Set.of(
            "then",
            "map",
            "flatMap",
            "thenApply",
            "thenApplyAsync",
            "thenAccept",
            "thenRun",
            "thenCompose",
            "andThen",
            "onSuccess");
    private static final Set<String> FAILURE = Set.of(
            "exceptionally",
            "handle",
            "whenComplete",
            "recover",
            "onErrorResume",
            "onErrorReturn",
            "onFailure",
            "catching");
    private static final Set<String> TOGETHER = Set.of("thenCombine", "zip", "zipWith", "thenAcceptBoth");
    private static final Set<String> TIMEOUT = Set.of("orTimeout", "completeOnTimeout", "timeout", "withTimeout");
    private static final Set<String> START = Set.of("start", "run", "subscribe", "launch", "execute", "spawn");
    private static final Set<String> STATE = Set.of("isDone", "isCompleted", "isCancelled", "isCompletedExceptionally");

    /** Where Latent's types are, the nearest first. */
    private static final List<String> PACKAGES = List.of(
            Core.PACKAGE,
            Core.PACKAGE + ".runtime",
            Core.PACKAGE + ".channel",
            Core.PACKAGE + ".sync",
            Core.PACKAGE + ".stream",
            Core.PACKAGE + ".io",
            Core.PACKAGE + ".task",
            Core.PACKAGE + ".world",
            Core.PACKAGE + ".web");

    /** What was said of imports, for each source file. */
    private final Map<Object, Set<String>> told = new HashMap<>();

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(
                Tree.Kind.METHOD_INVOCATION,
                Tree.Kind.MEMBER_SELECT,
                Tree.Kind.NEW_CLASS,
                Tree.Kind.VARIABLE,
                Tree.Kind.METHOD);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        switch (path.getLeaf()) {
            case MethodInvocationTree call -> {
                if (call.getMethodSelect() instanceof IdentifierTree && source.called(path) == null) {
                    unqualified(new TreePath(path, call.getMethodSelect()), source);
                }
            }
            case MemberSelectTree select
            when source.isRefused(path) -> {
                TreePath of = new TreePath(path, select.getExpression());
                if (Given.future(of, source) instanceof Given future) {
                    member(path, select.getIdentifier().toString(), of, future, source);
                } else {
                    type(of, source);
                }
            }
            case NewClassTree made -> type(new TreePath(path, made.getIdentifier()), source);
            case VariableTree variable
            when variable.getType() != null -> type(new TreePath(path, variable.getType()), source);
            case MethodTree method
            when method.getReturnType() != null -> type(new TreePath(path, method.getReturnType()), source);
            default -> {}
        }
    }

    // ---- words of others --------------------------------------------------------------------------------------------

    private static void member(TreePath path, String word, TreePath of, Given future, Analysis source) {
        if (future.value() != null && RefusedFuture.has(future.value(), word, source)) {
            return;
        }
        String spelled = source.spelled(of);
        boolean inBody = source.asyncBody(path) != null;
        String instead = null;
        if (VALUE.contains(word)) {
            instead = MissingAwait.fix(of, source);
        } else if (THEN.contains(word)) {
            instead = "what comes after an await comes then: var value = await(" + spelled + ")"
                    + (inBody ? "" : " in an async body, async(() -> …)");
        } else if (FAILURE.contains(word)) {
            instead = "an await throws what the future throws: try { await(" + spelled + ") } catch (Exception e) { … }"
                    + (inBody ? "" : " in an async body, async(() -> …)");
        } else if (TOGETHER.contains(word)) {
            instead = "write join(" + spelled + ", …), whose value is that of both";
        } else if (TIMEOUT.contains(word)) {
            instead = "write timeout(Duration.of…, " + spelled + ")";
        } else if (START.contains(word)) {
            instead = inBody
                    ? "write await(" + spelled + "), or spawn(" + spelled + ") to run it beside this body"
                    : "write Latent.blockOn(" + spelled + "), or executor.spawn(" + spelled + ")";
        } else if (word.equals("cancel")) {
            instead = "write " + spelled + ".drop(), which cancels it";
        } else if (STATE.contains(word)) {
            instead = "spawn it, and ask its handle: isFinished()";
        }
        if (instead != null) {
            source.report(
                    Rule.UNKNOWN_WORD,
                    of,
                    "this is a " + future.spelled() + ", which has no " + word
                            + ": a future is no running task, it is awaited",
                    instead);
        }
    }

    // ---- imports ----------------------------------------------------------------------------------------------------

    private void unqualified(TreePath word, Analysis source) {
        String name = ((IdentifierTree) word.getLeaf()).getName().toString();
        if ((importsLatent(word) || name.equals("async") || name.equals("await"))
                && !importsAsync(word, name)
                && source.elements().getTypeElement(Core.ASYNC) instanceof TypeElement async
                && async.getEnclosedElements().stream()
                        .anyMatch(each -> each.getKind() == ElementKind.METHOD
                                && each.getModifiers().contains(Modifier.PUBLIC)
                                && each.getSimpleName().contentEquals(name))) {
            say(word, name, "import static " + Core.ASYNC + "." + (importsAnyAsync(word) ? name : "*"), source);
        }
    }

    private void type(TreePath type, Analysis source) {
        Tree tree = type.getLeaf() instanceof ParameterizedTypeTree generic ? generic.getType() : type.getLeaf();
        if (!(tree instanceof IdentifierTree identifier)
                || !source.isRefused(type)
                || source.trees().getElement(new TreePath(type, tree)) instanceof TypeElement known
                        && known.asType().getKind() != TypeKind.ERROR
                || !importsLatent(type) && !identifier.getName().contentEquals(Core.simple(Core.LATENT))) {
            return;
        }
        for (String in : PACKAGES) {
            if (source.elements().getTypeElement(in + "." + identifier.getName()) instanceof TypeElement found
                    && found.getModifiers().contains(Modifier.PUBLIC)) {
                say(type, identifier.getName().toString(), "import " + found.getQualifiedName(), source);
                return;
            }
        }
    }

    private void say(TreePath at, String name, String write, Analysis source) {
        if (told.computeIfAbsent(at.getCompilationUnit(), unit -> new HashSet<>())
                .add(write)) {
            source.report(
                    Rule.UNKNOWN_WORD, at, "`" + name + "` is Latent's, and nothing imports it here", "write " + write);
        }
    }

    private static boolean importsLatent(TreePath path) {
        return path.getCompilationUnit().getImports().stream()
                .anyMatch(each -> each.getQualifiedIdentifier().toString().startsWith(Core.PACKAGE + "."));
    }

    static boolean importsAsync(TreePath path, String name) {
        return path.getCompilationUnit().getImports().stream()
                .filter(ImportTree::isStatic)
                .map(each -> each.getQualifiedIdentifier().toString())
                .anyMatch(each -> each.equals(Core.ASYNC + ".*") || each.equals(Core.ASYNC + "." + name));
    }

    private static boolean importsAnyAsync(TreePath path) {
        return path.getCompilationUnit().getImports().stream()
                .anyMatch(each -> each.isStatic()
                        && each.getQualifiedIdentifier().toString().startsWith(Core.ASYNC + "."));
    }
}
