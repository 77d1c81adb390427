package dev.latent.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every program of {@code examples/} compiles; the tests of the command run them. */
class ProgramsTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> programs() throws Exception {
        Path programs = Path.of(System.getProperty("latent.examples", "."));
        try (Stream<Path> files = Files.list(programs)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                        String name = file.getFileName().toString().replace(".java", "");
                        SourceProgram.compile(name, Files.readString(file), folder);
                    }));
        }
    }
}
