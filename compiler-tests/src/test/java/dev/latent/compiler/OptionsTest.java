package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The weaver under javac's options, with file managers of one's own, and with sources of unusual size and form. */
class OptionsTest {
    static final String RESULT = "<a71>718";
    static final String LEAF = """
        static <T> Future<T> leaf(T value) {
            return new Future<T>() {
                boolean polled;
                public Poll<T> poll(Context cx) {
                    if (polled) return Poll.ready(value);
                    polled = true;
                    return Poll.pending();
                }
                public void drop() {}
            };
        }
        """;

    /** {@return sources whose {@code app.Main} gives {@link #RESULT}} */
    static LinkedHashMap<String, String> program() {
        LinkedHashMap<String, String> sources = new LinkedHashMap<>();
        sources.put("base.Base", """
            package base;
            import dev.latent.*;
            public class Base {
                protected int hidden = 5;
                protected String show(int unused, Object o, long alsoUnused) { return "<" + o + ">"; }
                protected
            """ + LEAF + "}");
        sources.put("app.Main", """
            package app;
            import static dev.latent.Async.*;
            import dev.latent.*;
            public class Main extends base.Base {
                @Override protected String show(int unused, Object o, long alsoUnused) { return "wrong"; }
                Future<String> go(int unused, long u2, String s) {
                    return async(() -> {
                        int x = hidden += await(leaf(2));
                        AsyncFunction<Integer, String> deeper = n -> super.show(n, await(leaf(s + n + unused)), u2);
                        int dead = 3;
                        try (AutoCloseable c = () -> hidden++) {
                            return deeper.apply(x) + await(leaf(hidden));
                        } finally {
                            hidden += await(leaf(10));
                        }
                    });
                }
                private static abstract class Nested {
                    static Future<String> in(Main m) { return async(() -> await(m.go(1, 2, "a")) + m.hidden); }
                }
                public static Future<?> main() { return async(() -> await(Nested.in(new Main()))); }
            }
            """);
        return sources;
    }

    static String run(ClassLoader loader, String name) throws Exception {
        Drive drive = new Drive();
        Future<?> f = (Future<?>) loader.loadClass(name).getMethod("main").invoke(null);
        return drive.run(f).toString();
    }

    @Test
    void options() throws Exception {
        for (List<String> options : List.of(
                List.of("-g"),
                List.of("-g:none"),
                List.of("-g:lines", "-parameters"),
                List.of("--release", "25", "-implicit:class"),
                List.of("-XDcompilePolicy=simple"),
                List.of("-XDcompilePolicy=byfile", "-g"),
                List.of("-XDcompilePolicy=bytodo", "-g"),
                List.of("-Xlint:all,-try", "-Werror"))) {
            Javac.Result result = Javac.compile(options, program());
            assertEquals(List.of(), result.errors(), options::toString);
            assertEquals(RESULT, run(result.loader(), "app.Main"), options::toString);
        }
    }

