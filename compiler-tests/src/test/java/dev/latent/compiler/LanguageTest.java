package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCallable;
import dev.latent.AsyncClosure;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Places and forms in which a body may stand, and what javac makes of them. */
class LanguageTest {
    private final Drive drive = new Drive();

    private <T> Future<T> later(T value) {
        return async(() -> {
            await(drive.after(1, "later"));
            return value;
        });
    }

    @AsyncClosure
    interface Op<A extends Comparable<A>, R> {
        R apply(A a, long wide, String... more) throws Exception;

        default Op<A, R> same() {
            return this;
        }

        default Future<R> go(A a) {
            return async(() -> apply(a, 1L << 40));
        }
    }

    interface Named extends Op<String, String> {
        @Override
        String apply(String a, long wide, String... more) throws Exception;
    }

    interface Plain<T> {
        T get(int n) throws Exception;
    }

    @AsyncClosure
    interface Over extends Plain<String> {}

    @AsyncClosure
    interface Primitive {
        double apply(byte b, char c, boolean z, short s, float f) throws Exception;
    }

    private <T extends Op<String, String>> Future<String> useInherited(T op) {
        return async(() -> op.same().apply("a", 2L, "b", "c")
                + op.hashCode() / Integer.MAX_VALUE
                + op.equals(op)
                + await(op.go("g")));
    }

    @Test
    void closureInterfaces() throws Exception {
        Named named = (a, wide, more) -> a + wide + await(later(String.join("", more)));
        Op<String, String> op = named;
        assertEquals(
                "a2bc" + 0 + true + "g" + (1L << 40),
                drive.run(useInherited(op)).replace("-", ""));
        Over over = n -> "o" + await(later(n));
        assertEquals("o5", drive.run(async(() -> over.get(5))));
        Primitive p = (b, c, z, s, f) -> {
            b += await(later((byte) 100));
            c++;
            return b + c + (z ? 1 : await(later(0.5))) + s + f;
        };
        assertEquals(
                (byte) (100 + 100) + 'b' + 1 + 3 + 1.5,
                drive.run(async(() -> p.apply((byte) 100, 'a', true, (short) 3, 1.5f))));
    }

    @Test
    void aClosureWithoutArgumentsIsCalled() throws Exception {
        AsyncCallable<String> c = () -> await(later("called"));
        AsyncRunnable r = () -> drive.log(await(later("run")));
        assertEquals("called called", drive.run(async(() -> {
            r.run();
            return c.call() + " " + await(async(c));
        })));
        assertEquals(List.of("run"), drive.trace);
    }

    @Test
    void intersectionsAndConditionalClosures() throws Exception {
        AsyncCallable<String> c = (AsyncCallable<String> & Serializable) () -> await(later("serial"));
        assertTrue(c instanceof Serializable);
        assertEquals("serial", drive.run(async(c)));
        for (boolean first : List.of(true, false)) {
            Future<String> f = async(first ? () -> await(later("one")) : () -> await(later("two")));
            assertEquals(first ? "one" : "two", drive.run(f));
        }
    }

    static class Base {
        protected final String shown;
        final Future<String> made;

        Base(LanguageTest test, String s) {
            super();
            shown = s;
            String local = s + "!";
            made = async(
                    () -> local + await(test.later(shown)) + this.getClass().getSimpleName());
        }

        String hello(String s) {
            return "base " + s;
        }
    }

    final class Derived<T extends CharSequence & Comparable<T>> extends Base {
        private final T secret;

        Derived(T secret) {
            super(LanguageTest.this, "d");
            this.secret = secret;
        }

        @Override
        String hello(String s) {
            return "derived";
        }

