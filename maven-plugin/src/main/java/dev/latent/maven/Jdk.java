package dev.latent.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** Finds a java that the weaver runs on: the toolchain's, as maven-compiler-plugin does, else JAVA_HOME's, else Maven's own. */
final class Jdk {
    /** What the weaver is written for. */
    private static final int FLOOR = 25;

    private Jdk() {}

    static Optional<Path> java(ToolchainManager toolchains, MavenSession session) {
        List<Path> homes = new ArrayList<>();
        Toolchain toolchain = toolchains.getToolchainFromBuildContext("jdk", session);
        String tool = toolchain == null ? null : toolchain.findTool("java");
        if (tool != null) {
            homes.add(Path.of(tool).resolve("../..").normalize());
        }
        add(homes, System.getenv("JAVA_HOME"));
        add(homes, System.getProperty("java.home"));
        return homes.stream()
                .filter(Jdk::isRecent)
                .map(home -> home.resolve("bin").resolve("java"))
                .findFirst();
    }

    private static void add(List<Path> homes, @Nullable String home) {
        if (home != null) {
            homes.add(Path.of(home));
        }
    }

    /** A JDK tells its version in its file {@code release}. */
    private static boolean isRecent(Path home) {
        Properties release = new Properties();
        try (Reader in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            return false;
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        return !version.isEmpty() && Runtime.Version.parse(version).feature() >= FLOOR;
    }
}
