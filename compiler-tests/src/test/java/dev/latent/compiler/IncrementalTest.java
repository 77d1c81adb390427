package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiling into a folder that holds what was compiled before. */
class IncrementalTest {
    private static final String HEAD = "package app; import static dev.latent.Async.*; import dev.latent.*; ";

    @TempDir
    Path out;

    private Javac.Result compile(String name, String source) throws IOException {
        return Build.wovenInto(out).classPath(Build.core(), out).compile(Map.of("app." + name, HEAD + source));
    }

    private void compiles(String name, String source) throws IOException {
        assertEquals(List.of(), compile(name, source).diagnostics());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(out.resolve("app"))) {
            return new TreeSet<>(files.map(f -> f.getFileName().toString().replace(".class", ""))
                    .toList());
        }
    }

    @Test
    void aFrameGoesWithItsLambda() throws Exception {
        compiles("Shop", """
                public class Shop {
                    Future<?> a() { return async(() -> 1); }
                    Future<?> b() { return async(() -> { AsyncCallable<Integer> c = () -> 3; return c.call(); }); }
                    class Inner { Future<?> c() { return async(() -> 4); } }
                }
                """);
        compiles("Other", "class Other { Future<?> a() { return async(() -> 1); } }");
        assertEquals(
                Set.of(
                        "Other",
                        "Other$async$a$0",
                        "Shop",
                        "Shop$Inner",
                        "Shop$Inner$async$c$0",
                        "Shop$async$a$0",
                        "Shop$async$b$1",
                        "Shop$async$b$2"),
                files());

        compiles("Shop", """
                public class Shop {
                    Future<?> b() { return async(() -> 2); }
                    class Inner {}
                    public static Future<?> main() { return new Shop().b(); }
                }
                """);
        assertEquals(Set.of("Other", "Other$async$a$0", "Shop", "Shop$Inner", "Shop$async$b$0"), files());
        assertEquals("2", OptionsTest.run(new Javac.Result(out, List.of()).loader(), "app.Shop"));

        compiles("Shop", "public class Shop {}");
        assertEquals(Set.of("Other", "Other$async$a$0", "Shop"), withoutInner(files()));
    }

    private static Set<String> withoutInner(Set<String> files) {
        files.remove("Shop$Inner"); // for the build tool to delete, as ever
        return files;
    }

    @Test
    void nothingElseGoes() throws Exception {
        compiles("Shop", "class Shop { Future<?> a() { return async(() -> 1); } }");
        compiles("Shop$async$mine$0", "class Shop$async$mine$0 { Future<?> a() { return async(() -> 1); } }");
        compiles("Shop$async", "class Shop$async { Future<?> a() { return async(() -> 1); } }");
        compiles("Base", "public class Base { public static class A$async$a$1 {} }");
        byte[] byHand = ClassFile.of().build(ClassDesc.of("app.Shop$async$byHand$7"), c -> c.withSuperclass(
                        ClassDesc.of("dev.latent.AsyncFrame"))
                .withFlags(AccessFlag.PUBLIC));
        Files.write(out.resolve("app/Shop$async$byHand$7.class"), byHand);
        Set<String> before = files();
        assertTrue(before.contains("Shop$async$async$a$0"), before::toString);

        compiles("Shop", "class Shop { }");
        before.remove("Shop$async$a$0");
        assertEquals(before, files());
    }

    @Test
    void aBuildThatFailsTakesNothingAway() throws Exception {
        String good = "class Shop { Future<?> a() { return async(() -> 1); } }";
        compiles("Shop", good);
        Set<String> before = files();
        for (String bad : List.of("class Shop { int x = null; }", """
                class Shop {
                    Future<?> b() { return async(this::c); }
                    int c() { return 2; }
                }
                """)) {
            assertTrue(!compile("Shop", bad).errors().isEmpty());
            assertEquals(before, files());
        }
    }

    @Test
    void inADefaultPackage() throws Exception {
        Build.wovenInto(out)
                .compile(Map.of("Top", HEAD.substring(12) + "class Top { Future<?> a() { return async(() -> 1); } }"));
        assertTrue(Files.exists(out.resolve("Top$async$a$0.class")));
        Build.wovenInto(out).compile(Map.of("Top", "class Top {}"));
        assertTrue(Files.notExists(out.resolve("Top$async$a$0.class")));
        assertThrows(
                ClassNotFoundException.class,
                () -> new Javac.Result(out, List.of()).loader().loadClass("Top$async$a$0"));
    }
}
