package dev.latent.examples;

import dev.latent.compiler.tool.PostCompile;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles one compact source file with the weaver and runs it, its tests if it has some, by a loader of its own. */
final class SourceProgram {
    private static final Pattern PUBLIC_CLASS = Pattern.compile("(?m)^(?:public |final )*class (\\w+)");

    private SourceProgram() {}

    /** {@return what it prints} */
    static String run(String source) throws Exception {
        Path out = Files.createTempDirectory(Files.createDirectories(Path.of("target", "scratch")), "program")
                .toAbsolutePath();
        Matcher named = PUBLIC_CLASS.matcher(source);
        String name = named.find() && !source.contains("\nvoid main") ? named.group(1) : "Program";
        compile(name, source, out);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {out.toUri().toURL()}, SourceProgram.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Class<?> type = loader.loadClass(name);
            if (source.contains("@AsyncTest")) {
                SourceTests.run(type).forEach(System.out::println);
                return printed.toString(StandardCharsets.UTF_8);
            }
            var main = type.getDeclaredMethod("main");
            main.setAccessible(true);
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            main.invoke(constructor.newInstance());
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    static void compile(String name, String source, Path out) throws IOException, URISyntaxException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        String weaver = Path.of(PostCompile.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        var options = List.of("-d", out.toString(), "-processorpath", weaver, "-classpath", classPath());
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignore) {
                        return source;
                    }
                };
        if (!javac.getTask(messages, null, null, options, null, List.of(file)).call()) {
            throw new AssertionError("does not compile:\n" + messages + "\n" + source);
        }
    }

    /** Surefire may put the modules of the test on the module path. */
    static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        return System.getProperty("java.class.path") + (modules.isEmpty() ? "" : File.pathSeparator + modules);
    }
}
