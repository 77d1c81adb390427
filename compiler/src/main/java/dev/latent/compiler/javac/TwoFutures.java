package dev.latent.compiler.javac;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.names.Core;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#WRONG_FUTURE} of a name that is both: with {@code java.util.concurrent.*} and {@code dev.latent.*} imported, javac finds
 * {@code Future} ambiguous, and looks at nothing else, so that no lint is asked.
 */
final class TwoFutures {
    private static final Set<String> BOTH = Set.of("java.util.concurrent.*", Core.PACKAGE + ".*");

    /** javac enters a source once more after each round of processors. */
    private final Set<JavaFileObject> told = new HashSet<>();

    /** Says so beside javac's error, if that is what it will find in {@code unit}, which has been entered. */
    void check(CompilationUnitTree unit, JavacTask task) {
        Set<String> imports = unit.getImports().stream()
                .map(each -> each.getQualifiedIdentifier().toString())
                .collect(Collectors.toSet());
        if (!imports.containsAll(BOTH) || imports.stream().anyMatch(each -> each.endsWith(".Future"))) {
            return;
        }
        String inPackage = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        Uses uses = new Uses();
        uses.scan(unit, null);
        if (uses.used != null
                && !uses.declared
                && task.getElements().getTypeElement(inPackage + "Future") == null
                && told.add(unit.getSourceFile())) {
            Trees.instance(task)
                    .printMessage(
                            Diagnostic.Kind.NOTE,
                            Rule.WRONG_FUTURE.message(
                                    "`Future` is in both packages that are imported here with a star",
                                    "import " + Core.FUTURE + " too: a name of its own goes before any star"),
                            uses.used,
                            unit);
        }
    }

    /** Where the name is used first, and whether it is also declared. */
    private static final class Uses extends TreeScanner<@Nullable Void, @Nullable Void> {
        @Nullable
        Tree used;

        boolean declared;

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            if (used == null && tree.getName().contentEquals("Future")) {
                used = tree;
            }
            return null;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            declared |= tree.getSimpleName().contentEquals("Future");
            return super.visitClass(tree, nothing);
        }
    }
}
