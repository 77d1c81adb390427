package dev.latent.maven;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.toolchain.ToolchainManager;

/** Weaves one folder, in a JVM of the JDK that compiles: Maven itself may run on an older one. */
abstract class AbstractWeaveMojo extends AbstractMojo {
    private final ToolchainManager toolchains;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init") // by Maven
    private MavenSession session;

    @Parameter(defaultValue = "${plugin.artifactMap}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init") // by Maven
    private Map<String, Artifact> artifacts;

    /** Weaves nothing. */
    @Parameter(property = "latent.weave.skip", defaultValue = "false")
    private boolean skip;

    AbstractWeaveMojo(ToolchainManager toolchains) {
        this.toolchains = toolchains;
    }

    void weave(File folder, List<String> classPath) throws MojoExecutionException, MojoFailureException {
        if (skip || !folder.isDirectory()) {
            getLog().info("nothing to weave");
            return;
        }
        Path java = Jdk.java(toolchains, session)
                .orElseThrow(() -> new MojoExecutionException("weaving needs a JDK 25 or newer: set JAVA_HOME to one,"
                        + " or choose it by maven-toolchains-plugin, goal select-jdk-toolchain, version [25,)"));
        Artifact weaver = Objects.requireNonNull(artifacts.get("dev.latent:latent-compiler"));
        try {
            Path arguments = Files.createTempFile("latent-weave", ".args");
            try {
                Files.write(
                        arguments,
                        List.of(
                                "-cp",
                                quoted(weaver.getFile().toString()),
                                "dev.latent.compiler.tool.Main",
                                "--class-path",
                                quoted(String.join(File.pathSeparator, classPath)),
                                quoted(folder.toString())));
                run(new ProcessBuilder(java.toString(), "@" + arguments));
            } finally {
                Files.delete(arguments);
            }
        } catch (IOException e) {
            throw new MojoExecutionException("the weaver does not start: " + e.getMessage(), e);
        }
    }

    /** In an argument file a backslash would escape what follows. */
    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void run(ProcessBuilder command) throws IOException, MojoExecutionException, MojoFailureException {
        Process process = command.redirectErrorStream(true).start();
        String said;
        try (BufferedReader lines = process.inputReader()) {
            said = lines.lines().collect(Collectors.joining(System.lineSeparator()));
            if (process.waitFor() != 0) {
                throw new MojoFailureException(said);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("interrupted", e);
        }
        if (!said.isEmpty()) {
            getLog().info(said);
        }
    }
}
