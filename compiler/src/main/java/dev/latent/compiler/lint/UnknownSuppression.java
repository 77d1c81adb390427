package dev.latent.compiler.lint;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Rule#UNKNOWN_SUPPRESSION}: {@code @SuppressWarnings("latent:…")} of what is no rule. */
final class UnknownSuppression implements Lint {
    private static final String PREFIX = "latent:";

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.ANNOTATION);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        AnnotationTree annotation = (AnnotationTree) path.getLeaf();
        if (!source.is(
                source.trees().getTypeMirror(new TreePath(path, annotation.getAnnotationType())),
                "java.lang.SuppressWarnings")) {
            return;
        }
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void nothing) {
                if (tree.getValue() instanceof String value && value.startsWith(PREFIX)) {
                    check(value.substring(PREFIX.length()), getCurrentPath(), source);
                }
                return null;
            }
        }.scan(path, null);
    }

    private static void check(String id, TreePath at, Analysis source) {
        if (Rule.of(id).isEmpty()) {
            source.report(
                    Rule.UNKNOWN_SUPPRESSION,
                    at,
                    "there is no rule \"" + id + "\", so this suppresses nothing",
                    Rule.nearest(id)
                            .map(rule -> "write \"" + PREFIX + rule.id() + "\"")
                            .orElse("write the id that the diagnostic shows in brackets, or take it away"));
        }
    }
}
