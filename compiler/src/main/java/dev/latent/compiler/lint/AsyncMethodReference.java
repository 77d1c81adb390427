package dev.latent.compiler.lint;

import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.Rule;
import dev.latent.compiler.lint.source.Analysis;
import dev.latent.compiler.lint.source.Made;
import dev.latent.compiler.names.Calls;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** {@link Rule#ASYNC_METHOD_REFERENCE}. */
final class AsyncMethodReference implements Lint {
    @Override
    public Set<Tree.Kind> kinds() {
        return Set.of(Tree.Kind.MEMBER_REFERENCE);
    }

    @Override
    public void check(TreePath path, Analysis source) {
        boolean ofAsync = isOfAsync(path, source);
        if (source.isAsyncClosure(path) || ofAsync) {
            Spelled lambda = Spelled.of(path, source);
            source.report(
                    Rule.ASYNC_METHOD_REFERENCE,
                    path,
                    "a method reference has no body that could be woven",
                    source.isFuture(Made.type(path, source))
                            ? (ofAsync
                                            ? "it makes a future by itself: write " + lambda.call()
                                                    + " without async, or"
                                            : "write")
                                    + " a lambda that awaits it, " + lambda.parameters() + " -> await(" + lambda.call()
                                    + ")"
                            : "write a lambda, " + lambda.parameters() + " -> " + lambda.call());
        }
    }

    /** Where javac has refused the types, by way of inference variables, the reference has none. */
    private static boolean isOfAsync(TreePath path, Analysis source) {
        return path.getParentPath().getLeaf() instanceof MethodInvocationTree call
                && call.getArguments().size() == 1
                && source.calls(path.getParentPath(), Calls.ASYNC);
    }

    /** The lambda that does the same. */
    private record Spelled(String parameters, String call) {
        /** What javac calls a parameter of a class file without names. */
        private static final String NAMELESS = "arg\\d*";

        static Spelled of(TreePath path, Analysis source) {
            MemberReferenceTree tree = (MemberReferenceTree) path.getLeaf();
            TreePath qualifier = new TreePath(path, tree.getQualifierExpression());
            ExecutableElement method = source.called(path);
            boolean ofFirst = tree.getMode() == MemberReferenceTree.ReferenceMode.INVOKE
                    && source.trees().getElement(qualifier) instanceof TypeElement
                    && method != null
                    && !method.getModifiers().contains(Modifier.STATIC);
            List<String> names = names(path, method, ofFirst, source);
            String arguments = "(" + String.join(", ", ofFirst ? names.subList(1, names.size()) : names) + ")";
            String parameters = names.size() == 1 ? names.getFirst() : "(" + String.join(", ", names) + ")";
            String of = tree.getQualifierExpression().toString();
            if (tree.getMode() == MemberReferenceTree.ReferenceMode.NEW) {
                return new Spelled(
                        parameters,
                        "new "
                                + (of.endsWith("[]")
                                        ? of.substring(0, of.length() - 1) + String.join("", names) + "]"
                                        : of + arguments));
            }
            return new Spelled(parameters, (ofFirst ? names.getFirst() : of) + "." + tree.getName() + arguments);
        }

        /** As many as the closure has; the method's own names as far as they go. */
        private static List<String> names(
                TreePath path, @Nullable ExecutableElement method, boolean ofFirst, Analysis source) {
            int count = source.trees().getTypeMirror(path) instanceof DeclaredType type
                            && type.asElement() instanceof TypeElement closure
                    ? ElementFilter.methodsIn(source.elements().getAllMembers(closure)).stream()
                            .filter(each -> each.getModifiers().contains(Modifier.ABSTRACT))
                            .mapToInt(each -> each.getParameters().size())
                            .findFirst()
                            .orElse(0)
                    : 0;
            List<String> names = new ArrayList<>(ofFirst && count > 0 ? List.of("it") : List.of());
            if (method != null) {
                method.getParameters()
                        .forEach(each -> names.add(each.getSimpleName().toString()));
            }
            while (names.size() < count) {
                names.add("arg");
            }
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).matches(NAMELESS)) {
                    names.set(i, i == 0 ? "value" : "value" + i);
                }
            }
            return names.subList(0, Math.min(names.size(), Math.max(count, ofFirst ? 1 : 0)));
        }
    }
}
