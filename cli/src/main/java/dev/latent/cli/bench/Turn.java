package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to measure in a repository, which one process at a time has: two would measure each other, and build and compile into the same
 * folders. The system takes it back when the process ends, however that ends.
 */
public final class Turn implements AutoCloseable {
    private final @Nullable FileChannel file;

    private Turn(@Nullable FileChannel file) {
        this.file = file;
    }

    /**
     * Takes it.
     *
     * @throws Failure if another process has it
     */
    public static Turn of(Path root) throws Failure {
        FileChannel file = null;
        try {
            Path folder = Files.createDirectories(root.resolve("bench/target"));
            file = FileChannel.open(folder.resolve("bench.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                throw new Failure(
                        "another bench measures here; two at once would measure each other: wait for it to end");
            }
            return new Turn(file);
        } catch (IOException e) {
            // Where nothing may be written nothing is built, and where there are no locks people have to see for
            // themselves.
            return new Turn(file);
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // it ends with the process, which is soon
        }
    }
}
