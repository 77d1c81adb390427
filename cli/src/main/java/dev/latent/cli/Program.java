package dev.latent.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A compiled program. */
final class Program {
    private final Path source;
    private final String mainClass;
    private final Map<String, byte[]> classes;
    private final List<String> arguments;

    Program(Path source, String mainClass, Map<String, byte[]> classes, List<String> arguments) {
        this.source = source;
        this.mainClass = mainClass;
        this.classes = classes;
        this.arguments = arguments;
    }

    /** Runs {@code main} on this thread; throws what it throws, its trace ending at {@code main}. */
    void run() throws Throwable {
        ClassLoader loader = new Loader(classes);
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> type = Class.forName(mainClass, false, loader);
        Method main = main(type);
        if (main == null) {
            System.err.println("latent run: there is no main method in class " + mainClass + " of " + source);
            System.exit(1);
            return;
        }
        main.setAccessible(true);
        try {
            Object target = Modifier.isStatic(main.getModifiers()) ? null : instance(type);
            if (main.getParameterCount() == 0) {
                main.invoke(target);
            } else {
                main.invoke(target, (Object) arguments.toArray(String[]::new));
            }
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            cut(thrown);
            throw thrown;
        }
    }

    private static Object instance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** {@return the method that {@code java} would start: main(String[]) before main(), its own before inherited} */
    private static @Nullable Method main(Class<?> type) {
        Method found = method(type, String[].class);
        return found != null ? found : method(type);
    }

    private static @Nullable Method method(Class<?> type, Class<?>... parameters) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            try {
                Method method = at.getDeclaredMethod("main", parameters);
                if (!Modifier.isPrivate(method.getModifiers()) && method.getReturnType() == void.class) {
                    return method;
                }
            } catch (NoSuchMethodException e) {
                // perhaps its superclass has it
            }
        }
        return null;
    }

    /** Takes the frames of this command from a trace. */
    private static void cut(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        int end = trace.length;
        for (int i = 0; i < trace.length; i++) {
            String type = trace[i].getClassName();
            if (type.startsWith("jdk.internal.reflect.") || type.equals(Program.class.getName())) {
                end = i;
                break;
            }
        }
        thrown.setStackTrace(Arrays.copyOf(trace, end));
        if (thrown.getCause() != null) {
            cut(thrown.getCause());
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(Program.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
