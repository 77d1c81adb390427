package dev.latent.compiler.lint;

import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import java.util.Set;

/** {@link Rule#AWAIT_OUTSIDE_ASYNC}. */
final class AwaitOutsideAsync implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        String word = source.word(path);
        if (word != null && source.asyncBody(path) == null) {
            source.report(
                    Rule.AWAIT_OUTSIDE_ASYNC,
                    path,
                    word + " works on the async body around it, and there is none here",
                    "move it into async(() -> …), or into another lambda of an @AsyncClosure type");
        }
    }
}
