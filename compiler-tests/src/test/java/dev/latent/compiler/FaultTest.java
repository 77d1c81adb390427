package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.tool.PostCompile;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.constant.ConstantDescs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fault of the weaver is told as such, and where, by whatever way it came to the class. The one here is a class file as no compiler
 * writes it: a local that is a String is said to be an object whose constructor has not called that of its superclass.
 */
class FaultTest {
    private static final String SOURCE = """
        package shop;
        import static dev.latent.Async.*;
        import dev.latent.*;
        public class Shop {
            static Future<String> well(String name) {
                return async(() -> await(async(() -> name)));
            }
            static class Till {
                static Future<Integer> sum(String s) {
                    return async(() -> {
                        String t = s + s;
                        int n = 0;
                        for (int i = 0; i < 3; i++) {
                            n += await(async(() -> 1)) + t.length();
                        }
                        return n;
                    });
                }
                public static void main(String[] args) {
                    System.out.println("up");
                    sum("x");
                }
            }
        }
        """;

    @TempDir
    Path folder;

    private static byte[] broken(byte[] classFile) {
        ClassFile format = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        ClassModel model = format.parse(classFile);
        return format.transformClass(
                model,
                ClassTransform.transformingMethods(
                        method -> method.methodName().equalsString("lambda$sum$0"), (into, e) -> {
                            if (e instanceof CodeModel code) {
                                into.withCode(b -> {
                                    code.forEach(b::with);
                                    b.with(StackMapTableAttribute.of(
                                            code
                                                    .findAttribute(Attributes.stackMapTable())
                                                    .orElseThrow()
                                                    .entries()
                                                    .stream()
                                                    .map(FaultTest::broken)
                                                    .toList()));
                                });
                            } else {
                                into.with(e);
                            }
                        }));
    }

    private static StackMapFrameInfo broken(StackMapFrameInfo frame) {
        List<VerificationTypeInfo> locals = frame.locals().stream()
                .map(v -> v instanceof ObjectVerificationTypeInfo o
                                && o.classSymbol().equals(ConstantDescs.CD_String)
                        ? SimpleVerificationTypeInfo.UNINITIALIZED_THIS
                        : v)
                .toList();
        return StackMapFrameInfo.of(frame.target(), locals, frame.stack());
    }

    private static void check(String said) {
        for (String part : List.of(
                "[latent:not-woven] the weaver broke down over class shop.Shop$Till, in the async body of its method"
                        + " sum (lambda$sum$0, lines 11 to 16), compiled from Shop.java: java.lang.ClassCastException: ",
                "at dev.latent.compiler",
                "\n"
                        + "This is a fault of the weaver and not of your code. Report it with these lines, with"
                        + " latent-compiler ",
                ", JDK " + Runtime.version(),
                "javap -v -p -cp plain 'shop.Shop$Till'",
                "explain not-woven")) {
            assertTrue(said.contains(part), said);
        }
        assertTrue(said.lines().noneMatch(line -> line.startsWith("\tat ")), said);
    }

    /** {@return the classes of {@link #SOURCE}, not woven, one of them broken} */
    private Path classes() throws IOException {
        Path source = folder.resolve("Shop.java");
        Files.writeString(source, SOURCE);
        Path classes = folder.resolve("classes");
        WayIn.AGENT.compile(List.of(source.toString()), System.getProperty("java.class.path"), classes);
        Path till = classes.resolve("shop/Shop$Till.class");
        Files.write(till, broken(Files.readAllBytes(till)));
        return classes;
    }

    @Test
    void byJavac() throws IOException {
        JavaFileManager files = ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, Locale.ROOT, null);
        JavaFileManager breaking = new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) throws IOException {
                JavaFileObject file = super.getJavaFileForOutput(location, name, kind, sibling);
                return name.endsWith("$Till") ? new Breaking(file) : file;
            }
        };
        files.handleOption("-cp", List.of(System.getProperty("java.class.path")).iterator());
        files.handleOption("-d", List.of(folder.toString()).iterator());
        Javac.Result result = Javac.compile(List.of("-g"), Map.of("shop.Shop", SOURCE), breaking);
        assertEquals(1, result.errors().size(), () -> "" + result.errors());
        check(result.errors().getFirst().replace("\n  ", "\n"));
        assertTrue(
                result.errors().getFirst().startsWith("Shop.java:11: "),
                result.errors().getFirst());
    }

    private static final class Breaking extends ForwardingJavaFileObject<JavaFileObject> {
        Breaking(JavaFileObject file) {
            super(file);
        }

        @Override
        public OutputStream openOutputStream() throws IOException {
            OutputStream out = super.openOutputStream();
            return new ByteArrayOutputStream() {
                @Override
                public void close() throws IOException {
                    try (out) {
                        out.write(broken(toByteArray()));
                    }
                }
            };
        }
    }

    @Test
    void byTheTool() throws IOException {
        Path classes = classes();
        PostCompile.Report report =
                PostCompile.weave(classes, classes, System.getProperty("java.class.path"), (d, n) -> {});
        assertEquals(1, report.errors().size(), () -> "" + report.errors());
        assertTrue(report.errors().getFirst().toString().startsWith("Shop.java:11: error: "));
        check(report.errors().getFirst().toString());
    }

    private static String java(String... command) throws Exception {
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        java.waitFor();
        return said;
    }

    private static String path(String command) {
        return Path.of(System.getProperty("java.home"), "bin", command).toString();
    }

    @Test
    void byTheToolsCommandLine() throws Exception {
        String said = java(
                path("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.latent.compiler.tool.Main",
                "--class-path",
                System.getProperty("java.class.path"),
                classes().toString());
        assertTrue(said.startsWith("Shop.java:11: error: "), said);
        check(said);
    }

    @Test
    void byTheAgent() throws Exception {
        String said = java(
                path("java"),
                "-javaagent:" + WayIn.agent(),
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-cp",
                classes() + File.pathSeparator + System.getProperty("java.class.path"),
                "shop.Shop$Till");
        assertTrue(said.startsWith("Shop.java:11: error: "), said);
        check(said.substring(0, said.indexOf("\nup\n")));
        assertTrue(said.contains("an async body of shop.Shop$Till was not woven"), said);
    }
}
