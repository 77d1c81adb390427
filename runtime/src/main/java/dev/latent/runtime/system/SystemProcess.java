package dev.latent.runtime.system;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.ChildProcess;
import dev.latent.io.spi.BlockingReads;
import dev.latent.io.spi.Closing;
import dev.latent.io.spi.Happening;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A process of the machine. A virtual thread of its own waits for its end; {@link Process#onExit} would tell it by the common pool, which
 * others may keep busy. Its output is read by {@link BlockingReads}: a thread waits only while somebody reads, and what was dropped is taken up by
 * the next read.
 */
final class SystemProcess implements ChildProcess {
    private final String program;
    private final Process process;

    /** Ends it; the process itself would close its pipes too, with what is still in them, under the thread that reads. */
    private final ProcessHandle handle;

    private final Happening ended;
    private final BlockingReads output;
    private final BlockingReads errors;

    SystemProcess(String program, Process process) {
        this.program = program;
        this.process = process;
        this.handle = process.toHandle();
        this.ended = new Happening("exit of " + this);
        this.output = new BlockingReads("output of " + this, new Pipe(process.getInputStream()));
        this.errors = new BlockingReads("errors of " + this, new Pipe(process.getErrorStream()));
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended, or closed its input, before us
        }
        Thread.ofVirtual().name(ended.toString()).start(this::tellEnd);
    }

    private void tellEnd() {
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                // nobody knows this thread
            }
        }
        ended.happen();
    }

    private record Pipe(InputStream in) implements BlockingReads.Source {
        @Override
        public void read(long position, ByteBuffer to) throws IOException {
            int n = in.read(to.array(), to.arrayOffset() + to.position(), to.remaining());
            to.position(to.position() + Math.max(0, n));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Future<Integer> exit() {
        return Futures.map(ended.awaited(), _ -> process.exitValue());
    }

    @Override
    public Future<Integer> readOutput(ByteBuffer to) {
        return output.read(to);
    }

    @Override
    public Future<Integer> readErrors(ByteBuffer to) {
        return errors.read(to);
    }

    @Override
    public void terminate() {
        handle.destroy();
    }

    @Override
    public Future<Void> closeAsync() {
        return new Closing(
                Futures.lazy(() -> Futures.then(
                        Async.<Void>spawnBlocking(() -> {
                            close();
                            return null;
                        }),
                        _ -> ended.awaited())),
                this::close);
    }

    @Override
    public void close() {
        Offspring.end(handle);
        output.close();
        errors.close();
    }

    @Override
    public String toString() {
        return program + " (process " + process.pid() + ")";
    }
}
