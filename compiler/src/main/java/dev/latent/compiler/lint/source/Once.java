package dev.latent.compiler.lint.source;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trees of one source file that have been looked at. */
public final class Once {
    private final Set<Tree> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable CompilationUnitTree unit;

    /** {@return whether {@code path} is seen for the first time} */
    public boolean first(TreePath path) {
        if (path.getCompilationUnit() != unit) {
            unit = path.getCompilationUnit();
            seen.clear();
        }
        return seen.add(path.getLeaf());
    }
}
