package dev.latent.compiler.weave;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;

/** The language of a class, by the name of its source, and what there is to do in it. */
enum Tongue {
    JAVA {
        @Override
        String inMethod() {
            return "move it into async(() -> …), or into another lambda of an @AsyncClosure type";
        }

        @Override
        String inClass() {
            return "write a lambda in its place, and let it capture what the class has fields for";
        }

        @Override
        String inPlaceOf(String owner, String method) {
            return "write a lambda, such as () -> " + owner + "." + method + "(…)";
        }
    },
    KOTLIN {
        @Override
        String inMethod() {
            return "move it into async(AsyncCallable { … }), and out of any lambda in there that Kotlin does not inline";
        }

        @Override
        String inClass() {
            return "write AsyncCallable { … } in its place, in a function that is not inline, and leave out -Xsam-conversions=class";
        }

        @Override
        String inPlaceOf(String owner, String method) {
            return "write a lambda, such as AsyncCallable { " + method + "(…) }";
        }
    },
    SCALA {
        @Override
        String inMethod() {
            return "move it into async(() => …), and out of what Scala makes a function or a method in there: the body of a for, an"
                    + " argument by name, a lazy val";
        }

        @Override
        String inClass() {
            return "write () => … in its place";
        }

        @Override
        String inPlaceOf(String owner, String method) {
            return "write it in a class, or in an object that is not inside another one";
        }
    },
    GROOVY {
        @Override
        String inMethod() {
            return "write this body in Java: Groovy makes a class of each closure and lambda, which is not woven";
        }

        @Override
        String inClass() {
            return inMethod();
        }

        @Override
        String inPlaceOf(String owner, String method) {
            return inMethod();
        }
    };

    /** {@return what to do with an await in a method that is no body} */
    abstract String inMethod();

    /** {@return what to do with an await in a class that implements a closure} */
    abstract String inClass();

    /** {@return what to write for a closure that is made of this method, which is no body, or one of another class} */
    abstract String inPlaceOf(String owner, String method);

    static Tongue of(ClassModel type) {
        String source = type.findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse("");
        return switch (source.substring(source.lastIndexOf('.') + 1)) {
            case "kt", "kts" -> KOTLIN;
            case "scala" -> SCALA;
            case "groovy" -> GROOVY;
            default -> JAVA;
        };
    }
}
