package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@link WebSocket#connect}: connects, asks, reads the answer. */
final class ClientHandshake extends OwnedFuture<WebSocket> {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int KEY_BYTES = 16;
    private static final int HTTP_PORT = 80;

    private final URI uri;
    private final WebSocketLimits limits;
    private final HeadBuffer head = new HeadBuffer(MAX_HEAD);
    private @Nullable Future<TcpStream> connect;
    private @Nullable TcpStream stream;
    private @Nullable Future<Void> step;
    private boolean asked;
    private @Nullable SplittableRandom random;
    private String key = "";

    ClientHandshake(URI uri, WebSocketLimits limits) {
        if (!"ws".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not a ws:// address: " + uri);
        }
        this.uri = uri;
        this.limits = limits;
    }

    @Override
    protected Poll<WebSocket> pollOwned(Context cx) throws Exception {
        try {
            if (stream == null && !pollConnect(cx)) {
                return Poll.pending();
            }
            TcpStream connected = Objects.requireNonNull(stream);
            if (!asked && !pollAsk(cx, connected)) {
                return Poll.pending();
            }
            byte[] answer = pollAnswer(cx, connected);
            if (answer == null) {
                return Poll.pending();
            }
            check(HttpCodec.response(answer));
        } catch (Throwable t) {
            dropOwned();
            throw t;
        }
        FramedSocket socket = new FramedSocket(Objects.requireNonNull(stream), limits, random, head.takeRest());
        stream = null;
        return Poll.ready(socket);
    }

    private boolean pollConnect(Context cx) throws Exception {
        Future<TcpStream> connecting = connect;
        if (connecting == null) {
            String host = uri.getHost();
            if (host.startsWith("[")) {
                host = host.substring(1, host.length() - 1);
            }
            connecting = TcpStream.connect(host, uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
            Owners.claim(connecting, this);
            connect = connecting;
        }
        try {
            if (!(Owners.poll(connecting, this, cx) instanceof Poll.Ready<TcpStream>(var connected))) {
                return false;
            }
            stream = connected;
            connect = null;
            return true;
        } catch (IOException e) {
            connect = null;
            throw e;
        }
    }

    private boolean pollAsk(Context cx, TcpStream connected) throws Exception {
        if (step == null) {
            RandomGenerator source = cx.spawner().capability(RandomGenerator.class);
            if (source == null) {
                source = new SecureRandom();
            }
            byte[] bytes = new byte[KEY_BYTES];
            source.nextBytes(bytes);
            key = Base64.getEncoder().encodeToString(bytes);
            random = new SplittableRandom(source.nextLong());
            step = claimed(connected.write(ByteBuffer.wrap(HttpCodec.encode(request()))));
        }
        asked = pollStep(cx);
        return asked;
    }

    private HttpRequest request() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        request.headers()
                .set(HttpHeaderNames.HOST, uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort())
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13")
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key);
        return request;
    }

    private byte @Nullable [] pollAnswer(Context cx, TcpStream connected) throws Exception {
        while (true) {
            byte[] answer = head.takeHead();
            if (answer != null) {
                return answer;
            }
            if (head.isGarbage() || head.isTooLong()) {
                throw new WebSocketRefused(0, uri + " answered with something that is no HTTP");
            }
            if (step == null) {
                step = claimed(connected.readable());
            }
            if (!pollStep(cx)) {
                return null;
            }
            ByteBuffer scratch = cx.scratch();
            if (connected.tryRead(scratch) < 0) {
                throw new EOFException(uri + " closed the connection without an answer");
            }
            head.add(scratch.flip());
        }
    }

    private void check(@Nullable HttpResponse response) throws WebSocketRefused {
        if (response == null || response.decoderResult().isFailure()) {
            throw new WebSocketRefused(0, uri + " answered with something that is no HTTP");
        }
        int status = response.status().code();
        if (status != 101) {
            throw new WebSocketRefused(status, uri + " opened no WebSocket: " + response.status());
        }
        if (!HttpCodec.asksForWebSocket(response.headers())
                || !HttpCodec.accept(key).equals(response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
                || response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)
                || response.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            throw new WebSocketRefused(status, uri + " answered another handshake than ours");
        }
    }

    private Future<Void> claimed(Future<Void> future) {
        Owners.claim(future, this);
        return future;
    }

    private boolean pollStep(Context cx) throws Exception {
        if (!Owners.poll(Objects.requireNonNull(step), this, cx).isReady()) {
            return false;
        }
        step = null;
        return true;
    }

    @Override
    protected void dropOwned() {
        if (connect != null) {
            Owners.drop(connect, this);
            connect = null;
        }
        if (step != null) {
            Owners.drop(step, this);
            step = null;
        }
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    @Override
    public String toString() {
        return "WebSocket.connect to " + uri;
    }
}
