package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.compiler.agent.Agent;
import dev.latent.compiler.tool.PostCompile;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;

/** How sources become woven classes. The tests that are woven themselves run under each, see {@link WaysInTest}. */
public enum WayIn {
    /** The plugin in javac. */
    PLUGIN,
    /** javac, and the post-compile tool over its classes. */
    TOOL,
    /** javac, and the agent as the classes are loaded. */
    AGENT,
    /** Eclipse's compiler, and the post-compile tool. */
    ECJ;

    public static final WayIn HERE = valueOf(System.getProperty("latent.way", "PLUGIN"));

    boolean isByAgent() {
        return this == AGENT;
    }

    /** Compiles to {@code out}, without the plugin, and weaves what no agent is going to. */
    public void compile(List<String> options, String classPath, Path out) throws IOException {
        List<String> all = new ArrayList<>(List.of("-d", out.toString(), "-cp", classPath, "-proc:none"));
        all.addAll(options);
        StringWriter said = new StringWriter();
        boolean compiled = this == ECJ ? ecj(all, new PrintWriter(said)) : javac(all, out, new PrintWriter(said));
        assertEquals(true, compiled, said::toString);
        if (!isByAgent()) {
            assertEquals(
                    List.of(),
                    PostCompile.weave(out, out, classPath, (done, classes) -> {})
                            .errors());
        }
    }

    private static boolean ecj(List<String> options, PrintWriter said) {
        List<String> all = new ArrayList<>(List.of("--release", "25", "-nowarn", "-g"));
        all.addAll(options);
        return BatchCompiler.compile(all.toArray(String[]::new), said, said, null);
    }

    /** In a JVM of its own: a javac inside this one would find the plugin on this one's class path. */
    private static boolean javac(List<String> options, Path out, PrintWriter said) throws IOException {
        Path arguments = Scratch.file("javac", ".args");
        Files.write(
                arguments,
                Stream.concat(Stream.of("-processorpath", out.toString(), "-nowarn", "-g"), options.stream())
                        .map(o -> '"' + o + '"')
                        .toList());
        Process javac = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "javac").toString(), "@" + arguments)
                .redirectErrorStream(true)
                .start();
        said.print(new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        try {
            return javac.waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** {@return the agent's jar; made of its classes where the build has not yet} */
    static Path agent() throws IOException {
        Path classes;
        try {
            classes = Path.of(Agent.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isRegularFile(classes)) {
            return classes;
        }
        Path jar = Scratch.file("compiler", ".jar");
        Path manifest = classes.resolve("META-INF/MANIFEST.MF");
        try (OutputStream to = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(to, new Manifest(Files.newInputStream(manifest)));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
