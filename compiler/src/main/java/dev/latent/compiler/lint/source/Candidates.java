package dev.latent.compiler.lint.source;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** The methods and constructors that a call may have meant for which javac has found none that takes its arguments. */
public final class Candidates {
    private final Analysis source;
    private final List<List<TypeMirror>> parameters = new ArrayList<>();
    private final int count;

    private Candidates(Analysis source, int count) {
        this.source = source;
        this.count = count;
    }

    /**
     * {@return which arguments would have to be awaited for the call at {@code path} to be right; none where that would not help}
     *
     * @param futures those of the arguments that are futures
     */
    public static List<Integer> awaited(
            TreePath path, List<? extends ExpressionTree> arguments, Map<Integer, Given> futures, Analysis source) {
        Candidates candidates = new Candidates(source, arguments.size());
        candidates.find(path);
        List<TypeMirror> types = arguments.stream()
                .map(each -> source.trees().getTypeMirror(new TreePath(path, each)))
                .toList();
        List<Integer> fewest = List.of();
        for (List<TypeMirror> wanted : candidates.parameters) {
            List<Integer> awaited = candidates.awaited(wanted, types, futures);
            if (!awaited.isEmpty() && (fewest.isEmpty() || awaited.size() < fewest.size())) {
                fewest = awaited;
            }
        }
        return fewest;
    }

    private List<Integer> awaited(List<TypeMirror> wanted, List<TypeMirror> given, Map<Integer, Given> futures) {
        List<Integer> awaited = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Given future = futures.get(i);
            if (!takes(wanted.get(i), future == null ? given.get(i) : future.type())) {
                if (future == null || future.value() != null && !takes(wanted.get(i), future.value())) {
                    return List.of();
                }
                awaited.add(i);
            }
        }
        return awaited;
    }

    /** A lambda, and what is wrong itself, may be anything. */
    private boolean takes(TypeMirror wanted, @Nullable TypeMirror given) {
        return given == null
                || !Given.isKnown(given)
                || source.types()
                        .isAssignable(
                                source.types().erasure(given), source.types().erasure(wanted));
    }

    // ---- where they are ---------------------------------------------------------------------------------------------

    private void find(TreePath path) {
        switch (path.getLeaf()) {
            case NewClassTree made -> {
                if (source.trees().getElement(new TreePath(path, made.getIdentifier())) instanceof TypeElement type) {
                    ElementFilter.constructorsIn(type.getEnclosedElements())
                            .forEach(each -> add(each, (ExecutableType) each.asType()));
                }
            }
            case MethodInvocationTree call -> {
                switch (call.getMethodSelect()) {
                    case MemberSelectTree select ->
                        members(
                                source.trees()
                                        .getTypeMirror(
                                                new TreePath(new TreePath(path, select), select.getExpression())),
                                select.getIdentifier());
                    case IdentifierTree identifier -> unqualified(path, identifier.getName());
                    default -> {}
                }
            }
            default -> {}
        }
    }

    private void unqualified(TreePath path, Name name) {
        for (TreePath p = path; p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof ClassTree && source.trees().getElement(p) instanceof TypeElement type) {
                members(type.asType(), name);
            }
        }
        for (ImportTree each : path.getCompilationUnit().getImports()) {
            if (each.isStatic()
                    && each.getQualifiedIdentifier() instanceof MemberSelectTree imported
                    && (imported.getIdentifier().equals(name)
                            || imported.getIdentifier().contentEquals("*"))
                    && source.elements().getTypeElement(imported.getExpression().toString())
                            instanceof TypeElement type) {
                members(type.asType(), name);
            }
        }
    }

    private void members(@Nullable TypeMirror type, Name name) {
        if (type instanceof DeclaredType declared
                && type.getKind() == TypeKind.DECLARED
                && declared.asElement() instanceof TypeElement element) {
            for (ExecutableElement method :
                    ElementFilter.methodsIn(source.elements().getAllMembers(element))) {
                if (method.getSimpleName().equals(name)
                        && source.types().asMemberOf(declared, method) instanceof ExecutableType member) {
                    add(method, member);
                }
            }
        }
    }

    private void add(ExecutableElement method, ExecutableType type) {
        List<TypeMirror> each = new ArrayList<>(type.getParameterTypes());
        if (method.isVarArgs() && count >= each.size() - 1 && each.getLast() instanceof ArrayType rest) {
            each.removeLast();
            while (each.size() < count) {
                each.add(rest.getComponentType());
            }
        }
        if (each.size() == count) {
            parameters.add(each);
        }
    }
}
