package dev.latent.compiler.model;

import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Names as class files have them, of what javac knows. */
record Descriptors(Elements elements, Types types) {
    /** {@return the internal name of {@code type}} */
    String internal(TypeElement type) {
        return elements.getBinaryName(type).toString().replace('.', '/');
    }

    /** {@return the descriptor of {@code method}} */
    String of(ExecutableElement method) {
        StringBuilder out = new StringBuilder("(");
        method.getParameters().forEach(p -> out.append(of(types.erasure(p.asType()))));
        return out.append(')').append(of(types.erasure(method.getReturnType()))).toString();
    }

    private String of(TypeMirror erased) {
        return switch (erased.getKind()) {
            case BOOLEAN -> "Z";
            case BYTE -> "B";
            case CHAR -> "C";
            case SHORT -> "S";
            case INT -> "I";
            case LONG -> "J";
            case FLOAT -> "F";
            case DOUBLE -> "D";
            case VOID -> "V";
            case ARRAY -> "[" + of(((ArrayType) erased).getComponentType());
            default -> "L" + internal((TypeElement) types.asElement(erased)) + ";";
        };
    }
}
