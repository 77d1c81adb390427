package dev.latent.cli.tasks;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.latent.cli.Failure;
import dev.latent.cli.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A look into another Java process of this machine, by the JDK's attach API: {@link TasksAgent} goes in, and its answer comes out. */
public final class Visit {
    private static final int PATIENCE_SECONDS = 60;

    private final long pid;

    private Visit(long pid) {
        this.pid = pid;
    }

    /**
     * {@return what the process {@code pid} tells of its tasks}
     *
     * @param json as JSON instead of text
     * @throws Failure when it can't be asked, or has nothing to tell, with the way out
     */
    public static String to(long pid, boolean json) throws Failure, IOException {
        return new Visit(pid).ask(json);
    }

    private String ask(boolean json) throws Failure, IOException {
        ProcessHandle process = ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .orElseThrow(() -> new Failure(
                        "there is no process " + pid + "; latent tasks without a number lists those of Java"));
        if (pid == ProcessHandle.current().pid()) {
            throw new Failure(pid + " is this command itself");
        }
        requireOurs(process.info().user());
        requireJava();
        try (TemporaryFolder folder = TemporaryFolder.of("latent-tasks")) {
            Path answer = folder.path().resolve("answer");
            Path jar = folder.path().resolve("agent.jar");
            writeAgent(jar);
            handTo(process.info().user(), folder.path(), jar);
            send(jar, (json ? "json," : "text,") + answer);
            return read(answer);
        }
    }

    // ---- who it is -------------------------------------------------------------------------------------------------

    private void requireOurs(Optional<String> user) throws Failure {
        Optional<String> me = ProcessHandle.current().info().user();
        if (user.isPresent() && me.isPresent() && !user.equals(me) && !me.get().equals("root")) {
            throw new Failure("process " + pid + " belongs to " + user.get()
                    + ", and the JVM answers nobody else: sudo -u " + user.get() + " ./latent tasks " + pid);
        }
    }

    /** What is no JVM might take the signal by which one attaches for something else, its end perhaps. */
    private void requireJava() throws Failure {
        Path maps = Path.of("/proc/" + pid + "/maps");
        if (Files.isReadable(maps)) {
            try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
                if (lines.noneMatch(line -> line.endsWith("/libjvm.so"))) {
                    throw new Failure(
                            "process " + pid + " is no Java; latent tasks without a number lists those that are");
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                return; // it has ended, which the attaching will tell
            }
            try {
                String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
                if (command.contains("-XX:+DisableAttachMechanism")) {
                    throw new Failure(
                            "process " + pid + " was started with -XX:+DisableAttachMechanism, so nobody can look"
                                    + " into it from outside; let the program itself write Tasks.dump(), or start it without that flag");
                }
            } catch (IOException e) {
                // As above.
            }
        } else if (VirtualMachine.list().stream().noneMatch(vm -> vm.id().equals(Long.toString(pid)))) {
            throw new Failure("process " + pid + " is no Java that can be seen from here");
        }
    }

    // ---- in --------------------------------------------------------------------------------------------------------

    private static void writeAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Agent-Class"), TasksAgent.class.getName());
        String entry = TasksAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = TasksAgent.class.getClassLoader().getResourceAsStream(entry)) {
            if (in == null) {
                throw new IOException(entry + " is not on the class path");
            }
            out.putNextEntry(new JarEntry(entry));
            in.transferTo(out);
        }
    }

    /** Where that is another user, whom only root can visit, the process itself reads and writes there. */
    private static void handTo(Optional<String> user, Path... files) throws IOException {
        if (user.isPresent() && !user.equals(ProcessHandle.current().info().user())) {
            for (Path file : files) {
                Files.setOwner(
                        file,
                        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get()));
            }
        }
    }

    private void send(Path jar, String arguments) throws Failure, IOException {
        FutureTask<Void> visit = new FutureTask<>(() -> {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                machine.loadAgent(jar.toString(), arguments);
            } finally {
                machine.detach();
            }
            return null;
        });
        Thread visitor = new Thread(visit, "visitor");
        visitor.setDaemon(true);
        visitor.start();
        try {
            visit.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Failure("process " + pid + " has not answered for " + PATIENCE_SECONDS
                    + " s: it is stopped, or has no time; jstack " + pid + " would wait as long");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while process " + pid + " was asked");
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private Failure failure(Throwable cause) {
        if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            return new Failure("process " + pid + " has ended meanwhile");
        }
        String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return switch (cause) {
            case AttachNotSupportedException e ->
                new Failure(
                        "process " + pid + " lets nobody in (" + said
                                + "): it was started with -XX:+DisableAttachMechanism, is stopped, or is a JVM of another kind");
            case AgentLoadException e ->
                new Failure("process " + pid + " takes no guest (" + said
                        + "): if it was started with -XX:-EnableDynamicAgentLoading, start it without, or let the program itself write"
                        + " Tasks.dump()");
            case AgentInitializationException e ->
                new Failure(
                        "process " + pid + " could not run the guest (" + said + "); it needs Java 25, as Latent does");
            default -> new Failure("process " + pid + " can't be asked: " + said);
        };
    }

    // ---- out -------------------------------------------------------------------------------------------------------

    private String read(Path answer) throws Failure, IOException {
        if (!Files.exists(answer)) {
            throw new Failure("process " + pid + " gave no answer");
        }
        String all = Files.readString(answer);
        int end = all.indexOf('\n');
        String first = end < 0 ? all : all.substring(0, end);
        String rest = end < 0 ? "" : all.substring(end + 1);
        return switch (first) {
            case TasksAgent.FOUND -> rest;
            case TasksAgent.NO_EXECUTOR ->
                throw new Failure(
                        "process " + pid + " uses Latent, but has made no executor that keeps a list of its tasks: a"
                                + " LocalExecutor or a WorkStealingExecutor does, Latent.on(…) doesn't; for its threads see jstack "
                                + pid);
            case TasksAgent.NO_LATENT ->
                throw new Failure("process " + pid + " does not use Latent; for its threads see jstack " + pid);
            default -> throw new Failure("process " + pid + " could not tell of its tasks: " + rest);
        };
    }
}
