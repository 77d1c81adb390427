package merge.databases;

import dev.latent.cli.Failure;
import dev.latent.cli.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * One run's folder and processes. Both are gone when this is closed and when the JVM ends, however it is asked to. Where it is not asked, but killed, the next run clears
 * them away: the folder's file {@code left} says whose it is, in its first line, what was started and which other folders are half made; a process is known by its number
 * and the moment of its start, since numbers come again. What stands in a folder of somebody else is not believed: everybody may make one in the place for temporary folders.
 */
final class Run implements AutoCloseable {
    private static final String PREFIX = "latent-merge-";
    private static final String LEFT = "left";
    private static final String FOLDER = "folder ";
    private static final Pattern PROCESS = Pattern.compile("\\d{1,18} \\d{1,18} (KILL|QUIT)");
    private static final int END_SECONDS = 5;

    private final Path folder;
    private final List<String> left = new ArrayList<>();
    private final Thread hook = new Thread(this::end);
    private boolean isEnded;

    private Run(Path folder) {
        this.folder = folder;
    }

    static Run begin() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        Run run = new Run(Files.createTempDirectory(parent, PREFIX));
        clear(parent, Files.getOwner(run.folder));
        Runtime.getRuntime().addShutdownHook(run.hook);
        run.note(line(ProcessHandle.current(), Signal.KILL));
        return run;
    }

    /** What ends a process. Nothing in the folder is worth a good end, but PostgreSQL has memory of the system's that it has to give back. */
    enum Signal {
        KILL,
        QUIT
    }

    Path folder() {
        return folder;
    }

    synchronized Process begin(ProcessBuilder builder, Signal signal) throws IOException, Failure {
        if (isEnded) {
            throw new Failure("interrupted");
        }
        Process process = builder.start();
        String line = line(process.toHandle(), signal);
        left.add(line);
        note(line);
        return process;
    }

    /** {@return a new folder in {@code parent}, which is half made until it is moved away, and goes with this run otherwise} */
    synchronized Path halfMade(Path parent, String name) throws IOException, Failure {
        if (isEnded) {
            throw new Failure("interrupted");
        }
        Path made = Files.createTempDirectory(parent, "." + name);
        left.add(FOLDER + made);
        note(FOLDER + made);
        return made;
    }

    private void note(String line) throws IOException {
        Files.writeString(folder.resolve(LEFT), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String line(ProcessHandle process, Signal signal) {
        return process.pid() + " " + start(process) + " " + signal;
    }

    private static long start(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** {@return the process of a line, if it lives} A run that was killed may have left half a line, which is none. */
    private static Optional<ProcessHandle> living(String line) {
        if (!PROCESS.matcher(line).matches()) {
            return Optional.empty();
        }
        String[] words = line.split(" ");
        return ProcessHandle.of(Long.parseLong(words[0])).filter(each -> start(each) == Long.parseLong(words[1]));
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM ends, and the hook runs
        }
    }

    private void end() {
        List<String> all;
        synchronized (this) {
            isEnded = true;
            all = List.copyOf(left);
        }
        clear(folder, all);
    }

    /** Clears away what runs of {@code owner} have left that were killed. */
    static void clear(Path parent, UserPrincipal owner) throws IOException {
        List<Path> folders;
        try (var all = Files.list(parent)) {
            folders = all.filter(each -> each.getFileName().toString().startsWith(PREFIX))
                    .toList();
        }
        for (Path folder : folders) {
            List<String> lines;
            try {
                if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    continue;
                }
                lines = Files.readAllLines(folder.resolve(LEFT));
            } catch (IOException e) {
                continue; // it was just made, or is somebody else's
            }
            if (!lines.isEmpty() && living(lines.getFirst()).isEmpty()) {
                clear(folder, lines.subList(1, lines.size()));
            }
        }
    }

    private static void clear(Path folder, List<String> left) {
        List<ProcessHandle> all = new ArrayList<>();
        for (String line : left) {
            if (line.startsWith(FOLDER)) {
                TemporaryFolder.delete(Path.of(line.substring(FOLDER.length())));
                continue;
            }
            living(line).ifPresent(process -> {
                process.descendants().forEach(all::add); // now: later nobody would know whose they are
                all.add(process);
                if (line.endsWith(Signal.QUIT.name()) && quit(process)) {
                    awaitEnd(process);
                }
            });
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Run::awaitEnd);
        TemporaryFolder.delete(folder);
    }

    private static boolean quit(ProcessHandle process) {
        try {
            new ProcessBuilder("sh", "-c", "kill -QUIT " + process.pid())
                    .inheritIO()
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        process.onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .exceptionally(_ -> process)
                .join();
    }
}
