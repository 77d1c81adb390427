package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.latent.compiler.model.ElementOracle;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The async bodies in the source, line by line: when a class is woven, javac has already taken its tree apart. */
final class BodyTrees {
    private final Map<CompilationUnitTree, TreeMap<Long, TreePath>> byLine = new IdentityHashMap<>();

    /** {@return the class that {@code event} is about; of the others in its source javac may have taken the trees apart} */
    static Optional<TreePath> declared(TaskEvent event, Trees trees) {
        TreePath unit = new TreePath(event.getCompilationUnit());
        return event.getCompilationUnit().getTypeDecls().stream()
                .map(declared -> new TreePath(unit, declared))
                .filter(path ->
                        event.getTypeElement() != null && event.getTypeElement().equals(trees.getElement(path)))
                .findFirst();
    }

    void remember(TreePath path, Trees trees, ElementOracle oracle) {
        CompilationUnitTree unit = path.getCompilationUnit();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            private boolean inBody;

            @Override
            public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
                boolean outer = inBody;
                inBody = oracle.isAsyncClosure(trees.getTypeMirror(getCurrentPath()));
                add(getCurrentPath());
                super.visitLambdaExpression(tree, nothing);
                inBody = outer;
                return null;
            }

            @Override
            public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
                boolean outer = inBody;
                inBody |= oracle.isAsyncClosure(trees.getTypeMirror(getCurrentPath()));
                add(getCurrentPath());
                inBody = outer;
                return super.visitMemberReference(tree, nothing);
            }

            @Override
            public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
                if (inBody && tree != null) {
                    add(new TreePath(getCurrentPath(), tree));
                }
                return super.scan(tree, nothing);
            }

            private void add(TreePath at) {
                long start = trees.getSourcePositions().getStartPosition(unit, at.getLeaf());
                if (inBody && start >= 0) {
                    // With -g:none there are no lines, in the tree as in the class.
                    long line =
                            unit.getLineMap() == null ? 0 : unit.getLineMap().getLineNumber(start);
                    byLine.computeIfAbsent(unit, u -> new TreeMap<>()).putIfAbsent(line, at);
                }
            }
        }.scan(path, null);
    }

    boolean in(@Nullable CompilationUnitTree unit) {
        return byLine.containsKey(unit);
    }

    /** {@return what begins in {@code line} of an async body, or the first body where there is no such line} */
    Tree at(CompilationUnitTree unit, int line) {
        TreePath path = pathAt(unit, line);
        return path == null ? unit : path.getLeaf();
    }

    /** {@return as {@link #at}, and the way there; null without async bodies} */
    @Nullable
    TreePath pathAt(CompilationUnitTree unit, int line) {
        TreeMap<Long, TreePath> lines = byLine.get(unit);
        return lines == null
                ? null
                : lines.getOrDefault((long) line, lines.firstEntry().getValue());
    }
}
