package dev.latent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A temporary folder, which goes with the process at the latest. */
public record TemporaryFolder(Path path, Thread hook) implements AutoCloseable {
    private static final int TIMES = 20;
    private static final long PAUSE_NANOS = 100_000_000;

    /** {@return a new one, in the place for such} */
    public static TemporaryFolder of(String name) throws IOException {
        Path path = Files.createTempDirectory(name);
        Thread hook = new Thread(() -> delete(path));
        Runtime.getRuntime().addShutdownHook(hook);
        return new TemporaryFolder(path, hook);
    }

    @Override
    public void close() {
        delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs already
        }
    }

    /** Deletes a folder, if it is there, with all that is in it. Some times over: who wrote there may do so until the end. */
    public static void delete(Path path) {
        for (int i = 0; i < TIMES && Files.exists(path); i++) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.toList().reversed()) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