    @Test
    void inMemory() throws Exception {
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        class Memory extends ForwardingJavaFileManager<JavaFileManager> {
            Memory(JavaFileManager standard) {
                super(standard);
            }

            private JavaFileObject file(String name, JavaFileObject.Kind kind) {
                return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        ByteArrayOutputStream out = new ByteArrayOutputStream();
                        classes.put(name, out);
                        return out;
                    }

                    @Override
                    public InputStream openInputStream() {
                        return new ByteArrayInputStream(classes.get(name).toByteArray());
                    }
                };
            }

            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return file(name.replace('.', '/') + kind.extension, kind);
            }

            @Override
            public FileObject getFileForOutput(Location location, String folder, String name, FileObject sibling) {
                return file((folder.isEmpty() ? "" : folder.replace('.', '/') + "/") + name, JavaFileObject.Kind.OTHER);
            }

            @Override
            public FileObject getFileForInput(Location location, String folder, String name)
                    throws java.io.IOException {
                return location == StandardLocation.CLASS_OUTPUT
                        ? file(
                                (folder.isEmpty() ? "" : folder.replace('.', '/') + "/") + name,
                                JavaFileObject.Kind.OTHER)
                        : super.getFileForInput(location, folder, name);
            }
        }
        try (Memory memory =
                new Memory(ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null))) {
            Javac.Result result = Javac.compile(List.of(), program(), memory);
            assertEquals(List.of(), result.errors());
            ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    ByteArrayOutputStream bytes = classes.get(name.replace('.', '/') + ".class");
                    if (bytes == null) {
                        throw new ClassNotFoundException(name);
                    }
                    return defineClass(name, bytes.toByteArray(), 0, bytes.size());
                }
            };
            assertEquals(RESULT, run(loader, "app.Main"));
        }
    }

    @Test
    void implicitlyDeclaredClass() throws Exception {
        Javac.Result result = Javac.compile(List.of(), Map.of("Hello", """
            import dev.latent.*;
            import static dev.latent.Async.*;
            """ + LEAF + """
            Future<String> f(String s) { return async(() -> s + await(leaf("!"))); }
            void main() {}
            Future<?> run() { return f("hi"); }
            """));
        assertEquals(List.of(), result.errors());
        Drive drive = new Drive();
        Class<?> hello = result.loader().loadClass("Hello");
        Constructor<?> make = hello.getDeclaredConstructor();
        Method run = hello.getDeclaredMethod("run");
        make.setAccessible(true);
        run.setAccessible(true);
        assertEquals("hi!", drive.run((Future<?>) run.invoke(make.newInstance())));
    }

    @Test
    void aThousandAwaits() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            body.append(i % 100 == 0 && i > 0 ? "n += 1;\n" : "").append("n += await(leaf(" + i + "));\n");
        }
        Javac.Result result = Javac.compile(
                List.of(),
                Map.of(
                        "Big",
                        "import dev.latent.*; import static dev.latent.Async.*; public class Big { " + LEAF
                                + "public static Future<?> main() { return async(() -> { int n = 0;\n" + body
                                + "return n; }); } }"));
        assertEquals(List.of(), result.errors());
        assertEquals("" + (999 * 1000 / 2 + 9), run(result.loader(), "Big"));
    }

    /** Such a body's awaits share the code of their spills: of stacks, of locals of each kind, and of variables that die on the way. */
    @Test
    void manyAwaitsInOneExpression() throws Exception {
        StringBuilder concatenation = new StringBuilder("\"\"");
        StringBuilder sum = new StringBuilder();
        StringBuilder dying = new StringBuilder("\"\"");
        for (int i = 0; i < 200; i++) {
            concatenation.append(" + await(leaf(").append(i % 10).append("))");
            sum.append(i % 2 == 0 ? "(await(leaf(1L)) + " : "(await(leaf(1)) + ");
        }
        for (int i = 0; i < 90; i++) {
            dying.append(" + v")
                    .append(i % 10)
                    .append(" + await(leaf(v")
                    .append(i % 10)
                    .append("))");
        }
        StringBuilder locals = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            locals.append("String v" + i + " = \"" + i + "\";\n");
        }
        for (String debug : List.of("-g", "-g:none")) {
            Javac.Result result = Javac.compile(
                    List.of(debug),
                    Map.of(
                            "Big",
                            "import dev.latent.*; import static dev.latent.Async.*; public class Big { " + LEAF
                                    + "static Future<String> one() { return async(() -> { String own ="
                                    + " await(leaf(\"own\")); return "
                                    + concatenation + " + own; }); }\n"
                                    + "static Future<Double> two() { return async(() -> { double d ="
                                    + " await(leaf(0.5)); return "
                                    + sum + "d" + ")".repeat(200) + "; }); }\n"
                                    + "public static Future<?> main() {\n" + locals
                                    + "return async(() -> await(one()) + await(two()) + "
                                    + dying + "); } }"));
            assertEquals(List.of(), result.errors());
            assertEquals(
                    "0123456789".repeat(20) + "own200.5" + "00112233445566778899".repeat(9),
                    run(result.loader(), "Big"));
        }
    }

    @Test
    void jumpsOverMoreThan32Kilobytes() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 420; i++) {
            body.append("n += await(leaf(").append(i).append("));\n");
        }
        Javac.Result result = Javac.compile(
                List.of(),
                Map.of(
                        "Far",
                        "import dev.latent.*; import static dev.latent.Async.*; public class Far { " + LEAF
                                + "public static Future<?> main() { return async(() -> { int n = 0;\n"
                                + "String s = new String(n == 0 ? \"a\" : \"b\"); for (int k = 0; k < 2; k++) { if (k"
                                + " == 0) {\n"
                                + body
                                + "} else { boolean late = k > 0; try { if (n < 0) continue; } catch (RuntimeException"
                                + " e) { n = late ? -1 : -2; }\n"
                                + "try { n += await(leaf(k)); } finally { n += await(leaf(1)); } } } return s + n; });"
                                + " } }"));
        assertEquals(List.of(), result.errors());
        assertEquals("a" + (419 * 420 / 2 + 2), run(result.loader(), "Far"));
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhereItStands() throws Exception {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            body.append("n += await(leaf(" + i + "));\n");
        }
        Javac.Result result = Javac.compile(
                List.of(),
                Map.of(
                        "Big",
                        "import dev.latent.*; import static dev.latent.Async.*; public class Big { " + LEAF
                                + "public static Future<?> main() { return async(() -> { int n = 0;\n" + body
                                + "return n; }); } }"));
        assertEquals(1, result.of(Diagnostic.Kind.ERROR).size());
        String error = result.errors().getFirst();
        assertEquals(true, error.contains("[latent:body-too-large] up to here"), error);
        int line = Integer.parseInt(error.split(":")[1]);
        assertEquals(true, line > 500 && line < 2_000, error);
    }

    @Test
    void aBodyCapturesAsMuchAsItsFirstRunHasParametersFor() throws Exception {
        for (int captured : List.of(251, 252)) {
            StringBuilder locals = new StringBuilder();
            StringBuilder sum = new StringBuilder("0");
            for (int i = 0; i < captured; i++) {
                locals.append("int v" + i + " = n + " + i + ";\n");
                sum.append(" + v" + i);
            }
            Javac.Result result = Javac.compile(
                    List.of(),
                    Map.of(
                            "Wide",
                            "import dev.latent.*; import static dev.latent.Async.*; public class Wide { " + LEAF
                                    + "public static Future<?> main(int n) {\n" + locals
                                    + "return async(() -> await(leaf(1)) + " + sum + "); } }"));
            if (captured == 251) {
                assertEquals(List.of(), result.errors());
                Future<?> main = (Future<?>) result.loader()
                        .loadClass("Wide")
                        .getMethod("main", int.class)
                        .invoke(null, 0);
                assertEquals(1 + 250 * 251 / 2, new Drive().run(main));
            } else {
                assertEquals(1, result.errors().size());
                assertEquals(
                        true,
                        result.errors().getFirst().contains("[latent:body-too-large]"),
                        () -> "" + result.errors());
            }
        }
    }

    @Test
    void aSerializableBodyIsRefused() throws Exception {
        for (String body : List.of(
                "(AsyncCallable<Integer> & java.io.Serializable) () -> await(leaf(1))",
                "(Sent) () -> await(leaf(1))")) {
            Javac.Result result = Javac.compile(
                    List.of(),
                    Map.of(
                            "Sent",
                            "import dev.latent.*; import static dev.latent.Async.*; @AsyncClosure public interface"
                                    + " Sent extends AsyncCallable<Integer>, java.io.Serializable { static Object main()"
                                    + " {\n"
                                    + "return "
                                    + body + "; }" + LEAF + "}"));
            assertEquals(1, result.errors().size(), () -> "" + result.errors());
            assertEquals(
                    true,
                    result.errors()
                            .getFirst()
                            .startsWith("Sent.java:2: [latent:not-woven] this async body is serializable"),
                    () -> "" + result.errors());
        }
    }

    @Test
    void aSerializableBodyWithinAnotherIsRefusedWhereItStands() throws Exception {
        Javac.Result result = Javac.compile(List.of(), Map.of("Sent", """
            import dev.latent.*;
            import static dev.latent.Async.*;
            public class Sent {
                static Future<?> innocent() { return async(() -> await(leaf(1))); }
                static Future<?> main() {
                    return async(() -> {
                        AsyncCallable<Integer> within =
                                (AsyncCallable<Integer> & java.io.Serializable)
                                        () -> await(leaf(2));
                        return await(async(within));
                    });
                }
            """ + LEAF + "}"));
        assertEquals(1, result.errors().size(), () -> "" + result.errors());
        assertEquals(
                true,
                result.errors()
                        .getFirst()
                        .startsWith("Sent.java:7: [latent:not-woven] this async body is serializable"),
                () -> "" + result.errors());
    }

    @Test
    void whereAnErrorKeepsEveryProcessorFromRunningNothingIsSaid() throws Exception {
        Javac.Result result = Javac.compile(
                List.of(),
                Map.of(
                        "Twice",
                        "import dev.latent.*; import static dev.latent.Async.*; public class Twice { class A {} class"
                                + " A {} "
                                + LEAF + "Future<?> main() { return async(() -> await(leaf(1))); } }"));
        assertEquals(1, result.errors().size(), () -> "" + result.errors());
        assertEquals(false, result.errors().getFirst().contains("latent"), () -> "" + result.errors());
    }

    @Test
    void ofClassesThatJavacDoesNotWriteAfterAnErrorNothingIsSaid() throws Exception {
        Javac.Result result = Javac.compile(
                List.of("-Alatent.large.frame=1", "-Alatent.lint=large-frame:error"), Map.of("Outer", """
                    import dev.latent.*;
                    import static dev.latent.Async.*;
                    class Outer {
                        Future<?> f(Future<?> g) { return async(() -> await(g)); }
                        class Inner { Future<?> f(Future<?> g) { return async(() -> await(g)); } }
                    }
                    """));
        assertEquals(1, result.errors().size(), () -> "" + result.errors());
        assertEquals(true, result.errors().getFirst().contains("[latent:large-frame]"), () -> "" + result.errors());
    }
}
