package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A connection as long as it speaks HTTP: request after request until one becomes a WebSocket, or the client leaves, errs, or takes too
 * long. All of it is let go when it has ended.
 *
 * <pre>
 *  READING --request--&gt; OPENING --file--&gt; WRITING --&gt; CHUNK --&gt; WRITING ... --&gt; READING
 *     |                                        |
 *     +--error, upgrade--&gt; WRITING             +--last answer--&gt; SHUTTING --&gt; DISCARDING --&gt; empty
 *                                              +--101--&gt; the socket
 * </pre>
 *
 * <p>{@code DISCARDING} takes in what the client still sends, until it closes: a reset would take our last answer from it.
 */
final class HttpPhase extends OwnedFuture<Optional<HttpPhase.Upgraded>> {
    private static final int CHUNK_BYTES = 64 * 1024;

    /** A WebSocket, and who is to have it. */
    record Upgraded(FramedSocket socket, WebSocketHandler handler) {}

    private enum State {
        READING,
        OPENING,
        WRITING,
        CHUNK,
        SHUTTING,
        DISCARDING,
        ENDED
    }

    private final TcpStream stream;
    private final WebServerBuilder.Config config;
    private final HeadBuffer head;
    private State state = State.READING;
    private @Nullable Future<Void> deadline;
    private @Nullable Future<?> step;
    private AssetSource.@Nullable Asset body;
    private long bodyLeft;
    private @Nullable Responder response;
    private @Nullable WebSocketHandler upgrade;

    HttpPhase(TcpStream stream, WebServerBuilder.Config config) {
        this.stream = stream;
        this.config = config;
        this.head = new HeadBuffer(config.maxHead());
    }

    /** {@return whether it waits for a request of which nothing has come yet} */
    boolean isIdle() {
        return state == State.READING && head.isEmpty();
    }

    @Override
    protected Poll<Optional<Upgraded>> pollOwned(Context cx) throws Exception {
        boolean waits = false;
        try {
            if (deadline == null) {
                armDeadline(cx);
            }
            if (deadline != null && Owners.poll(deadline, this, cx).isReady()) {
                deadline = null;
                return Poll.ready(Optional.empty());
            }
            while (state != State.ENDED) {
                if (!advance(cx)) {
                    waits = true;
                    return Poll.pending();
                }
            }
            if (upgrade == null) {
                return Poll.ready(Optional.empty());
            }
            FramedSocket socket = new FramedSocket(stream, config.limits(), null, head.takeRest());
            return Poll.ready(Optional.of(new Upgraded(socket, upgrade)));
        } finally {
            if (!waits) {
                giveBack();
            }
        }
    }

    private void armDeadline(Context cx) {
        if (deadline != null) {
            Owners.drop(deadline, this);
            deadline = null;
        }
        Timers timers = cx.spawner().capability(Timers.class);
        if (timers != null) {
            deadline = claimed(timers.sleepUntil(cx.capability(Clock.class).nanoTime()
                    + config.requestTimeout().toNanos()));
        }
    }

    /** {@return false when it has to wait} */
    private boolean advance(Context cx) throws Exception {
        return switch (state) {
            case READING -> read(cx);
            case OPENING -> opened(cx);
            case WRITING -> written(cx);
            case CHUNK -> chunkRead(cx);
            case SHUTTING -> {
                if (step == null) {
                    step = claimed(stream.shutdownOutput());
                }
                if (result(cx) == null) {
                    yield false;
                }
                state = State.DISCARDING;
                yield true;
            }
            case DISCARDING -> discard(cx);
            case ENDED -> true;
        };
    }

    private boolean read(Context cx) throws Exception {
        byte[] bytes = head.takeHead();
        if (bytes != null) {
            handle(cx, bytes);
            return true;
        }
        if (head.isGarbage()) {
            refuse(HttpResponseStatus.BAD_REQUEST);
            return true;
        }
        if (head.isTooLong()) {
            refuse(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE);
            return true;
        }
        ByteBuffer scratch = pollRead(cx);
        if (scratch == null) {
            return false;
        }
        if (scratch.limit() == 0) {
            state = State.ENDED;
        } else {
            head.add(scratch);
        }
        return true;
    }

