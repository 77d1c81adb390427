package dev.latent.runtime.system;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.io.ChildProcess;
import dev.latent.io.Command;
import dev.latent.io.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine's processes; what blocks, does so on the {@link dev.latent.world.BlockingPool} of whoever polls. */
public enum SystemProcesses implements Processes {
    /** The only ones. */
    INSTANCE;

    @Override
    public Future<ChildProcess> start(Command command) {
        return Async.spawnBlocking(() -> startNow(command));
    }

    private static ChildProcess startNow(Command command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.words());
        builder.environment().putAll(command.environment());
        if (command.folder() != null) {
            if (!Files.isDirectory(command.folder())) {
                throw new IOException(
                        cannotRun(command) + ": there is no folder " + command.folder() + " to run it in");
            }
            builder.directory(command.folder().toFile());
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException(
                    cannotRun(command) + ": " + why(command.words().getFirst(), e), e);
        }
        return new SystemProcess(command.words().getFirst(), process);
    }

    private static String cannotRun(Command command) {
        return "cannot run \"" + command.words().getFirst() + "\"";
    }

    private static String why(String program, IOException e) {
        String text = String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        if (text.contains("error=2,") || text.contains("error: 2 ")) {
            return program.indexOf('/') >= 0
                    ? "there is no such program, or the one that is to interpret it"
                    : "there is no program of that name in the folders of PATH: install it, or give its path";
        }
        if (text.contains("error=13,") || text.contains("error: 13 ")) {
            return Files.isDirectory(Path.of(program))
                    ? "it is a folder: name a program in it"
                    : "permission denied: make it executable (chmod +x)";
        }
        if (text.contains("error=7,") || text.contains("error: 7 ")) {
            return "its arguments and variables are longer than the system allows: hand them over in a file";
        }
        return text;
    }
}
