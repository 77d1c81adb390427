package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running process, told and telling lines. Closing it kills it, with what it has started. */
public final class Child implements AutoCloseable {
    private final Children family;
    private final Path name;
    private final Process process;
    private final List<String> said = new ArrayList<>();

    /** Ends with an empty one. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    Child(Children family, Path command, Process process) {
        this.family = family;
        this.name = command.getFileName();
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException e) {
            lines.add(Optional.of(name + " can't be heard any more: " + e.getMessage()));
        } finally {
            lines.add(Optional.empty());
        }
    }

    long pid() {
        return process.pid();
    }

    /** {@return its number, and those of all that it has started} */
    List<Long> pids() {
        List<Long> all = new ArrayList<>(List.of(process.pid()));
        process.descendants().map(ProcessHandle::pid).forEach(all::add);
        return all;
    }

    void tell(String line) throws Failure {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new Failure(name + " does not listen: " + e.getMessage());
        }
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended, and will be asked how
        }
    }

    /** {@return the next line that is such} */
    public String line(Predicate<String> such, Duration limit) throws Failure, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new Failure(name + " said nothing more for " + limit.toSeconds() + " s");
            }
            if (line.isEmpty()) {
                throw ended();
            }
            said.add(line.get());
            if (such.test(line.get())) {
                return line.get();
            }
        }
    }

    /** {@return all that it has said when it has ended well} */
    List<String> toEnd(Duration limit) throws Failure, InterruptedException {
        toItsEnd(limit);
        if (process.waitFor() != 0) {
            throw ended();
        }
        return said;
    }

    /** {@return all that it has said when it has ended, well or not} */
    List<String> toItsEnd(Duration limit) throws Failure, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new Failure(name + " had not ended after " + limit.toSeconds() + " s");
            }
            if (line.isEmpty()) {
                return said;
            }
            said.add(line.get());
        }
    }

    /** Waits until it has ended, whether well or not. */
    void untilGone(Duration limit) throws Failure, InterruptedException {
        if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new Failure(name + " does not end");
        }
    }

    private Failure ended() throws InterruptedException {
        int code = process.waitFor();
        String reason = Children.reason(said);
        return new Failure(name + " ended with exit code " + code + (reason.isEmpty() ? "" : ": " + reason));
    }

    /** Asks it to end, as Ctrl-C would. */
    void interrupt() {
        process.destroy();
    }

    @Override
    public void close() {
        Children.kill(process);
        process.onExit().join();
        family.ended(process);
    }
}