        Future<String> all() {
            return async(() -> {
                T t = await(later(secret));
                class Local {
                    Future<String> in() {
                        return async(() -> secret + await(later(t)).toString() + Derived.this.shown + t.length());
                    }
                }
                var anonymous = new Object() {
                    Future<String> in() {
                        return async(() -> toString() + await(new Local().in()));
                    }

                    @Override
                    public String toString() {
                        return "anon";
                    }
                };
                return super.hello(await(later("x"))) + await(anonymous.in()) + drive.trace.size();
            });
        }
    }

    enum Planet {
        EARTH {
            @Override
            Future<String> name(LanguageTest t) {
                return async(() -> name() + await(t.later("constant")));
            }
        };

        abstract Future<String> name(LanguageTest t);
    }

    record Point(int x, int y) {
        Future<Integer> sum(LanguageTest t) {
            return async(() -> x
                    + await(t.later(y))
                    + switch (await(t.later((Object) this))) {
                        case Point(int a, var b) when a < await(t.later(b)) -> a * 10 + b;
                        case Point(int a, int b) -> -a;
                        default -> 0;
                    });
        }
    }

    interface Greeter {
        LanguageTest test();

        default Future<String> greet() {
            return async(() -> "hi " + await(test().later(secret())));
        }

        static Future<String> hey(LanguageTest t) {
            return async(() -> "hey " + await(t.later(Planet.EARTH)));
        }

        private String secret() {
            return "private";
        }
    }

    @Test
    void placesOfABody() throws Exception {
        Derived<String> d = new Derived<>("s");
        assertEquals("d!dDerived", drive.run(d.made));
        assertEquals("base xanonssd10", drive.run(d.all()));
        assertEquals("EARTHconstant", drive.run(Planet.EARTH.name(this)));
        assertEquals(1 + 2 + 12, drive.run(new Point(1, 2).sum(this)));
        Greeter g = () -> this;
        assertEquals("hi private", drive.run(g.greet()));
        assertEquals("hey EARTH", drive.run(Greeter.hey(this)));
        Supplier<Supplier<Future<String>>> deep = () -> () -> async(() -> await(async(() -> await(later("deep")))));
        assertEquals("deep", drive.run(deep.get().get()));
    }

    static int made;

    static final class Counted {
        static {
            made += 100;
        }

        final String s;

        Counted(int a, long b, String s, Counted inner) {
            made++;
            this.s = a + "," + b + "," + s + (inner == null ? "" : "(" + inner.s + ")");
        }
    }

    @Test
    void theOperandStack() throws Exception {
        made = 0;
        List<String> order = new ArrayList<>();
        Future<String> f = async(() -> {
            int x = 1;
            int[] a = {1, 2, 3};
            int[][] aa = {{1}, {2, await(later(3))}};
            int i = 0;
            a[i++] += await(later(10)) + i;
            a[i++] = await(later(20)) + i;
            x = x + (x = await(later(5))) * x++;
            long l = 3L + (x > 3 ? await(later(4)) : await(later(1L)));
            Integer boxed = x > 0 ? await(later(7)) : null;
            Object mixed = x > 0 ? await(later('c')) : await(later(2.5));
            boolean z = await(later(true)) && !await(later(false)) || await(later(true));
            Counted c = await(later(z))
                    ? new Counted(
                            x,
                            await(later(l)),
                            "s",
                            await(later(1)) > 0 ? new Counted(1, 2, await(later("in")), null) : null)
                    : null;
            new Counted(1, await(later(2L)), "unused", null);
            String n = await(later((String) null));
            order.add("" + made);
            return Arrays.toString(a) + aa[1][1] + x + l + boxed + mixed + z + c.s + n + i;
        });
        assertEquals("[12, 22, 3]3" + 26 + 7L + 7 + 'c' + true + "26,7,s(1,2,in)" + null + 2, drive.run(f));
        assertEquals(List.of("103"), order);
    }

