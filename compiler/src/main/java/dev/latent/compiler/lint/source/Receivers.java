package dev.latent.compiler.lint.source;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.function.Predicate;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** Whether a variable serves for nothing but calls of some methods: it is not passed on, stored, captured by a method reference or assigned. */
public final class Receivers extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Element variable;
    private final Predicate<Name> allowed;
    private final Analysis source;
    private boolean only = true;
    private int uses;

    private Receivers(Element variable, Predicate<Name> allowed, Analysis source) {
        this.variable = variable;
        this.allowed = allowed;
        this.source = source;
    }

    /** {@return whether each mention of {@code variable} within {@code scope} is {@code variable.method(…)}, of a method that is allowed} */
    public static boolean only(Element variable, TreePath scope, Predicate<Name> allowed, Analysis source) {
        return count(variable, scope, allowed, source) >= 0;
    }

    /** {@return how many such calls there are, or -1 where there is any other mention} */
    public static int count(Element variable, TreePath scope, Predicate<Name> allowed, Analysis source) {
        Receivers receivers = new Receivers(variable, allowed, source);
        receivers.scan(scope, null);
        return receivers.only ? receivers.uses : -1;
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
        if (tree.getName().equals(variable.getSimpleName())
                && variable.equals(source.trees().getElement(getCurrentPath()))) {
            uses++;
            TreePath select = getCurrentPath().getParentPath();
            only &= select.getLeaf() instanceof MemberSelectTree member
                    && select.getParentPath().getLeaf() instanceof MethodInvocationTree call
                    && call.getMethodSelect() == member
                    && allowed.test(member.getIdentifier());
        }
        return null;
    }
}
