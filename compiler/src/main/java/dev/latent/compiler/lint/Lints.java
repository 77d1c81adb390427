package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.lint.source.Analysis;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All lints. */
public final class Lints {
    private final Map<Tree.Kind, List<Lint>> all = new EnumMap<>(Tree.Kind.class);
    private final Map<Tree.Kind, List<Lint>> withoutBodies = new EnumMap<>(Tree.Kind.class);

    /** All there are. */
    public Lints() {
        MissingAwait missing = new MissingAwait();
        for (Lint lint : List.of(
                new AwaitOutsideAsync(),
                new LockAcrossAwait(),
                new AsyncCloseOutsideAsync(),
                new FinallyLeaves(),
                new AsyncMethodReference(),
                new ClosureClass(),
                new Unused(),
                new ForgottenAwait(),
                new NotClosed(),
                new TaskLocalElsewhere(),
                new RefusedFuture(missing),
                new UnknownWord(),
                new UnknownCall(),
                new BlockingCall(),
                new NestedBlockOn(),
                new FutureLeavesBlock(),
                new NullFuture(),
                new AwaitedTwice(),
                new ThreadLocalAcrossAwait(),
                new UsedHalfDone(),
                new HandedToNobody(),
                new LazyFromProxy(),
                new FieldNotDropped(),
                new RecreatedInSelect(),
                new SequentialAwaits(),
                new AsyncWithoutAwait(),
                new SharedCapture(),
                new UseAfterMove(),
                new ContextAcrossAwait(),
                new FutureOfFuture(missing),
                new WrongFuture(),
                new NotSend(),
                new UnknownSuppression())) {
            add(lint, all);
            if (!lint.onlyOfBodies()) {
                add(lint, withoutBodies);
            }
        }
    }

    private static void add(Lint lint, Map<Tree.Kind, List<Lint>> to) {
        lint.kinds().forEach(kind -> to.computeIfAbsent(kind, k -> new ArrayList<>())
                .add(lint));
    }

    /** {@return the kinds of tree that there is a lint for} */
    public Set<Tree.Kind> kinds() {
        return all.keySet();
    }

    /**
     * Looks at the trees of a class.
     *
     * @param trees those of {@link #kinds}, from the outside in
     * @param hasBodies whether its file has async bodies
     */
    public void check(List<TreePath> trees, boolean hasBodies, Analysis source) {
        Map<Tree.Kind, List<Lint>> byKind = hasBodies ? all : withoutBodies;
        for (TreePath path : trees) {
            for (Lint lint : byKind.getOrDefault(path.getLeaf().getKind(), List.of())) {
                lint.check(path, source);
            }
        }
    }
}
