package dev.latent.compiler.lint.source;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** What a place in the source runs in, and what a lambda gives. */
public final class Functions {
    /** Methods that call methods that call methods: who wants to know has looked far enough. */
    public static final int FAR = 3;

    private Functions() {}

    /** {@return the lambda or the method right around {@code path}, or null where neither is} */
    public static @Nullable TreePath around(TreePath path) {
        for (TreePath p = path.getParentPath(); p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree || p.getLeaf() instanceof MethodTree) {
                return p;
            }
            if (p.getLeaf() instanceof ClassTree) {
                return null;
            }
        }
        return null;
    }

    /** {@return the method, the field with its value, or the initializer of a class around {@code path}} */
    public static TreePath member(TreePath path) {
        TreePath member = path;
        while (!(member.getParentPath().getLeaf() instanceof ClassTree)) {
            member = member.getParentPath();
        }
        return member;
    }

    /** {@return whether {@code path} is {@code tree}, or in it} */
    public static boolean isWithin(TreePath path, Tree tree) {
        for (TreePath p = path; p != null; p = p.getParentPath()) {
            if (p.getLeaf() == tree) {
                return true;
            }
        }
        return false;
    }

    /** {@return the type of what the lambda or method reference at {@code path} gives, as its target type says, or null} */
    public static @Nullable TypeMirror result(TreePath path, Analysis source) {
        if (!(source.trees().getTypeMirror(path) instanceof DeclaredType type)
                || !(type.asElement() instanceof TypeElement element)) {
            return null;
        }
        List<? extends Element> members = source.elements().getAllMembers(element);
        for (Element each : members) {
            if (each instanceof ExecutableElement method
                    && method.getKind() == ElementKind.METHOD
                    && method.getModifiers().contains(Modifier.ABSTRACT)
                    && !isOfObject(method, source)
                    && source.types().asMemberOf(type, method) instanceof ExecutableType of) {
                return of.getReturnType();
            }
        }
        return null;
    }

    /** {@code Comparator} has an abstract {@code equals}. */
    private static boolean isOfObject(ExecutableElement method, Analysis source) {
        return source.elements().getTypeElement("java.lang.Object").getEnclosedElements().stream()
                .anyMatch(m -> m.getSimpleName().equals(method.getSimpleName())
                        && m instanceof ExecutableElement own
                        && own.getParameters().size() == method.getParameters().size());
    }

    /** {@return the body of the method that is compiled here, with its types, or null} */
    public static @Nullable TreePath body(@Nullable ExecutableElement method, Analysis source) {
        if (method == null
                || !(source.declaration(method) instanceof TreePath path)
                || !(path.getLeaf() instanceof MethodTree declared)
                || !(declared.getBody() instanceof BlockTree block)) {
            return null;
        }
        TreePath body = new TreePath(path, block);
        source.trees().getElement(body); // has javac attribute the class, where it has not yet
        return body;
    }
}
