package dev.latent.compiler.javac;

import com.sun.source.util.JavacTask;

/**
 * Whether the weaver is at work in a run of javac: the processor says so, the plugin asks. Many a build loads the two by two class
 * loaders (Gradle does, and so does javac on a processor module path), and these share nothing but the JDK: hence a system property.
 */
final class AtWork {
    private AtWork() {}

    /** {@return whether it was not before} */
    static boolean begin(JavacTask task) {
        return System.getProperties().putIfAbsent(property(task), "weaving") == null;
    }

    static boolean in(JavacTask task) {
        return System.getProperty(property(task)) != null;
    }

    static void end(JavacTask task) {
        System.clearProperty(property(task));
    }

    private static String property(JavacTask task) {
        return "dev.latent.compiler." + Integer.toHexString(System.identityHashCode(task));
    }
}
