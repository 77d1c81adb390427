package dev.latent.tongues;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/** A language, and its compiler, which runs in this JVM. */
enum Tongue {
    KOTLIN("Kotlin", "kt") {
        @Override
        void compile(List<Path> sources, Path out, List<String> options) throws IOException {
            List<String> all =
                    new ArrayList<>(List.of("-no-stdlib", "-no-reflect", "-nowarn", "-classpath", CLASS_PATH));
            all.addAll(List.of("-d", out.toString()));
            all.addAll(options);
            sources.forEach(source -> all.add(source.toString()));
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            ExitCode code = new K2JVMCompiler()
                    .exec(new PrintStream(said, true, StandardCharsets.UTF_8), all.toArray(String[]::new));
            if (code != ExitCode.OK) {
                throw new AssertionError(said.toString(StandardCharsets.UTF_8));
            }
        }
    },
    SCALA("Scala", "scala") {
        @Override
        void compile(List<Path> sources, Path out, List<String> options) {
            List<String> all =
                    new ArrayList<>(List.of("-classpath", CLASS_PATH, "-d", out.toString(), "-color", "never"));
            all.addAll(options);
            sources.forEach(source -> all.add(source.toString()));
            if (dotty.tools.dotc.Main.process(all.toArray(String[]::new)).hasErrors()) {
                throw new AssertionError("the errors stand above");
            }
        }
    },
    GROOVY("Groovy", "groovy") {
        @Override
        void compile(List<Path> sources, Path out, List<String> options) {
            CompilerConfiguration to = new CompilerConfiguration();
            to.setTargetDirectory(out.toFile());
            to.setClasspath(CLASS_PATH);
            to.setTargetBytecode(CompilerConfiguration.JDK25);
            CompilationUnit unit = new CompilationUnit(to);
            sources.forEach(source -> unit.addSource(source.toFile()));
            unit.compile();
        }
    };

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    /** As the page writes it. */
    final String title;

    private final String extension;

    Tongue(String title, String extension) {
        this.title = title;
        this.extension = extension;
    }

    /** {@return its source of this name} */
    Path source(String name) {
        return Path.of("src/test", title.toLowerCase(java.util.Locale.ROOT), name + "." + extension);
    }

    /** {@return whether it has a source of this name} */
    boolean has(String name) {
        return Files.exists(source(name));
    }

    abstract void compile(List<Path> sources, Path out, List<String> options) throws IOException;
}
