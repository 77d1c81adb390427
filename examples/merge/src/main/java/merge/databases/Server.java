package merge.databases;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of one database, with a folder and a log of its own. It is in a session of its own, so that Ctrl-C asks this program only. */
final class Server {
    private static final int START_SECONDS = 60;
    private static final int LOOK_MILLIS = 20;
    private static final int LOG_LINES = 5;

    private final String name;
    private final Path folder;
    private final Run run;
    private final Run.Signal signal;
    private final int port;

    Server(String name, Run run, Run.Signal signal) throws IOException {
        this.name = name;
        this.run = run;
        this.signal = signal;
        this.folder = Files.createDirectory(run.folder().resolve(name));
        this.port = freePort();
    }

    /** A port that was free a moment ago: none of the three tells which one it has chosen. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    private Path log() {
        return run.folder().resolve(name + ".log");
    }

    /** Runs a program to its end, which has to be a good one. */
    void prepare(List<String> command, byte[] input) throws IOException, InterruptedException, Failure {
        Process process = begin(command);
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // it has ended early, and its log says why
        }
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw failure();
        }
    }

    /** Starts the database, and waits until its log says {@code ready}. */
    void start(List<String> command, String ready) throws IOException, InterruptedException, Failure {
        Process process = begin(command);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            if (said().contains(ready)) {
                return;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw failure();
    }

    private Process begin(List<String> command) throws IOException, Failure {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("TZ", "UTC");
        return run.begin(builder, signal);
    }

    /** {@return its log so far} Some of it may be in whatever encoding. */
    private String said() throws IOException {
        return Files.exists(log()) ? new String(Files.readAllBytes(log()), StandardCharsets.UTF_8) : "";
    }

    private Failure failure() throws IOException {
        List<String> said = said().lines().toList();
        return new Failure(name + " did not start; its log ends with: "
                + String.join(" | ", said.subList(Math.max(0, said.size() - LOG_LINES), said.size()))
                + " (or give one of yours by --" + name + ")");
    }
}
