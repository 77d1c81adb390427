package dev.latent.compiler.lint.source;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.PatternTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.util.TreePath;
import dev.latent.compiler.names.Core;
import java.util.regex.Pattern;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ErrorType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import org.jspecify.annotations.Nullable;

/**
 * A future that stands in the source, also where javac has refused it.
 *
 * @param type its own
 * @param value the type of what it gives; null where nothing is known of that
 */
public record Given(TypeMirror type, @Nullable TypeMirror value) {
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])");

    /** {@return the future that the expression at {@code path} gives, or null} */
    public static @Nullable Given future(TreePath path, Analysis source) {
        TypeMirror type = source.trees().getTypeMirror(path);
        // javac's class types are all of the interface ErrorType.
        if (type instanceof ErrorType refused
                && type.getKind() == TypeKind.ERROR
                && !(path.getLeaf() instanceof TypeCastTree)) {
            type = source.trees().getOriginalType(refused);
            // Of a call of a generic method javac does not keep it.
            if (!source.isFuture(type)
                    && path.getLeaf() instanceof MethodInvocationTree
                    && source.called(path) instanceof ExecutableElement method) {
                type = method.getReturnType();
            }
        }
        return type instanceof DeclaredType declared && type.getKind() != TypeKind.ERROR && source.isFuture(type)
                ? new Given(type, value(declared, source))
                : null;
    }

    private static @Nullable TypeMirror value(DeclaredType future, Analysis source) {
        if (source.is(future, Core.FUTURE)) {
            return future.getTypeArguments().isEmpty()
                    ? null
                    : known(future.getTypeArguments().getFirst());
        }
        for (TypeMirror above : source.types().directSupertypes(future)) {
            if (above instanceof DeclaredType declared && source.isFuture(above)) {
                return value(declared, source);
            }
        }
        return null;
    }

    private static @Nullable TypeMirror known(TypeMirror argument) {
        return switch (argument.getKind()) {
            case WILDCARD -> {
                TypeMirror bound = ((WildcardType) argument).getExtendsBound();
                yield bound == null ? null : known(bound);
            }
            case DECLARED, ARRAY -> argument;
            default -> null;
        };
    }

    /** {@return whether javac would let a variable of type {@code wanted} have the future's value} */
    public boolean fits(TypeMirror wanted, Analysis source) {
        return value == null || source.types().isAssignable(value, wanted);
    }

    /** {@return what it is and what it gives, as one says it: {@code Future<String>}, or "future" where that would be long} */
    public String spelled() {
        String spelled = simple(type);
        return value == null || spelled.length() > 60 ? "future" : spelled;
    }

    /** {@return {@code type} without packages} */
    public static String simple(TypeMirror type) {
        return PACKAGE.matcher(type.toString()).replaceAll("");
    }

    // ---- what is wanted ---------------------------------------------------------------------------------------------

    /** {@return whether this is a type whose values one can have} */
    public static boolean isKnown(@Nullable TypeMirror type) {
        return type != null
                && (type.getKind().isPrimitive()
                        || type.getKind() == TypeKind.DECLARED
                        || type.getKind() == TypeKind.ARRAY);
    }

    /** {@return the type of the variable that is declared at {@code path}, or what the method there returns; null where there is none} */
    public static @Nullable TypeMirror declared(@Nullable TreePath path, Analysis source) {
        Element element = path == null ? null : source.trees().getElement(path);
        return element instanceof ExecutableElement method
                ? method.getReturnType()
                : element == null ? null : element.asType();
    }

    /** {@return the type of what the return statement at {@code path} has to give, or null where nothing is known} */
    public static @Nullable TypeMirror returned(TreePath path, Analysis source) {
        for (TreePath p = path; p != null; p = p.getParentPath()) {
            if (p.getLeaf() instanceof LambdaExpressionTree) {
                return by(p, source);
            }
            if (p.getLeaf() instanceof MethodTree) {
                return declared(p, source);
            }
        }
        return null;
    }

    /** {@return the type of what the lambda at {@code path} has to give, or null: it is an async body, or nothing is known} */
    public static @Nullable TypeMirror by(TreePath path, Analysis source) {
        return source.trees().getTypeMirror(path) instanceof TypeMirror type
                        && type.getKind() == TypeKind.DECLARED
                        && !source.isAsyncClosure(type)
                ? Functions.result(path, source)
                : null;
    }

    /** {@return the primitive type that values of {@code type} can be taken for, or null} */
    public static @Nullable PrimitiveType unboxed(TypeMirror type, Analysis source) {
        try {
            return type.getKind() == TypeKind.DECLARED ? source.types().unboxedType(type) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** {@return whether the label at {@code path} is a pattern for the future's value, and for no future} */
    public static boolean isPatternOf(TreePath path, Given future, Analysis source) {
        if (!(path.getLeaf() instanceof PatternCaseLabelTree label)) {
            return false;
        }
        PatternTree pattern = label.getPattern();
        TreePath at = new TreePath(path, pattern);
        TypeMirror type =
                switch (pattern) {
                    case DeconstructionPatternTree record ->
                        source.trees().getTypeMirror(new TreePath(at, record.getDeconstructor()));
                    case BindingPatternTree binding -> declared(new TreePath(at, binding.getVariable()), source);
                    default -> null;
                };
        return type != null
                && type.getKind() == TypeKind.DECLARED
                && !source.isFuture(type)
                && !source.is(type, "java.lang.Object")
                && future.value != null
                && source.types()
                        .isAssignable(
                                source.types().erasure(type), source.types().erasure(future.value));
    }
}
