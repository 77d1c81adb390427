package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
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

    /** Remembers the first of the trees, from the outside in, that begin in one line of an async body. */
    void remember(Tree tree, CompilationUnitTree unit, Trees trees, Supplier<TreePath> path) {
        long start = trees.getSourcePositions().getStartPosition(unit, tree);
        if (start >= 0) {
            // With -g:none there are no lines, in the tree as in the class.
            long line = unit.getLineMap() == null ? 0 : unit.getLineMap().getLineNumber(start);
            byLine.computeIfAbsent(unit, u -> new TreeMap<>()).computeIfAbsent(line, l -> path.get());
        }
    }

    boolean in(@Nullable CompilationUnitTree unit) {
        return byLine.containsKey(unit);
    }

    /** {@return what begins in {@code line} of an async body, or else last before it, or else first} */
    Tree at(CompilationUnitTree unit, int line) {
        TreePath path = pathAt(unit, line);
        return path == null ? unit : path.getLeaf();
    }

    /** {@return as {@link #at}, and the way there; null without async bodies} */
    @Nullable
    TreePath pathAt(CompilationUnitTree unit, int line) {
        TreeMap<Long, TreePath> lines = byLine.get(unit);
        if (lines == null) {
            return null;
        }
        Map.Entry<Long, TreePath> before = lines.floorEntry((long) line);
        return (before == null ? lines.firstEntry() : before).getValue();
    }
}
