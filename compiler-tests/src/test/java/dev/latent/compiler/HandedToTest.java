package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.HandedTo;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A method whose annotation says who is handed its future is there as one without a result, which hands it over. */
class HandedToTest {
    @Retention(RetentionPolicy.RUNTIME)
    @HandedTo(Runner.class)
    @interface Runs {}

    @Retention(RetentionPolicy.RUNTIME)
    @Runs
    @interface RunsToo {}

    @Retention(RetentionPolicy.RUNTIME)
    @interface Other {}

    /** Drives what it is handed. */
    public static final class Runner {
        static final List<Object> GOT = new ArrayList<>();

        public static void run(Future<?> future) throws Exception {
            GOT.add(new Drive().run(future));
        }
    }

    static class Works {
        @Runs
        Future<String> woven(@Other int a, long b, List<String> c) throws java.io.IOException {
            return async(() -> {
                await(yieldNow());
                return a + "," + b + "," + c;
            });
        }

        @RunsToo
        protected Future<String> plain() {
            return Futures.ready("plain");
        }

        @Runs
        static Future<String> fixed(double x) {
            return Futures.ready("fixed " + x);
        }

        @Runs
        Future<String> fails() {
            return Futures.failed(new java.io.IOException("broken"));
        }

        @Other
        Future<String> nobodys() {
            return Futures.ready("nobody's");
        }

        @Runs
        void without() {}

        String callsItself() throws Exception {
            Callable<Future<String>> reference = this::plain;
            boolean first = true;
            if (reference != null) { // jumps, so that stack maps are needed
                first = false;
            }
            return new Drive().run(plain()) + new Drive().run(reference.call()) + first;
        }
    }

    static final class Below extends Works {
        @RunsToo
        @Override
        protected Future<String> plain() {
            return Futures.map(super.plain(), s -> "not so " + s);
        }
    }

    interface HasDefault {
        @Runs
        default Future<String> byDefault() {
            return Futures.ready("default");
        }
    }

    record Implements() implements HasDefault {}

    private static Object call(Object on, Class<?> in, String name, Object... arguments) throws Throwable {
        Method method = only(in, name);
        method.setAccessible(true);
        Runner.GOT.clear();
        try {
            assertEquals(null, method.invoke(on, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        return Runner.GOT.getFirst();
    }

    private static Method only(Class<?> in, String name) {
        List<Method> found = Arrays.stream(in.getDeclaredMethods())
                .filter(m -> m.getName().equals(name))
                .toList();
        assertEquals(1, found.size(), found.toString());
        return found.getFirst();
    }

    @Test
    void theTwinHandsTheFutureOver() throws Throwable {
        assertEquals("1,2,[x]", call(new Works(), Works.class, "woven", 1, 2L, List.of("x")));
        assertEquals("plain", call(new Works(), Works.class, "plain"));
        assertEquals("fixed 0.5", call(null, Works.class, "fixed", 0.5));
        assertEquals("default", call(new Implements(), HasDefault.class, "byDefault"));
        assertThrows(java.io.IOException.class, () -> call(new Works(), Works.class, "fails"));
    }

    @Test
    void theTwinLooksAsTheMethodInTheSource() {
        Method twin = only(Works.class, "woven");
        assertEquals(void.class, twin.getReturnType());
        assertTrue(twin.isAnnotationPresent(Runs.class));
        assertEquals(1, twin.getParameterAnnotations()[0].length);
        assertEquals("java.util.List<java.lang.String>", twin.getGenericParameterTypes()[2].toString());
        assertEquals(WayIn.HERE == WayIn.PLUGIN ? "c" : "arg2", twin.getParameters()[2].getName());
        assertEquals(List.of(java.io.IOException.class), List.of(twin.getExceptionTypes()));
        assertFalse(twin.isSynthetic());

        Method source = only(Works.class, "woven$future");
        assertTrue(source.isSynthetic());
        assertEquals(0, source.getAnnotations().length);
        assertEquals(Future.class, source.getReturnType());
    }

    @Test
    void othersStayAsTheyAre() {
        assertEquals(Future.class, only(Works.class, "nobodys").getReturnType());
        assertEquals(void.class, only(Works.class, "without").getReturnType());
        assertFalse(only(Works.class, "without").isSynthetic());
    }

    @Test
    void callsInTheClassAndOfSuperFollow() throws Throwable {
        assertEquals("plainplainfalse", new Works().callsItself());
        assertEquals("not so plainnot so plainfalse", new Below().callsItself());
        assertEquals("not so plain", call(new Below(), Below.class, "plain"));
        assertEquals("not so plain", call(new Below(), Works.class, "plain"), "virtual, as any call is");
    }
}
