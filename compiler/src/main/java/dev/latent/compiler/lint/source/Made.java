package dev.latent.compiler.lint.source;

import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.AnnotatedConstruct;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** The calls that make a future. */
public final class Made {
    /** Dropping one leaves the task to its scope, which is what a scope is for. */
    private static final String OWNED_ELSEWHERE = Core.SCOPED_TASK;

    private static final Set<String> NULLABLE = Set.of("Nullable", "CheckForNull");

    /** What is known of the future that a call gives. */
    public enum Origin {
        /** It was there before, or there is none. */
        STORED,
        /** It may be either. */
        UNKNOWN,
        /** The call has made it. */
        NEW;

        private Origin or(Origin other) {
            return compareTo(other) < 0 ? this : other;
        }
    }

    private Made() {}

    /** {@return whether what stands at {@code path} makes a future that was not there before, as far as its type can tell} */
    public static boolean at(TreePath path, Analysis source) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> at(new TreePath(path, p.getExpression()), source);
            case ConditionalExpressionTree c ->
                at(new TreePath(path, c.getTrueExpression()), source)
                        && at(new TreePath(path, c.getFalseExpression()), source);
            case MethodInvocationTree _, NewClassTree _ -> type(path, source) != null;
            default -> false;
        };
    }

    /** {@return whether what stands at {@code path}, an expression or a method reference, makes a stream; each operator does} */
    public static boolean stream(TreePath path, Analysis source) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> stream(new TreePath(path, p.getExpression()), source);
            case ConditionalExpressionTree c ->
                stream(new TreePath(path, c.getTrueExpression()), source)
                        && stream(new TreePath(path, c.getFalseExpression()), source);
            case MethodInvocationTree _, MemberReferenceTree _ ->
                source.called(path) instanceof ExecutableElement method
                        && method.getReturnType().getKind() == TypeKind.DECLARED
                        && source.isA(method.getReturnType(), Core.STREAM)
                        && !ofMockito(path, source);
            default -> false;
        };
    }

    /**
     * {@return the type of the future that the call or method reference at {@code path} makes, or null}
     *
     * <p>The declared type tells a factory, {@code Future<T>}, from a container that hands back what was put in, {@code T}.
     */
    public static @Nullable TypeMirror type(TreePath path, Analysis source) {
        ExecutableElement method = source.called(path);
        if (method == null || source.word(path) != null && source.isOutsideAsync(path)) {
            return null;
        }
        // super(…) and this(…) make nothing of their own.
        TypeMirror type = path.getLeaf() instanceof MethodInvocationTree || method.getKind() != ElementKind.CONSTRUCTOR
                ? method.getReturnType()
                : Objects.requireNonNull(method.getEnclosingElement()).asType();
        return type.getKind() == TypeKind.DECLARED
                        && source.isFuture(type)
                        && !source.isA(type, OWNED_ELSEWHERE)
                        && !isFluent(method, type)
                        && !ofMockito(path, source)
                ? type
                : null;
    }

    /** A future's own method that gives its own type, as builders do, most likely gives {@code this}. */
    private static boolean isFluent(ExecutableElement method, TypeMirror type) {
        return method.getKind() == ElementKind.METHOD
                && !method.getModifiers().contains(Modifier.STATIC)
                && type instanceof DeclaredType declared
                && declared.asElement().equals(method.getEnclosingElement());
    }

    /** {@code verify(mock).save()} calls nothing. */
    private static boolean ofMockito(TreePath path, Analysis source) {
        return path.getLeaf() instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree select
                && select.getExpression() instanceof MethodInvocationTree receiver
                && source.called(new TreePath(new TreePath(path, select), receiver)) instanceof ExecutableElement method
                && method.getEnclosingElement() instanceof TypeElement owner
                && owner.getQualifiedName().toString().startsWith("org.mockito.");
    }

    // ---- where it comes from ----------------------------------------------------------------------------------------

    /** {@return what the source and the declarations tell of the future that the expression at {@code path} gives} */
    public static Origin origin(TreePath path, Analysis source) {
        return origin(path, source, Functions.FAR);
    }

    private static Origin origin(TreePath path, Analysis source, int far) {
        return switch (path.getLeaf()) {
            case ParenthesizedTree p -> origin(new TreePath(path, p.getExpression()), source, far);
            case ConditionalExpressionTree c ->
                origin(new TreePath(path, c.getTrueExpression()), source, far)
                        .or(origin(new TreePath(path, c.getFalseExpression()), source, far));
            case NewClassTree _ -> Origin.NEW;
            case MethodInvocationTree _
            when at(path, source) -> given(Objects.requireNonNull(source.called(path)), source, far);
            case IdentifierTree _
            when source.trees().getElement(path) instanceof Element e && e.getKind() == ElementKind.LOCAL_VARIABLE ->
                Origin.UNKNOWN;
            default -> Origin.STORED;
        };
    }

    /** Looks at the futures that {@code method} gives while there is a tree of it: javac lets go of a class that it has written. */
    public static void remember(ExecutableElement method, Analysis source) {
        source.origins().put(method, given(method, source, Functions.FAR));
    }

    /** What {@code method} gives, by its annotations or, if it is compiled here, by its body. */
    private static Origin given(ExecutableElement method, Analysis source, int far) {
        Origin known = source.origins().get(method);
        if (known != null) {
            return known;
        }
        Element owner = Objects.requireNonNull(method.getEnclosingElement());
        if (Calls.COMBINATORS.contains(owner.toString())) {
            return Origin.NEW;
        }
        if (isNullable(method) || isNullable(method.getReturnType()) || isAccessor(method, owner)) {
            return Origin.STORED;
        }
        if (far == 0
                || !(source.declaration(method) instanceof TreePath path)
                || !(path.getLeaf() instanceof MethodTree declared)
                || declared.getBody() == null) {
            return Origin.UNKNOWN;
        }
        return Returned.by(new TreePath(path, declared.getBody())).stream()
                .map(value -> origin(value, source, far - 1))
                .reduce(Origin.NEW, Origin::or);
    }

    /** {@return whether it is marked {@code @Nullable} or {@code @CheckForNull}, of whatever package} */
    public static boolean isNullable(AnnotatedConstruct annotated) {
        return annotated.getAnnotationMirrors().stream()
                .anyMatch(a -> NULLABLE.contains(
                        a.getAnnotationType().asElement().getSimpleName().toString()));
    }

    private static boolean isAccessor(ExecutableElement method, Element owner) {
        return method.getParameters().isEmpty()
                && owner.getEnclosedElements().stream()
                        .anyMatch(e -> e instanceof RecordComponentElement component
                                && component.getSimpleName().equals(method.getSimpleName()));
    }

    private static boolean isOfObject(ExecutableElement method) {
        return switch (method.getSimpleName().toString()) {
            case "toString", "hashCode" -> method.getParameters().isEmpty();
            case "equals" -> method.toString().equals("equals(java.lang.Object)");
            default -> false;
        };
    }

    /** {@return whether the class of the future at {@code path} has something to say by its text, or is equal to others} */
    public static boolean isValue(TreePath path, Analysis source) {
        return source.trees().getTypeMirror(path) instanceof DeclaredType type
                && ElementFilter.methodsIn(source.elements().getAllMembers((TypeElement) type.asElement())).stream()
                        .anyMatch(m -> isOfObject(m)
                                && m.getEnclosingElement() instanceof TypeElement owner
                                && !owner.getQualifiedName().contentEquals("java.lang.Object"));
    }
}
