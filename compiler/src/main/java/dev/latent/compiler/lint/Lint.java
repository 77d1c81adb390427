package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.lint.source.Analysis;
import java.util.Set;

/** One thing to look for in the source. It is shown every tree of its kinds once, outside in, when javac has attributed the class. */
interface Lint {
    /** {@return the kinds of tree that it wants to see} */
    Set<Tree.Kind> kinds();

    /** Looks at one of them, and says to {@code source} what is wrong with it. */
    void check(TreePath path, Analysis source);

    /** {@return whether it has nothing to say of a source file without async bodies} */
    default boolean onlyOfBodies() {
        return false;
    }
}
