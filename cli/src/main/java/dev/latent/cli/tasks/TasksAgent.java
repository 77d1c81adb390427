package dev.latent.cli.tasks;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guest in another process: asks each Latent that is loaded there for its tasks, writes what they say into a file, and is done. It is loaded
 * alone, so it knows nothing but the JDK; it runs on the thread by which the JVM attaches, starts none, and leaves nothing but its class.
 */
public final class TasksAgent {
    private static final String TASKS = "dev.latent.runtime.inspect.Tasks";
    private static final String LATENT = "dev.latent.Future";

    /** The first line of the answer: this follows. */
    static final String FOUND = "found";

    /** The first line of the answer: there is Latent, and no executor has been made that keeps a list. */
    static final String NO_EXECUTOR = "no executor";

    /** The first line of the answer: there is no Latent. */
    static final String NO_LATENT = "no latent";

    /** The first line of the answer: a stack trace follows. */
    static final String FAILED = "failed";

    private TasksAgent() {}

    /**
     * Writes the answer.
     *
     * @param arguments {@code json} or {@code text}, a comma, and the file
     */
    public static void agentmain(String arguments, Instrumentation instrumentation) throws Exception {
        int comma = arguments.indexOf(',');
        String answer;
        try {
            answer = answer(arguments.startsWith("json"), instrumentation.getAllLoadedClasses());
        } catch (Throwable t) {
            Throwable cause = t instanceof InvocationTargetException && t.getCause() != null ? t.getCause() : t;
            answer = FAILED + "\n" + cause;
        }
        Files.write(Path.of(arguments.substring(comma + 1)), answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String answer(boolean json, Class<?>[] loaded) throws ReflectiveOperationException {
        List<Class<?>> found = new ArrayList<>();
        boolean latent = false;
        for (Class<?> type : loaded) {
            latent |= type.getName().equals(LATENT);
            if (type.getName().equals(TASKS)) {
                found.add(type);
            }
        }
        if (found.isEmpty()) {
            return latent ? NO_EXECUTOR : NO_LATENT;
        }
        StringBuilder out = new StringBuilder(FOUND).append('\n');
        if (json) {
            List<String> executors = new ArrayList<>();
            for (Class<?> tasks : found) {
                for (Object dump : (List<?>) call(tasks, null, "snapshot")) {
                    executors.add((String) call(dump.getClass(), dump, "toJson"));
                }
            }
            return out.append('[')
                    .append(String.join(",", executors))
                    .append(']')
                    .toString();
        }
        for (Class<?> tasks : found) {
            if (found.size() > 1) {
                out.append("class loader ").append(tasks.getClassLoader()).append('\n');
            }
            out.append((String) call(tasks, null, "dump"));
        }
        return out.toString();
    }

    private static Object call(Class<?> type, @Nullable Object on, String method) throws ReflectiveOperationException {
        Method found = type.getMethod(method);
        return found.invoke(on);
    }
}
