package dev.latent.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room for what a test compiles, in the folder that a build may throw away. */
public final class Scratch {
    private Scratch() {}

    /** {@return a new folder} */
    public static Path folder(String name) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(Path.of("target", "scratch")), name)
                .toAbsolutePath();
    }

    /** {@return a new file} */
    static Path file(String name, String suffix) throws IOException {
        return Files.createTempFile(Files.createDirectories(Path.of("target", "scratch")), name, suffix)
                .toAbsolutePath();
    }
}