    /** {@return what has come, in the scratch buffer; of limit 0 at the end of the stream; null: not yet} */
    private @Nullable ByteBuffer pollRead(Context cx) throws Exception {
        while (true) {
            if (step == null) {
                step = claimed(stream.readable());
            }
            if (result(cx) == null) {
                return null;
            }
            ByteBuffer scratch = cx.scratch();
            int n = stream.tryRead(scratch);
            if (n != 0) {
                return n < 0 ? scratch.limit(0) : scratch.flip();
            }
        }
    }

    private void handle(Context cx, byte[] bytes) throws Exception {
        HttpRequest request = HttpCodec.request(bytes);
        Responder answer = Responder.to(request, config);
        response = answer;
        upgrade = answer.upgrade();
        if (answer.source() == null) {
            write(answer.head());
            return;
        }
        Callable<AssetSource.@Nullable Asset> open = answer::open;
        step = claimed(cx.capability(BlockingPool.class).run(open));
        state = State.OPENING;
    }

    private void refuse(HttpResponseStatus status) throws IOException {
        response = Responder.refusal(status);
        write(response.head());
    }

    private boolean opened(Context cx) throws Exception {
        AssetSource.Asset asset;
        try {
            Poll.Ready<?> ready = result(cx);
            if (ready == null) {
                return false;
            }
            asset = (AssetSource.Asset) ready.value();
        } catch (Exception e) {
            step = null;
            Owners.report(cx.spawner(), "the files of " + this, e);
            refuse(HttpResponseStatus.INTERNAL_SERVER_ERROR);
            return true;
        }
        Responder answer = Objects.requireNonNull(response);
        body = asset;
        bodyLeft = asset != null && answer.hasBody() ? asset.length() : 0;
        write(answer.head(asset));
        return true;
    }

    private void write(byte[] bytes) {
        step = claimed(stream.write(ByteBuffer.wrap(bytes)));
        state = State.WRITING;
    }

    private boolean written(Context cx) throws Exception {
        if (result(cx) == null) {
            return false;
        }
        armDeadline(cx);
        AssetSource.Asset rest = body;
        if (rest != null && bodyLeft > 0) {
            int n = (int) Math.min(CHUNK_BYTES, bodyLeft);
            Callable<byte[]> chunk = () -> rest.bytes().readNBytes(n);
            step = claimed(cx.capability(BlockingPool.class).run(chunk));
            state = State.CHUNK;
            return true;
        }
        closeBody();
        state = upgrade != null
                ? State.ENDED
                : Objects.requireNonNull(response).keepAlive() ? State.READING : State.SHUTTING;
        return true;
    }

    private boolean chunkRead(Context cx) throws Exception {
        Poll.Ready<?> ready;
        try {
            ready = result(cx);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not the client's, so it is reported
        }
        if (ready == null) {
            return false;
        }
        byte[] bytes = (byte[]) ready.value();
        if (bytes.length == 0) {
            throw new IllegalStateException("a file became shorter while it was being served");
        }
        bodyLeft -= bytes.length;
        write(bytes);
        return true;
    }

    private boolean discard(Context cx) throws Exception {
        ByteBuffer more = pollRead(cx);
        if (more == null) {
            return false;
        }
        if (more.limit() == 0) {
            state = State.ENDED;
        }
        return true;
    }

    private Poll.@Nullable Ready<?> result(Context cx) throws Exception {
        if (Owners.poll(Objects.requireNonNull(step), this, cx) instanceof Poll.Ready<?> ready) {
            step = null;
            return ready;
        }
        return null;
    }

    private <T extends @Nullable Object> Future<T> claimed(Future<T> future) {
        Owners.claim(future, this);
        return future;
    }

    private void closeBody() {
        if (body != null) {
            try {
                body.close();
            } catch (IOException e) {
                // it was only read
            }
            body = null;
        }
    }

    private void giveBack() {
        if (deadline != null) {
            Owners.drop(deadline, this);
            deadline = null;
        }
        if (step != null) {
            Owners.drop(step, this);
            step = null;
        }
        closeBody();
    }

    @Override
    protected void dropOwned() {
        giveBack();
    }

    @Override
    public String toString() {
        return "HTTP on " + stream;
    }
}