    @Test
    void localsOfEachKind() throws Exception {
        Future<String> f = async(() -> {
            String out = "";
            for (int round = 0; round < 2; round++) {
                {
                    long wide = await(later(5L));
                    out += wide;
                }
                {
                    String narrow = await(later("n"));
                    double after = 2;
                    out += narrow + await(later(after));
                }
                Object merged = round == 0 ? null : "m";
                Object never = null;
                await(later("x"));
                out += merged;
                out += never;
                byte b = (byte) (await(later(127)) + 1);
                char c = 'a';
                c += await(later(1));
                short s;
                boolean z;
                if (round == 0) {
                    s = 3;
                    z = await(later(true));
                } else {
                    s = await(later((short) 4));
                    z = false;
                }
                await(later("y"));
                out += b + "" + c + s + z;
                int[] array = null;
                if (round == 1) {
                    array = new int[] {await(later(1))};
                }
                await(later("y"));
                out += array == null ? "null" : array.length;
            }
            return out;
        });
        assertEquals("5n2.0nullnull-128b3truenull" + "5n2.0mnull-128b4false1", drive.run(f));
    }

    @Test
    @SuppressWarnings("latent:async-without-await") // a future that fails at once
    void exceptionsOfEachKind() throws Exception {
        for (int kind = 0; kind < 5; kind++) {
            int k = kind;
            Future<String> f = async(() -> {
                try (AutoCloseable r = () -> {
                    throw new IOException("close");
                }) {
                    switch (await(later(k))) {
                        case 0:
                            throw new FileNotFoundException("0");
                        case 1:
                            await(async(() -> {
                                throw new IllegalArgumentException("1");
                            }));
                            break;
                        case 2:
                            throw new AssertionError("2");
                        default:
                            assert await(later(false)) : await(later("asserted"));
                    }
                    return "body";
                } catch (FileNotFoundException | IllegalArgumentException e) {
                    await(later("x"));
                    return e.getMessage() + e.getSuppressed()[0].getMessage();
                } catch (AssertionError e) {
                    try {
                        await(later("x"));
                        throw new IOException("from catch", e);
                    } catch (IOException inner) {
                        return await(later(inner.getCause().getMessage()));
                    } finally {
                        await(later("x"));
                    }
                }
            });
            boolean asserts = LanguageTest.class.desiredAssertionStatus();
            if (k > 2 && !asserts) {
                assertEquals(
                        "close",
                        assertThrows(IOException.class, () -> drive.run(f)).getMessage());
            } else {
                assertEquals(
                        List.of("0close", "1close", "2", "asserted", "asserted").get(k), drive.run(f));
            }
        }
    }

    @Test
    void infiniteLoopsAndUnreachableCode() throws Exception {
        Future<Void> f = async(() -> {
            int n = 0;
            while (true) {
                await(later(n));
                if (n++ > 3) {
                    throw new IOException("enough");
                }
            }
        });
        assertThrows(IOException.class, () -> drive.run(f));
        Future<String> g = async(() -> {
            if (await(later(true))) {
                throw new IllegalStateException(await(later("always")));
            } else {
                return "no";
            }
        });
        assertEquals(
                "always",
                assertThrows(IllegalStateException.class, () -> drive.run(g)).getMessage());
    }

    @Test
    void nothingIsKeptThatTheSourceCannotReach() throws Exception {
        List<WeakReference<Object>> dead = new ArrayList<>();
        Future<String> f = async(() -> {
            Object first = new Object();
            dead.add(new WeakReference<>(first));
            await(drive.after(1, "a"));
            dead.add(new WeakReference<>(first));
            first.hashCode();
            Object second = new Object();
            dead.add(new WeakReference<>(second));
            await(drive.after(1, second.toString()));
            await(drive.never("n"));
            return "x";
        });
        drive.poll(f);
        drive.poll(f);
        drive.poll(f);
        for (int i = 0; i < 50 && dead.stream().anyMatch(d -> d.get() != null); i++) {
            System.gc();
        }
        dead.forEach(d -> assertNull(d.get()));
    }
}
