package dev.latent.runtime.system;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A process of the machine. Its end is told by {@link Process#onExit}. Its output is read by {@link BlockingReads}: a thread waits only
 * while somebody reads, and what was dropped is taken up by the next read.
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
        process.onExit().thenRun(ended::happen);
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

    /** The parent first, so that it starts no more; what its children have started since they were listed is listed then. */
    @Override
    public void close() {
        List<ProcessHandle> children = handle.descendants().toList();
        handle.destroyForcibly();
        for (ProcessHandle child : children) {
            List<ProcessHandle> since = child.descendants().toList();
            child.destroyForcibly();
            since.forEach(ProcessHandle::destroyForcibly);
        }
        output.close();
        errors.close();
    }

    @Override
    public String toString() {
        return program + " (process " + process.pid() + ")";
    }
}
