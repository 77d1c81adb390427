package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCallable;
import dev.latent.AsyncClosure;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Places and forms in which a body may stand, and what javac makes of them. */
class DeclarationsTest {
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

    private interface Marker {}

    @Test
    void intersectionsAndConditionalClosures() throws Exception {
        AsyncCallable<String> c = (AsyncCallable<String> & Marker) () -> await(later("marked"));
        assertTrue(c instanceof Marker);
        assertEquals("marked", drive.run(async(c)));
        for (boolean first : List.of(true, false)) {
            Future<String> f = async(first ? () -> await(later("one")) : () -> await(later("two")));
            assertEquals(first ? "one" : "two", drive.run(f));
        }
    }

    static class Base {
        protected final String shown;
        final Future<String> made;

        Base(DeclarationsTest test, String s) {
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
            super(DeclarationsTest.this, "d");
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
            Future<String> name(DeclarationsTest t) {
                return async(() -> name() + await(t.later("constant")));
            }
        };

        abstract Future<String> name(DeclarationsTest t);
    }

    record Point(int x, int y) {
        Future<Integer> sum(DeclarationsTest t) {
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
        DeclarationsTest test();

        default Future<String> greet() {
            return async(() -> "hi " + await(test().later(secret())));
        }

        static Future<String> hey(DeclarationsTest t) {
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
}
