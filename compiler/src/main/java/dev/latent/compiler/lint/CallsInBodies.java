package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import java.util.Set;

/** A lint of calls, in source files with async bodies. */
interface CallsInBodies extends Lint {
    @Override
    default Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    default boolean onlyOfBodies() {
        return true;
    }
}
