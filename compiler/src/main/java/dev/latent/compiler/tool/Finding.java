package dev.latent.compiler.tool;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;

/**
 * What is wrong with a class, at a line of its source.
 *
 * @param file the source, or the class where its source is not told
 * @param line 0 where it is not known
 */
public record Finding(String file, int line, Rule rule, String message) {
    /** {@return what {@code e} says of a class} */
    public static Finding of(String name, byte[] classFile, WeaveException e) {
        String file = ClassFile.of()
                .parse(classFile)
                .findAttribute(Attributes.sourceFile())
                .map(s -> s.sourceFile().stringValue())
                .orElse(name);
        return new Finding(file, e.line(), e.rule(), String.valueOf(e.getMessage()));
    }

    /** {@return it as javac writes errors} */
    @Override
    public String toString() {
        return file + ":" + (line > 0 ? line + ":" : "") + " error: " + message;
    }
}
