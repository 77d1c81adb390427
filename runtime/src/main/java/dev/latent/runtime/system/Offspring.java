package dev.latent.runtime.system;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends a process with the processes that it has started. When one ends, its children become somebody else's, so each is asked for its
 * children first; what it starts between that look and its end is not found. So the look is to be short: Linux has a list of each process's
 * children, where {@link ProcessHandle#children} goes through all the processes of the machine, in which time a program starts another.
 */
final class Offspring {
    private Offspring() {}

    /** Ends {@code process}, then its children: it starts no more of them then. */
    static void end(ProcessHandle process) {
        List<ProcessHandle> children = children(process);
        process.destroyForcibly();
        children.forEach(Offspring::end);
    }

    private static List<ProcessHandle> children(ProcessHandle process) {
        if (!process.isAlive()) {
            return List.of();
        }
        List<ProcessHandle> children = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                for (String pid : Files.readString(thread.resolve("children")).split(" ")) {
                    if (!pid.isEmpty()) {
                        ProcessHandle.of(Long.parseLong(pid)).ifPresent(children::add);
                    }
                }
            }
            return children;
        } catch (IOException | DirectoryIteratorException e) { // no Linux
            return process.children().toList();
        }
    }
}
