package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the generator of programs does not write, compiled as it stands against the weaver and against a blocking {@code Async}. */
class SameAsPlainTest {
    private static final String SOURCE = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import java.util.*;
            public class Battery {
              static <T> Future<T> leaf(T v) { return new Future<T>() { int n; public Poll<T> poll(Context c) { return n++ < 1 ? Poll.pending() : Poll.ready(v); } public void drop() {} }; }
              interface A { String a(); } interface B { String b(); }
              static <T extends A & B> Future<String> inter(T t) { return async(() -> { T u = await(leaf(t)); var w = u; await(leaf(1)); return w.a() + w.b() + u.a(); }); }
              static class AB implements A, B { public String a() { return "a"; } public String b() { return "b"; } }
              sealed interface Sh permits Ci, Sq {} record Ci(double r) implements Sh {} record Sq(Sh in, String n) implements Sh {}
              static Future<String> pat(Object o) { return async(() -> {
                 String r = switch (o) {
                   case null -> "null" + await(leaf(1));
                   case Sq(Ci(var rr), String n) when await(leaf(rr > 1)) -> n + await(leaf(rr)) + n;
                   case Sq(Sh s, String n) -> { String q = n; for (var x : List.of(1,2)) q += await(leaf(x)); yield q + s; }
                   case String s when s.length() > 2 -> await(leaf(s));
                   case Integer i when i > 3 -> { try { yield "" + i / await(leaf(0)); } catch (ArithmeticException e) { yield "arith" + await(leaf(i)); } finally { await(leaf("z")); } }
                   default -> "d";
                 };
                 if (!(o instanceof Sq(var in, var nn))) { return r + await(leaf("!")); }
                 await(leaf(2));
                 return r + in + nn;
              }); }
              static int order = 0; static int o() { return ++order; }
              static Future<String> more() { return async(() -> {
                 StringBuilder sb = new StringBuilder();
                 long[] la = {1, 2, 3}; double[][] dd = new double[await(leaf(2))][await(leaf(3))];
                 la[await(leaf(1))] <<= await(leaf(3)); dd[o() - 1][await(leaf(2))] = o() + await(leaf(0.5));
                 String s = "p"; s += o() + (s = await(leaf("q"))) + s;
                 char c = 'a'; c++; c += await(leaf(2)); byte b = 127; b++; b ^= await(leaf(3));
                 int i = 5; i = i++ + await(leaf(i)) + i--;
                 float fl = await(leaf(1.5f)); fl *= await(leaf(2));
                 Integer box = null; try { int z = box + await(leaf(1)); } catch (NullPointerException e) { sb.append("npe"); }
                 Object arr = new Object[] {await(leaf(1)), "x", new int[] {await(leaf(4))}};
                 sb.append(la[1]).append(dd[0][2]).append(s).append(c).append(b).append(i).append(fl).append(((int[]) ((Object[]) arr)[2])[0]);
                 boolean t = (await(leaf(true)) ? await(leaf(false)) : await(leaf(true))) | await(leaf(true)) ^ (i > 3 && await(leaf(1)) == 1);
                 sb.append(t).append((double) (i > 0 ? 1 : await(leaf(2.0)))).append((Object) (i > 0 ? await(leaf(1)) : 'c'));
                 do { i--; if (i % 2 == 0) continue; sb.append(await(leaf(i))); } while (await(leaf(i > 0)));
                 int x; if (await(leaf(true))) x = 1; else { x = 2; } final int y = x; Runnable rr = () -> sb.append(y); rr.run();
                 class Loc<T> { T t; Loc(T t) { this.t = t; } Future<T> get() { return async(() -> { await(leaf(1)); return t; }); } }
                 sb.append(await(new Loc<>("loc").get()));
                 synchronized (sb) { sb.append("sync"); }
                 Iterator<String> it = new Iterator<>() { int n; public boolean hasNext() { return n < 2; } public String next() { return "it" + n++; } };
                 while (it.hasNext()) sb.append(await(leaf(it.next())));
                 for (;;) { if (await(leaf(true))) break; }
                 label: { if (await(leaf(true))) break label; sb.append("no"); }
                 return sb.toString() + new String(new char[] {'x', await(leaf('y'))}, 0, await(leaf(2)));
              }); }
              static Future<String> plain() {
                 return async(() -> {
                   StringBuilder sb = new StringBuilder();
                   try { try { try { throw new java.io.IOException("a"); } catch (java.io.IOException e) { sb.append(await(leaf("c1"))); throw new RuntimeException(e.getMessage()); } finally { sb.append(await(leaf("f1"))); } }
                   finally { try { sb.append(await(leaf("f2"))); throw new IllegalStateException("s"); } catch (IllegalStateException e) { sb.append(await(leaf(e.getMessage()))); } finally { sb.append(await(leaf("f3"))); } } }
                   catch (RuntimeException e) { return sb + e.getMessage() + await(leaf("end")); }
                 });
              }
              public static Future<?> main() {
                return async(() -> {
                  List<String> out = new ArrayList<>();
                  out.add(await(inter(new AB())));
                  for (Object o : new Object[] {null, new Sq(new Ci(2), "n"), new Sq(new Ci(0), "m"), "str", 5, 1L}) out.add(await(pat(o)));
                  out.add(await(more()));
                  out.add(await(plain()));
                  return out.toString();
                });
              }
            }
            """;

    private static final String BLOCKING = """
            package blocking;
            import dev.latent.*;
            import java.util.concurrent.Callable;
            public final class Async {
                public static <T> Future<T> async(Callable<? extends T> body) {
                    return new Future<T>() {
                        public Poll<T> poll(Context cx) throws Exception { return Poll.ready(body.call()); }
                        public void drop() {}
                    };
                }
                @SuppressWarnings("unchecked")
                public static <T> T await(Future<? extends T> f) throws Exception {
                    while (true) if (f.poll(new Context(null)) instanceof Poll.Ready<?>(var v)) return (T) v;
                }
            }
            """;

    @Test
    void same() throws Exception {
        Javac.Result plain = Javac.compile(
                List.of(),
                Map.of(
                        "blocking.Async",
                        BLOCKING,
                        "Battery",
                        SOURCE.replace("static dev.latent.Async", "static blocking.Async")));
        assertEquals(List.of(), plain.errors());
        for (String debug : List.of("-g", "-g:none")) {
            Javac.Result woven = Javac.compile(List.of(debug), Map.of("Battery", SOURCE));
            assertEquals(List.of(), woven.errors());
            assertEquals(run(plain), run(woven));
        }
    }

    private static String run(Javac.Result compiled) throws Exception {
        return new Drive()
                .run((Future<?>)
                        compiled.loader().loadClass("Battery").getMethod("main").invoke(null))
                .toString();
    }
}
