package dev.latent.web.clients;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.web.Compression;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebServerBuilder;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import dev.latent.web.WebSocketLimits;
import dev.latent.web.WebSocketUpgrade;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Multipart;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.ServerSentEvent;
import dev.latent.world.FailureHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the clients talk to: a server of ours on a thread of its own, with a tally of what it sees of them. What is sent to it, or by it, is told as the number of its bytes and
 * their SHA-1.
 */
final class Service implements AutoCloseable {
    static final int LARGEST_MESSAGE = 16 << 20;
    static final WebSocketLimits LIMITS =
            new WebSocketLimits(LARGEST_MESSAGE, LARGEST_MESSAGE, 1 << 18, Duration.ofSeconds(2));

    /** Short messages are not compressed, so both kinds come and go on one connection. */
    static final Compression COMPRESSION = Compression.create(6, 64);

    private static final long LARGEST_BODY = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PIECE = 50_000;
    private static final int PERIOD = 251;

    /** What it is asked for, served in {@code /files}. */
    final Path files;

    final Tally tally = new Tally();
    private final Path uploads;
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final CompletableFuture<WebServer> bound = new CompletableFuture<>();
    private final CompletableFuture<Boolean> stop = new CompletableFuture<>();
    private final CompletableFuture<Duration> stopped = new CompletableFuture<>();

    private Service() throws IOException {
        files = Files.createTempDirectory("latent-files");
        uploads = Files.createTempDirectory("latent-uploads");
        Thread.ofPlatform().daemon().start(this::run);
    }

    static Service start() throws Exception {
        Service service = new Service();
        service.bound.get();
        return service;
    }

    int port() {
        return bound.join().localAddress().getPort();
    }

    private void run() {
        try (var executor = LocalExecutor.builder()
                .world(Latent.system()
                        .with(FailureHandler.class, (where, failure) -> reported.add(where + ": " + failure)))
                .build()) {
            executor.blockOn(async(() -> {
                var server = await(routes(WebServer.at("127.0.0.1", 0)).bind());
                bound.complete(server);
                await(join(server.serve(), async(() -> {
                    await(Futures.observe(stop));
                    long begin = System.nanoTime();
                    await(server.drain(PATIENCE));
                    stopped.complete(Duration.ofNanos(System.nanoTime() - begin));
                })));
            }));
        } catch (Throwable t) {
            bound.completeExceptionally(t);
            stopped.completeExceptionally(t);
        }
    }

    private WebServerBuilder routes(WebServerBuilder server) {
        return server.maxBody(LARGEST_BODY)
                .get("/echo", this::echo)
                .get("/plain-echo", this::plainEcho)
                .get("/lie", this::lie)
                .get("/close/{code}", this::closing)
                .get("/round-trip", this::roundTrip)
                .get("/refused", _ -> Futures.failed(HttpException.of(401, "who are you?")))
                .get("/answer", this::answer)
                .post("/body", this::body)
                .put("/body", this::body)
                .get("/bytes/{length}", this::bytes)
                .get("/trickle", _ -> Futures.ready(Response.stream("text/plain", trickle())))
                .get("/never", _ -> counted("never", Futures.pending()))
                .post("/fields", this::fields)
                .post("/form", this::form)
                .get("/events", this::events)
                .get("/held", _ -> Futures.ready(Response.events(held())))
                .files("/files", files)
                .resources("/pages", name -> Service.class.getResourceAsStream("/pages/" + name));
    }

    // ---- WebSockets -------------------------------------------------------------------------------------------------

    private WebSocketUpgrade upgrade(Request request) {
        return WebSocketUpgrade.of(request).protocols("v2.echo", "v1.echo").limits(LIMITS);
    }

    private Future<Response> echo(Request request) {
        return Futures.ready(upgrade(request).compression(COMPRESSION).onUpgrade(this::echoed));
    }

    private Future<Response> plainEcho(Request request) {
        return Futures.ready(upgrade(request).onUpgrade(this::echoed));
    }

    private Future<Response> lie(Request request) {
        return Futures.ready(upgrade(request)
                .compression(COMPRESSION)
                .onUpgrade(socket -> async(() -> {
                    while (true) {
                        switch (await(socket.receive())) {
                            case Message.Text(var text) -> await(socket.send(text.substring(1) + "?"));
                            case Message.Binary(var bytes) -> {
                                bytes[0]++;
                                await(socket.send(bytes));
                            }
                        }
                    }
                })));
    }

    /** Sends back what comes, and counts it. */
    private Future<Void> echoed(WebSocket socket) {
        return async(() -> {
            tally.add("opened");
            try {
                while (true) {
                    switch (await(socket.receive())) {
                        case Message.Text(var text) -> {
                            tally.add("texts");
                            await(socket.send(text));
                        }
                        case Message.Binary(var bytes) -> {
                            tally.add("binaries");
                            tally.add("bytes", bytes.length);
                            await(socket.send(bytes));
                        }
                    }
                }
            } catch (WebSocketClosed e) {
                tally.add("closed " + e.code() + " " + e.reason());
                throw e;
            } finally {
                tally.add("ended");
            }
        });
    }

