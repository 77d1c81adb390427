package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;

import dev.latent.AtomicWaker;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import dev.latent.world.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A connection whose other end follows a script: what it sends, what it must be sent, when it waits, and when it fails.
 *
 * <pre>{@code
 *   var peer = ScriptedStream.of()
 *           .sends("GET /tea")                      // read by the code under test, as one piece
 *           .waits(Duration.ofSeconds(5))
 *           .sends(" HTTP/1.1\r\n\r\n")
 *           .expects("HTTP/1.1 200 OK\r\n")         // in as many writes as it likes
 *           .failsReads(new IOException("Connection reset"));
 *   …
 *   peer.assertDone();
 * }</pre>
 *
 * <p>Each step waits for the one before: a read stays pending while the script expects a write. At the script's end, the other end has closed its sending half; a
 * write there is one too many. A write of other bytes than expected fails with an {@link AssertionError} that shows both.
 *
 * <p>It uses no socket and no thread, its waits are {@code sleep}s. For one executor's thread at a time.
 */
public final class ScriptedStream implements TcpStream {
    private static final InetSocketAddress HERE = InetSocketAddress.createUnresolved("here", 1);
    private static final InetSocketAddress SCRIPT = InetSocketAddress.createUnresolved("script", 2);

    private sealed interface Step {}

    private record Sends(ByteBuffer bytes) implements Step {}

    private record Expects(ByteBuffer bytes) implements Step {}

    private record ExpectsEnd() implements Step {}

    /** It begins when somebody comes to it, and goes on though that one is dropped. */
    private static final class Waits implements Step {
        final Duration time;
        private boolean begun;
        private long begin;

        Waits(Duration time) {
            this.time = time;
        }

        Duration left(Clock clock) {
            long now = clock.nanoTime();
            if (!begun) {
                begun = true;
                begin = now;
            }
            return time.minusNanos(now - begin);
        }
    }

    private record Fails(boolean read, IOException failure) implements Step {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private final AtomicWaker reader = new AtomicWaker();
    private final AtomicWaker writer = new AtomicWaker();
    private boolean outputEnded;
    private boolean closed;

    private ScriptedStream() {}

    /** {@return a stream with an empty script, to be continued by the methods below} */
    public static ScriptedStream of() {
        return new ScriptedStream();
    }

    // ---- the script ------------------------------------------------------------------------------------------------

    /** Then {@code bytes} can be read. */
    public ScriptedStream sends(byte... bytes) {
        return then(new Sends(ByteBuffer.wrap(bytes.clone())));
    }

