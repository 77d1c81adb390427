package nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A temporary folder, which goes with the process at the latest. */
record Folder(Path path, Thread hook) implements AutoCloseable {
    private static final int TIMES = 20;
    private static final long PAUSE_NANOS = 100_000_000;

    static Folder temporary(String name) throws IOException {
        Path path = Files.createTempDirectory(name);
        Thread hook = new Thread(() -> delete(path));
        Runtime.getRuntime().addShutdownHook(hook);
        return new Folder(path, hook);
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

    /** Some times over: who wrote there may do so until the end. */
    static void delete(Path path) {
        for (int i = 0; i < TIMES && Files.exists(path); i++) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : List.copyOf(all.toList()).reversed()) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
