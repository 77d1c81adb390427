package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All lints, over one walk through the source. */
public final class Lints {
    private final Map<Tree.Kind, List<Lint>> all = new EnumMap<>(Tree.Kind.class);
    private final Map<Tree.Kind, List<Lint>> withoutBodies = new EnumMap<>(Tree.Kind.class);

    /** All there are. */
    public Lints() {
        for (Lint lint : List.of(
                new AwaitOutsideAsync(),
                new LockAcrossAwait(),
                new AsyncCloseOutsideAsync(),
                new FinallyLeaves(),
                new AsyncMethodReference(),
                new Unused(),
                new ForgottenAwait(),
                new BlockingCall(),
                new LazyFromProxy(),
                new FieldNotDropped(),
                new RecreatedInSelect(),
                new SequentialAwaits(),
                new AsyncWithoutAwait(),
                new SharedCapture(),
                new UseAfterMove(),
                new ContextAcrossAwait(),
                new FutureOfFuture(),
                new WrongFuture(),
                new NotSend())) {
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

    /**
     * Looks through the class at {@code type}.
     *
     * @param hasBodies whether its file has async bodies
     */
    public void check(TreePath type, boolean hasBodies, Analysis source) {
        Map<Tree.Kind, List<Lint>> byKind = hasBodies ? all : withoutBodies;
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void scan(TreePath path, @Nullable Void nothing) {
                show(path);
                return super.scan(path, nothing);
            }

            @Override
            public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
                if (tree != null && byKind.containsKey(tree.getKind())) {
                    show(new TreePath(getCurrentPath(), tree));
                }
                return super.scan(tree, nothing);
            }

            private void show(TreePath path) {
                byKind.getOrDefault(path.getLeaf().getKind(), List.of()).forEach(lint -> lint.check(path, source));
            }
        }.scan(type, null);
    }
}