    /** Then {@code text} can be read, in UTF-8. */
    public ScriptedStream sends(String text) {
        return sends(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Then {@code bytes} have to be written. */
    public ScriptedStream expects(byte... bytes) {
        return then(new Expects(ByteBuffer.wrap(bytes.clone())));
    }

    /** Then {@code text} has to be written, in UTF-8. */
    public ScriptedStream expects(String text) {
        return expects(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Then the sending half has to be closed, by {@link #shutdownOutput} or a close. */
    public ScriptedStream expectsEnd() {
        return then(new ExpectsEnd());
    }

    /** Then nothing happens for {@code time}, which counts from the first read or write that waits for its end. */
    public ScriptedStream waits(Duration time) {
        return then(new Waits(time));
    }

    /** Then a read fails with {@code failure}, once. */
    public ScriptedStream failsReads(IOException failure) {
        return then(new Fails(true, failure));
    }

    /** Then a write fails with {@code failure}, once. */
    public ScriptedStream failsWrites(IOException failure) {
        return then(new Fails(false, failure));
    }

    private ScriptedStream then(Step step) {
        boolean isSilent = step instanceof Sends(var bytes) && !bytes.hasRemaining()
                || step instanceof Expects(var expected) && !expected.hasRemaining();
        if (!isSilent) {
            steps.add(step);
            changed();
        }
        return this;
    }

    /** @throws AssertionError when the script is not at its end */
    public void assertDone() {
        if (!steps.isEmpty()) {
            throw new AssertionError("the script is not done, it still " + said(steps.element())
                    + (steps.size() == 1 ? "" : ", and " + (steps.size() - 1) + " more"));
        }
    }

    /** {@return whether it was closed} */
    public boolean isClosed() {
        return closed;
    }

    // ---- the stream ------------------------------------------------------------------------------------------------

    private void changed() {
        reader.wake();
        writer.wake();
    }

    private void done() {
        steps.remove();
        changed();
    }

    /** Ready once the script has something for the reader, or the writer. */
    private Future<Void> turn(boolean read) {
        return async(() -> {
            while (!isTurn(read)) {
                if (steps.peek() instanceof Waits wait) {
                    await(sleep(wait.left(context().capability(Clock.class))));
                    if (steps.peek() == wait) {
                        done();
                    }
                } else {
                    await(change(read));
                }
            }
        });
    }

    private Future<Void> change(boolean read) {
        Step before = steps.peek();
        return Futures.pollFn(cx -> {
            (read ? reader : writer).register(cx.waker());
            return isTurn(read) || steps.peek() != before ? Poll.done() : Poll.pending();
        });
    }

    private boolean isTurn(boolean read) {
        return closed
                || switch (steps.peek()) {
                    case null -> true;
                    case Sends _ -> read;
                    case Expects _, ExpectsEnd _ -> !read;
                    case Fails fails -> fails.read == read;
                    case Waits _ -> false;
                };
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
    }

    @Override
    public int tryRead(ByteBuffer to) throws IOException {
        requireOpen();
        return switch (steps.peek()) {
            case null -> -1;
            case Sends(var bytes) -> {
                int n = Math.min(bytes.remaining(), to.remaining());
                to.put(bytes.slice(bytes.position(), n));
                bytes.position(bytes.position() + n);
                if (!bytes.hasRemaining()) {
                    done();
                }
                yield n;
            }
            case Fails fails
            when fails.read -> {
                done();
                throw fails.failure;
            }
            case Step _ -> 0;
        };
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        requireOpen();
        if (outputEnded) {
            throw new EOFException("the output was shut down");
        }
        return switch (steps.peek()) {
            case null -> throw wrong("nothing", from);
            case Expects(var bytes) -> {
                int n = Math.min(bytes.remaining(), from.remaining());
                if (!bytes.slice(bytes.position(), n).equals(from.slice(from.position(), n))) {
                    throw wrong(shown(bytes), from);
                }
                bytes.position(bytes.position() + n);
                from.position(from.position() + n);
                if (!bytes.hasRemaining()) {
                    done();
                }
                yield n;
            }
            case ExpectsEnd _ -> throw wrong("the end", from);
            case Fails fails
            when !fails.read -> {
                done();
                throw fails.failure;
            }
            case Step _ -> 0;
        };
    }

    private static AssertionError wrong(String expected, ByteBuffer written) {
        return new AssertionError("the script expects " + expected + ", and was written " + shown(written));
    }

    private static String said(Step step) {
        return switch (step) {
            case Sends(var bytes) -> "sends " + shown(bytes);
            case Expects(var bytes) -> "expects " + shown(bytes);
            case ExpectsEnd _ -> "expects the end";
            case Waits wait -> "waits for " + wait.time;
            case Fails(var read, var failure) -> "fails a " + (read ? "read" : "write") + ": " + failure;
        };
    }

    /** {@return text as it is written in a program, bytes that are none as numbers} */
    private static String shown(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        String text = new String(all, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(all, text.getBytes(StandardCharsets.UTF_8))
                && text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
        return isText
                ? '"' + text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t") + '"'
                : Arrays.toString(all);
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return async(() -> {
            while (true) {
                await(turn(true));
                int n = tryRead(to);
                if (n != 0 || !to.hasRemaining()) {
                    return n;
                }
            }
        });
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return async(() -> {
            while (from.hasRemaining()) {
                await(turn(false));
                tryWrite(from);
            }
        });
    }

    @Override
    public Future<Void> readable() {
        return turn(true);
    }

    @Override
    public Future<Void> writable() {
        return turn(false);
    }

    @Override
    public Future<Void> shutdownOutput() {
        return Futures.lazy(() -> {
            end();
            return Futures.done();
        });
    }

    private void end() {
        outputEnded = true;
        if (steps.peek() instanceof ExpectsEnd) {
            done();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            end();
            closed = true;
            changed();
        }
    }

    @Override
    public Future<Void> closeAsync() {
        return Futures.lazy(() -> {
            close();
            return Futures.done();
        });
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return SCRIPT;
    }

    @Override
    public InetSocketAddress localAddress() {
        return HERE;
    }

    @Override
    public String toString() {
        return "a scripted stream" + (steps.isEmpty() ? " at its end" : ", which " + said(steps.element()));
    }
}
