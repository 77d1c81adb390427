package dev.latent.compiler.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.flow.Flow;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Once;
import dev.latent.compiler.names.Calls;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import org.jspecify.annotations.Nullable;

/** {@link Rule#CONTEXT_ACROSS_AWAIT}: a context is that of one poll. */
final class ContextAcrossAwait implements CallsInBodies {
    private static final String FIX =
            "take what outlasts the poll, var spawner = context().spawner(), or call context() where you need it";

    private final Once once = new Once();

    /** An async body is walked when it has been seen to ask for its context. */
    @Override
    public void check(TreePath path, Analysis source) {
        if (source.calls(path, Calls.CONTEXT)
                && source.asyncBody(path) instanceof TreePath lambda
                && once.first(lambda)) {
            TreePath body = new TreePath(lambda, ((LambdaExpressionTree) lambda.getLeaf()).getBody());
            new Kept(source, body, once).walk(body);
        }
    }

    /** A variable's context; {@code await} is one that has ended its poll, or null. */
    private record Held(TreePath made, @Nullable TreePath await) {}

    /** Which variables hold a context. */
    private static final class Kept extends Flow<Element, Held> {
        private final Once reported;

        Kept(Analysis source, TreePath body, Once reported) {
            super(source, body);
            this.reported = reported;
        }

        @Override
        protected void assigned(TreePath variable, @Nullable TreePath value) {
            Element element = source.trees().getElement(variable);
            Held held = value == null ? null : contextOf(value);
            if (element != null && held != null) {
                know(element, held);
            } else if (element != null) {
                forget(element);
            }
        }

        private @Nullable Held contextOf(TreePath value) {
            return switch (value.getLeaf()) {
                case ParenthesizedTree p -> contextOf(new TreePath(value, p.getExpression()));
                case IdentifierTree _ when source.trees().getElement(value) instanceof Element from -> known(from);
                case ExpressionTree _ when source.calls(value, Calls.CONTEXT) -> new Held(value, null);
                default -> null;
            };
        }

        @Override
        protected void suspended(TreePath at) {
            change((variable, held) -> {
                if (variable.getKind() == ElementKind.FIELD) {
                    report(
                            held.made,
                            "the field `" + variable.getSimpleName() + "` keeps this context across the await"
                                    + source.onLine(at) + ", and a context is valid during one poll only");
                }
                return held.await == null ? new Held(held.made, at) : held;
            });
        }

        @Override
        protected void read(TreePath identifier) {
            Element variable = source.trees().getElement(identifier);
            if (variable != null && known(variable) instanceof Held held && held.await != null) {
                report(
                        identifier,
                        "`" + variable.getSimpleName() + "` is the context of an earlier poll, which the await"
                                + source.onLine(held.await) + " has ended");
            }
        }

        @Override
        protected boolean enters(TreePath lambda) {
            if (!source.isAsyncClosure(lambda)) {
                return true;
            }
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
                    Element variable = source.trees().getElement(getCurrentPath());
                    if (variable != null && variable.getKind() != ElementKind.FIELD && known(variable) != null) {
                        report(
                                getCurrentPath(),
                                "`" + variable.getSimpleName() + "` is the context of the body around this one,"
                                        + " which has polls of its own");
                    }
                    return null;
                }
            }.scan(lambda, null);
            return false;
        }

        private void report(TreePath at, String why) {
            if (reported.first(at)) {
                source.report(Rule.CONTEXT_ACROSS_AWAIT, at, why, FIX);
            }
        }
    }
}
