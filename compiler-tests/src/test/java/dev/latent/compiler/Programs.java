package dev.latent.compiler;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what a test has compiled, on a thread of its own and not for ever. */
final class Programs {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Programs() {}

    /** {@return what {@code main} prints, instance or static, without the last line's end} */
    static String run(ClassLoader loader, String type) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            call(loader, type, "main");
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    /** {@return what the method gives, as text} */
    static String call(ClassLoader loader, String type, String name) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                Class<?> loaded = loader.loadClass(type);
                Method method = loaded.getDeclaredMethod(name);
                method.setAccessible(true);
                Object on = null;
                if (!Modifier.isStatic(method.getModifiers())) {
                    Constructor<?> made = loaded.getDeclaredConstructor();
                    made.setAccessible(true);
                    on = made.newInstance();
                }
                result.complete(String.valueOf(method.invoke(on)));
            } catch (InvocationTargetException e) {
                result.completeExceptionally(e.getCause());
            } catch (ReflectiveOperationException | LinkageError e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(type + "." + name + " failed", e.getCause());
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new AssertionError(type + "." + name + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
