package dev.latent.compiler.javac;

import com.sun.source.util.JavacTask;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import javax.annotation.processing.ProcessingEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Javac itself, behind the processing environment that a processor got. Build tools wrap that to keep books of what a processor
 * makes: Gradle in a class of its own, IntelliJ in a proxy. What they have in common is that a field holds what is wrapped.
 */
final class Unwrapped {
    private Unwrapped() {}

    /** {@return javac, or null where this is another compiler, or is wrapped in a way not known yet} */
    static @Nullable JavacTask task(ProcessingEnvironment environment) {
        try {
            return JavacTask.instance(environment);
        } catch (IllegalArgumentException notJavacsOwn) {
            return Proxy.isProxyClass(environment.getClass())
                    ? within(Proxy.getInvocationHandler(environment), environment)
                    : within(environment, environment);
        }
    }

    private static @Nullable JavacTask within(Object wrapper, ProcessingEnvironment seen) {
        for (Class<?> c = wrapper.getClass(); c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                JavacTask task = value(field, wrapper) instanceof ProcessingEnvironment inner && inner != seen
                        ? task(inner)
                        : null;
                if (task != null) {
                    return task;
                }
            }
        }
        return null;
    }

    private static @Nullable Object value(Field field, Object of) {
        try {
            return field.trySetAccessible() ? field.get(of) : null;
        } catch (IllegalAccessException e) {
            throw new AssertionError("made accessible before", e);
        }
    }
}