    private Future<Response> closing(Request request) {
        int code = Integer.parseInt(request.pathParameter("code"));
        return Futures.ready(upgrade(request)
                .onUpgrade(socket -> async(() -> {
                    await(socket.send("good bye"));
                    await(socket.close(code, "as you like it ✓"));
                    tally.add("closed with " + code);
                })));
    }

    private Future<Response> roundTrip(Request request) {
        return Futures.ready(upgrade(request)
                .onUpgrade(socket -> async(() -> {
                    await(select(socket.receive(), async(() -> {
                        for (int i = 0; i < 10; i++) {
                            await(socket.roundTrip());
                            tally.add("round trips");
                        }
                    })));
                    await(socket.close(1000, "ten round trips"));
                })));
    }

    // ---- HTTP -------------------------------------------------------------------------------------------------------

    /** Whose connection it is. */
    private Future<Response> answer(Request request) {
        tally.add("answers");
        return Futures.ready(
                Response.text(String.valueOf(request.remoteAddress().getPort())));
    }

    private Future<Response> body(Request request) {
        return async(() -> {
            tally.add("bodies");
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            long length = 0;
            try (var pieces = request.body().stream()) {
                while (await(pieces.next()) instanceof Item(var piece)) {
                    length += piece.remaining();
                    digest.update(piece);
                }
            } finally {
                tally.add("bodies ended");
            }
            tally.add("body bytes", length);
            return Response.text(length + " " + HexFormat.of().formatHex(digest.digest()));
        });
    }

    /** {@return the first bytes of 0, 1, … 250, 0, 1, …} */
    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % PERIOD);
        }
        return bytes;
    }

    static String told(byte[] bytes) {
        try {
            return bytes.length + " "
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<Response> bytes(Request request) {
        byte[] all = pattern(Integer.parseInt(request.pathParameter("length")));
        return Futures.ready(Response.stream("application/octet-stream", AsyncStream.generate(out -> {
            tally.add("streams");
            try {
                for (int from = 0; from < all.length; from += PIECE) {
                    await(out.emit(ByteBuffer.wrap(all, from, Math.min(PIECE, all.length - from))));
                }
            } finally {
                tally.add("streams ended");
            }
        })));
    }

    /** A line every few moments, for ever. */
    private AsyncStream<ByteBuffer> trickle() {
        return AsyncStream.generate(out -> {
            tally.add("trickles");
            try {
                for (int i = 0; ; i++) {
                    await(out.emit(ByteBuffer.wrap(("tick: " + i + "\n").getBytes(UTF_8))));
                    await(sleep(Duration.ofMillis(5)));
                }
            } finally {
                tally.add("trickles ended");
            }
        });
    }

    private <T> Future<T> counted(String name, Future<T> future) {
        return async(() -> {
            tally.add(name);
            try {
                return await(future);
            } finally {
                tally.add(name + " ended");
            }
        });
    }

    private Future<Response> fields(Request request) {
        return async(() -> Response.text(String.valueOf(await(request.body().form()))));
    }

    /** What a form has in it, field by field, file by file. */
    private Future<Response> form(Request request) {
        return async(() -> {
            try (var form = await(Multipart.read(request, uploads, Multipart.Limits.DEFAULT))) {
                List<String> parts = new ArrayList<>();
                form.fields().forEach((name, values) -> parts.add(name + "=" + values));
                for (var file : form.files()) {
                    parts.add(file.name() + ": " + file.fileName() + " " + file.contentType() + " "
                            + told(await(file.bytes())));
                }
                return Response.text(String.join("\n", parts));
            }
        });
    }

    /** Three events, from the one on that is next to the client. */
    private Future<Response> events(Request request) {
        @Nullable String last = request.header("last-event-id");
        tally.add("events after " + last);
        int first = last == null ? 1 : Integer.parseInt(last) + 1;
        return Futures.ready(Response.events(AsyncStream.generate(out -> {
            for (int i = first; i < first + 3; i++) {
                await(out.emit(new ServerSentEvent(String.valueOf(i), "number", i + "\n ✓", Duration.ofMillis(20))));
            }
        })));
    }

    private AsyncStream<ServerSentEvent> held() {
        return AsyncStream.generate(out -> {
            tally.add("held");
            try {
                await(out.emit(ServerSentEvent.of("here")));
                await(Futures.pending());
            } finally {
                tally.add("held ended");
            }
        });
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** Ends when all that it serves has ended, which is to be soon; nothing may have failed, and no upload be left. */
    @Override
    public void close() throws IOException {
        stop.complete(true);
        Duration took = stopped.join();
        assertEquals(List.of(), reported, "failures, of " + tally);
        assertTrue(took.compareTo(PATIENCE) < 0, "somebody is served still, of " + tally);
        for (Path folder : List.of(uploads, files)) {
            try (var all = Files.list(folder)) {
                for (Path file : all.toList()) {
                    assertEquals(files, file.getParent(), "an upload is left");
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
