package dev.latent.compiler.lint;

import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** {@link Rule#BLOCKING_CALL}: what the list names, or an annotation {@code @Blocking} of whatever package, right in an async body. */
final class BlockingCall implements Lint {
    private @Nullable BlockingCalls list;

    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.METHOD_INVOCATION, Tree.Kind.NEW_CLASS, Tree.Kind.MEMBER_SELECT);
    }

    @Override
    public boolean onlyOfBodies() {
        return true;
    }

    @Override
    public void check(TreePath path, Analysis source) {
        if (source.asyncBody(path) == null) {
            return;
        }
        switch (path.getLeaf()) {
            case MethodInvocationTree call -> {
                TypeMirror receiver = call.getMethodSelect() instanceof MemberSelectTree select
                        ? source.trees().getTypeMirror(new TreePath(new TreePath(path, select), select.getExpression()))
                        : null;
                check(path, source.called(path), call.getArguments().size(), receiver, source);
            }
            case NewClassTree made ->
                check(path, source.called(path), made.getArguments().size(), null, source);
            case MemberSelectTree select -> {
                if (source.trees().getElement(path) instanceof Element e && e.getKind() == ElementKind.FIELD) {
                    check(path, e, 0, null, source);
                }
            }
            default -> {}
        }
    }

    private void check(
            TreePath path, @Nullable Element member, int arguments, @Nullable TypeMirror receiver, Analysis source) {
        Element owner = member == null ? null : member.getEnclosingElement();
        if (member == null || owner == null) {
            return;
        }
        String name = member.getKind() == ElementKind.CONSTRUCTOR
                ? "new"
                : member.getSimpleName().toString();
        BlockingCalls.Entry entry = list(source).find(name, arguments, type -> isOf(owner, receiver, type, source));
        if (entry != null || isAnnotated(member, owner)) {
            source.report(
                    Rule.BLOCKING_CALL,
                    path,
                    (name.equals("new") ? "new " + owner.getSimpleName() : owner.getSimpleName() + "." + name)
                            + " may block this thread, and with it every other task that the thread runs",
                    instead(entry, member).replace(BlockingCalls.RECEIVER, receiver(path, source)));
        }
    }

    private static String instead(BlockingCalls.@Nullable Entry entry, Element member) {
        String fix = entry == null ? BlockingCalls.ELSEWHERE : entry.instead();
        return fix.equals(BlockingCalls.ELSEWHERE)
                        && member instanceof ExecutableElement method
                        && method.getKind() == ElementKind.METHOD
                        && method.getReturnType().getKind() == TypeKind.VOID
                ? BlockingCalls.ELSEWHERE_IN_VOID
                : fix;
    }

    private static String receiver(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MethodInvocationTree call
                        && call.getMethodSelect() instanceof MemberSelectTree select
                ? source.spelled(new TreePath(new TreePath(path, select), select.getExpression()))
                : "…";
    }

    private static boolean isOf(Element owner, @Nullable TypeMirror receiver, String type, Analysis source) {
        // Every class is an Object, with methods named wait of its own perhaps.
        return type.equals("java.lang.Object")
                ? owner instanceof TypeElement t && t.getQualifiedName().contentEquals(type)
                : source.isA(owner.asType(), type) || source.isA(receiver, type);
    }

    private BlockingCalls list(Analysis source) {
        if (list == null) {
            list = source.options().get(BlockingCalls.OPTION, BlockingCalls::of);
        }
        return list;
    }

    private static boolean isAnnotated(Element member, Element owner) {
        return member instanceof ExecutableElement
                && (has(member, "Blocking") || has(owner, "Blocking") && !has(member, "NonBlocking"));
    }

    private static boolean has(Element element, String annotation) {
        return element.getAnnotationMirrors().stream()
                .anyMatch(a -> a.getAnnotationType().asElement().getSimpleName().contentEquals(annotation));
    }
}
