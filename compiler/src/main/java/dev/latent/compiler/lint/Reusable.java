package dev.latent.compiler.lint;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.lint.flow.VariableUses;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Functions;
import dev.latent.compiler.lint.source.Returned;
import dev.latent.compiler.lint.source.Values;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/** Methods whose futures may be awaited any number of times: {@code Future<Void> nothing() { return Futures.done(); }}. */
final class Reusable {
    private Reusable() {}

    /** Looks at {@code method} while there is a tree of it: javac lets go of a class that it has written. */
    static void remember(ExecutableElement method, Analysis source) {
        source.reusable().put(method, gives(method, source, Functions.FAR));
    }

    /** {@return whether one of the futures that {@code method} gives is seen to be such} */
    static boolean gives(@Nullable ExecutableElement method, Analysis source) {
        return gives(method, source, Functions.FAR);
    }

    private static boolean gives(@Nullable ExecutableElement method, Analysis source, int far) {
        if (method == null) {
            return false;
        }
        Boolean known = source.reusable().get(method);
        if (known != null) {
            return known;
        }
        return source.isOneOf(method, Calls.REUSABLE)
                || far > 0
                        && source.isFuture(method.getReturnType())
                        && source.declaration(method) instanceof TreePath path
                        && path.getLeaf() instanceof MethodTree declared
                        && declared.getBody() != null
                        && Returned.by(new TreePath(path, declared.getBody())).stream()
                                .anyMatch(value -> is(value, path, source, far - 1));
    }

    private static boolean is(TreePath returned, TreePath method, Analysis source, int far) {
        return Values.of(returned).stream()
                .anyMatch(value -> source.isA(source.trees().getTypeMirror(value), Core.SHARED)
                        || switch (value.getLeaf()) {
                            case MethodInvocationTree _ -> gives(source.called(value), source, far);
                            case IdentifierTree _
                            when source.trees().getElement(value) instanceof Element local
                                    && local.getKind() == ElementKind.LOCAL_VARIABLE
                                    && VariableUses.initializer(local, method, source) instanceof TreePath made ->
                                far > 0 && is(made, method, source, far - 1);
                            default -> false;
                        });
    }
}
