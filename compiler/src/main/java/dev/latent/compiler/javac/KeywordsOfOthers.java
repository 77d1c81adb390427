package dev.latent.compiler.javac;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ErroneousTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.latent.compiler.Rule;
import dev.latent.compiler.names.Core;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * {@link Rule#UNKNOWN_WORD} of {@code await load()} and {@code async Future<String> load()}, the keywords of other languages: javac can't
 * parse them, and looks at nothing else, so that no lint is asked.
 */
final class KeywordsOfOthers {
    private static final Pattern KEYWORD = Pattern.compile("\\b(?:await|async)[ \\t]+(?!instanceof\\b)[A-Za-z_]");

    private KeywordsOfOthers() {}

    /** Says so beside javac's error, once for each place in {@code unit}, which has been parsed. */
    static void check(CompilationUnitTree unit, JavacTask task) {
        if (unit.getImports().stream()
                .noneMatch(each -> each.getQualifiedIdentifier().toString().startsWith(Core.PACKAGE + "."))) {
            return;
        }
        String source;
        try {
            source = unit.getSourceFile().getCharContent(true).toString();
        } catch (IOException e) {
            return; // javac itself has read it
        }
        if (KEYWORD.matcher(source).find()) {
            new Words(unit, source, Trees.instance(task)).scan(unit, null);
        }
    }

    /** In what the text shows there may be comments; in the tree a word that is no call stands by itself. */
    private static final class Words extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final String source;
        private final Trees trees;
        private int said = -1;

        Words(CompilationUnitTree unit, String source, Trees trees) {
            this.unit = unit;
            this.source = source;
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitErroneous(ErroneousTree tree, @Nullable Void nothing) {
            return scan(tree.getErrorTrees(), nothing);
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
            return tree.getMethodSelect() instanceof IdentifierTree
                    ? scan(tree.getArguments(), nothing)
                    : super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            int start = (int) trees.getSourcePositions().getStartPosition(unit, tree);
            if (start > said && start >= 0) {
                Matcher keyword = KEYWORD.matcher(source).region(start, source.length());
                if (keyword.lookingAt()) {
                    said = start;
                    say(tree, keyword.end() - 1);
                }
            }
            return null;
        }

        private void say(Tree word, int operand) {
            String after = until(operand);
            boolean await = ((IdentifierTree) word).getName().contentEquals("await");
            trees.printMessage(
                    Diagnostic.Kind.WARNING,
                    await
                            ? Rule.UNKNOWN_WORD.message(
                                    "await is a method here, and no keyword", "write await(" + after + ")")
                            : Rule.UNKNOWN_WORD.message(
                                    "async is a method here, and no keyword: what it is given is the body of a method that returns a Future",
                                    "write Future<…> " + after.substring(after.lastIndexOf(' ') + 1)
                                            + " { return async(() -> { … }); }"),
                    word,
                    unit);
        }

        /** {@return what stands at {@code start}, as far as one expression or the head of a method goes} */
        private String until(int start) {
            int open = 0;
            int end = start;
            while (end < source.length()) {
                char c = source.charAt(end);
                open += c == '(' ? 1 : c == ')' ? -1 : 0;
                if (open < 0 || c == ';' || c == '{' || c == '\n' || c == ',' && open == 0) {
                    break;
                }
                end++;
            }
            return source.substring(start, end).strip();
        }
    }
}
