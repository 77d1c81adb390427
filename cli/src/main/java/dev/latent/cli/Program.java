package dev.latent.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled program. */
public final class Program {
    private final Path source;
    private final String mainClass;
    private final Map<String, byte[]> classes;
    private final List<String> arguments;
    private final boolean asserting;

    private Program(Path source, Compile.Result compiled, List<String> arguments, boolean asserting) throws Failure {
        if (compiled.mainClass() == null) {
            throw new Failure("there is no class in " + source);
        }
        this.source = source;
        this.mainClass = compiled.mainClass();
        this.classes = compiled.classes();
        this.arguments = arguments;
        this.asserting = asserting;
    }

    /** {@return what was compiled, with the arguments of its {@code main}} */
    public static Program of(Path source, Compile.Result compiled, List<String> arguments) throws Failure {
        return new Program(source, compiled, arguments, false);
    }

    /** {@return the same, without arguments and with its assertions on, whatever this JVM was told} */
    public static Program asserting(Path source, Compile.Result compiled) throws Failure {
        return new Program(source, compiled, List.of(), true);
    }

    /**
     * Runs {@code main} on this thread; throws what it throws, its trace ending at {@code main}.
     *
     * @throws Failure when there is none, or nothing to call it on
     */
    public void run() throws Throwable {
        ClassLoader loader = new Loader(classes);
        if (asserting) {
            loader.setDefaultAssertionStatus(true);
        }
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> type = Class.forName(mainClass, false, loader);
        Method main = main(type);
        if (main == null) {
            throw new Failure("there is no main method in class " + mainClass + " of " + source);
        }
        main.setAccessible(true);
        try {
            Object target = null;
            if (!Modifier.isStatic(main.getModifiers())) {
                Constructor<?> constructor = constructor(type);
                if (constructor == null) {
                    throw new Failure("main of class " + mainClass + " of " + source
                            + " needs an object, and there is none without arguments: make main static");
                }
                target = constructor.newInstance();
            }
            if (main.getParameterCount() == 0) {
                main.invoke(target);
            } else {
                main.invoke(target, (Object) arguments.toArray(String[]::new));
            }
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            cut(thrown);
            throw thrown;
        } catch (ExceptionInInitializerError e) {
            cut(e);
            throw e;
        }
    }

    /** {@return the constructor that {@code java} would call} */
    private static @Nullable Constructor<?> constructor(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            int modifiers = constructor.getModifiers();
            if (Modifier.isPrivate(modifiers) || Modifier.isAbstract(type.getModifiers())) {
                return null;
            }
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            return null;
        }
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

    /** Takes the frames of this command from a trace, and from those of its causes, which may lead in a circle. */
    private static void cut(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
            StackTraceElement[] trace = t.getStackTrace();
            int end = 0;
            while (end < trace.length && !isOurs(trace[end])) {
                end++;
            }
            t.setStackTrace(Arrays.copyOf(trace, end));
        }
    }

    private static boolean isOurs(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("jdk.internal.") || type.equals(Program.class.getName());
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
