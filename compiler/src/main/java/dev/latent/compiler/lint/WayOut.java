package dev.latent.compiler.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.names.Core;
import java.util.Map;
import java.util.Objects;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** What works in place of an await or a spawn where no async body is: {@link Rule#AWAIT_OUTSIDE_ASYNC}. */
final class WayOut {
    /** The JDK's functions, and those of the same shape whose lambdas may await. */
    private static final Map<String, String> ASYNC_ALIKE = Map.of(
            "java.lang.Runnable", "AsyncRunnable",
            "java.util.concurrent.Callable", "AsyncCallable",
            "java.util.function.Supplier", "AsyncCallable",
            "java.util.function.Function", "AsyncFunction",
            "java.util.function.BiFunction", "AsyncBiFunction",
            "java.util.function.Consumer", "AsyncConsumer",
            "java.util.function.Predicate", "AsyncPredicate");

    private final TreePath at;
    private final TreePath place;
    private final Analysis source;

    /**
     * For the call or method reference at {@code at}.
     *
     * @param place the lambda, method, initialiser or field around
     */
    WayOut(TreePath at, TreePath place, Analysis source) {
        this.at = at;
        this.place = place;
        this.source = source;
    }

    /** {@return what to do in place of an await} */
    String ofAwait() {
        return switch (place.getLeaf()) {
            case LambdaExpressionTree _, MemberReferenceTree _ ->
                ofFunction(source.trees().getTypeMirror(place));
            case MethodTree _ when isMain() -> "write " + blockOn() + ", which runs it to its end on this thread";
            case MethodTree method
            when method.getReturnType() != null ->
                isGiven(place)
                        ? ofFunction(source.trees().getTypeMirror(place.getParentPath()))
                        : "let the method return async(() -> …), or wait with Latent.blockOn(…) where no executor runs";
            default ->
                isStatic()
                        ? "write " + blockOn()
                                + " where no executor runs yet, or let an async method await it, and hand it on"
                        : "keep the future, or let an async method await it first and then make the object: async(() -> new "
                                + type(place) + "(await(…)))";
        };
    }

    /** {@return what to do in place of a spawn} */
    String ofSpawn() {
        return switch (place.getLeaf()) {
            case MemberReferenceTree _ -> "pass a Spawner, as context().spawner() gives it: spawner::spawn";
            case LambdaExpressionTree _
            when !source.isInsideAsync(place) ->
                "write async(() -> …) around it, or have the lambda's type annotated @AsyncClosure";
            case LambdaExpressionTree _ ->
                "take `var spawner = context().spawner()` before the lambda, and use the spawner in it";
            case MethodTree _
            when isMain() ->
                "spawn on an executor of your own, executor.spawn(…), or in a body that it runs: Latent.blockOn(async(() -> { … }))";
            case MethodTree method
            when method.getReturnType() != null && !isGiven(place) ->
                "let the method return async(() -> …), or take a Spawner, as context().spawner() gives it";
            default -> "let an async method do it, or pass a Spawner, as context().spawner() gives it";
        };
    }

    /** {@return what to do in place of a direct call of an async closure} */
    String ofCall() {
        String body = "async(() -> " + source.spelled(at) + ")";
        return place.getLeaf() instanceof MethodTree method && method.getReturnType() != null && !isMain()
                ? "let the method return " + body + ", or run that with Latent.blockOn(…) where no executor runs"
                : "write Latent.blockOn(" + body + ") where no executor runs";
    }

    private String blockOn() {
        return "Latent.blockOn("
                + (at.getLeaf() instanceof MethodInvocationTree call
                                && call.getArguments().size() == 1
                        ? source.spelled(new TreePath(at, call.getArguments().getFirst()))
                        : "…")
                + ")";
    }

    // ---- functions --------------------------------------------------------------------------------------------------

    /** {@return what to do in place of an await in a function of {@code type}, whose caller can't wait for it} */
    private String ofFunction(TypeMirror type) {
        ExecutableElement taker = source.called(place.getParentPath());
        String name = taker == null ? "" : taker.getSimpleName().toString();
        String owner = taker == null ? "" : String.valueOf(taker.getEnclosingElement());
        if (source.isA(type, "java.util.Comparator")) {
            return "await before you sort: join(…) the keys, and compare what it gives";
        }
        if (owner.startsWith("java.util.stream.")) {
            return "let the stream only make the futures, .toList(), and await(join(list)); or use a loop";
        }
        if (owner.startsWith("java.util.Optional")) {
            return "use an if on isPresent() in the async body in place of the lambda";
        }
        if (owner.equals(Core.FUTURES)) {
            return "write Futures.then(…), whose function returns the future and does not await it; or an async body that awaits both";
        }
        if (owner.equals(Core.STREAM) && name.matches("map|filter|fold|unfold")) {
            return "write " + name + "Async(…), whose lambda may await";
        }
        if (owner.equals(Core.ASYNC)) {
            return "await before the call, and use the value in this lambda, which runs on another thread";
        }
        if (isStage(owner) && name.matches("then.*|handle.*|when.*|exceptionally.*|complete.*")) {
            return "await in an async body, Futures.observe(…) of the stage first, in place of adding to the stage";
        }
        if (isThread(taker, owner, name)) {
            return "this lambda has a thread of its own, which may wait: write " + blockOn()
                    + (source.isInsideAsync(place) ? ", or spawn(async(() -> …)) in place of the thread" : "");
        }
        if (name.matches("compute.*|merge")) {
            return "get(…) first; if there is nothing, await the value in the async body and put(…) it";
        }
        if (name.matches("forEach.*|replaceAll|removeIf")) {
            return source.isInsideAsync(place)
                    ? "use a loop in the async body in place of the lambda"
                    : "use a loop in place of the lambda, in an async body: async(() -> { for (…) { … } })";
        }
        if (place.getLeaf() instanceof MethodTree method) {
            if (method.getName().contentEquals("close") && source.isA(type, "java.lang.AutoCloseable")) {
                return "implement AsyncCloseable, and do it in closeAsync(), for which a try-with-resources of an async body waits";
            }
            return "let the type above declare a Future too; if it is not yours, await before this object is made, and let it keep the value";
        }
        return ofFunctionalType(type, taker);
    }

    private String ofFunctionalType(TypeMirror type, @Nullable ExecutableElement taker) {
        @Nullable
        String alike = type instanceof DeclaredType declared
                ? ASYNC_ALIKE.get(declared.asElement().toString())
                : null;
        if (alike != null && (taker == null || source.trees().getTree(taker) != null)) {
            return "let " + (taker == null ? "it be" : taker.getSimpleName() + "(…) take") + " an " + alike
                    + ", whose lambda may await: "
                    + (alike.equals("AsyncCallable") || alike.equals("AsyncRunnable")
                            ? "async(…) makes a future of it"
                            : "a call of it in an async body awaits it");
        }
        return source.isInsideAsync(place)
                ? "await before the lambda and use the value in it, use a loop instead, or a lambda of an @AsyncClosure interface"
                : "write async(() -> …) around it, or have the lambda's type annotated @AsyncClosure";
    }

    private static boolean isStage(String owner) {
        return owner.equals("java.util.concurrent.CompletableFuture")
                || owner.equals("java.util.concurrent.CompletionStage");
    }

    private boolean isThread(@Nullable ExecutableElement taker, String owner, String name) {
        return taker != null
                && (owner.startsWith("java.lang.Thread")
                        || isStage(owner) && name.matches("supplyAsync|runAsync")
                        || source.isA(
                                        Objects.requireNonNull(taker.getEnclosingElement())
                                                .asType(),
                                        "java.util.concurrent.Executor")
                                && name.matches("execute|submit|invoke|schedule.*"));
    }

    // ---- where it stands --------------------------------------------------------------------------------------------

    private boolean isMain() {
        return place.getLeaf() instanceof MethodTree method
                && method.getName().contentEquals("main")
                && !isGiven(place);
    }

    private boolean isStatic() {
        return place.getLeaf() instanceof BlockTree block && block.isStatic()
                || place.getLeaf() instanceof VariableTree variable
                        && variable.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private String type(TreePath member) {
        Element type = source.trees().getElement(member.getParentPath());
        return type == null ? "…" : type.getSimpleName().toString();
    }

    /** {@return whether the method at {@code path} has its type from a class or interface above} */
    private boolean isGiven(TreePath path) {
        return source.trees().getElement(path) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && isGiven(method, owner, owner.asType());
    }

    private boolean isGiven(ExecutableElement method, TypeElement owner, TypeMirror type) {
        return source.types().directSupertypes(type).stream()
                .anyMatch(above -> ((DeclaredType) above).asElement() instanceof Element element
                        && (ElementFilter.methodsIn(element.getEnclosedElements()).stream()
                                        .anyMatch(m -> source.elements().overrides(method, m, owner))
                                || isGiven(method, owner, above)));
    }
}
