package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.Shutdown;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.sync.Notify;
import dev.latent.web.http.Response;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server and a shutdown. */
@Timeout(60)
class ServeUntilTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Notify begun = Notify.create();

    private WebServerBuilder builder(Duration takes) {
        return WebServer.at("127.0.0.1", 0)
                .get("/now", _ -> Futures.ready(Response.text("now")))
                .get(
                        "/later",
                        _ -> async(() -> {
                            begun.notifyOne();
                            await(sleep(takes));
                            return Response.text("later");
                        }));
    }

    private static Future<String> get(WebServer server, String path) {
        return async(() -> {
            try (var stream =
                    await(Raw.open(server, "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))) {
                return new String(await(Raw.rest(stream)), ISO_8859_1);
            }
        });
    }

    @Test
    void whatIsUnderWayIsAnsweredAndDuringTheNoticeWhateverComes() throws Exception {
        var report = Latent.blockOn(Shutdown.on().within(LONG).run(stop -> {
            try (var server = await(builder(Duration.ofMillis(300)).bind());
                    var serving = spawn(server.serveUntil(stop, Duration.ofMillis(100), LONG));
                    var asked = spawn(get(server, "/later"))) {
                int port = server.localAddress().getPort();
                await(begun.notified());
                stop.ask("the test");
                assertTrue(await(get(server, "/now")).endsWith("now"));
                assertTrue(await(asked).endsWith("later"));
                await(serving);
                try (var _ = await(TcpStream.connect("127.0.0.1", port))) {
                    throw new AssertionError("it still listens");
                } catch (IOException e) {
                    // nothing listens there
                }
            }
        }));
        assertTrue(report.isClean(), report.toString());
    }

    @Test
    void whoTakesTooLongIsDropped() throws Exception {
        var report = Latent.blockOn(Shutdown.on().within(LONG).run(stop -> {
            try (var server = await(builder(Duration.ofHours(1)).bind());
                    var serving = spawn(server.serveUntil(stop, Duration.ZERO, Duration.ofMillis(50)));
                    var asked = spawn(get(server, "/later"))) {
                await(begun.notified());
                stop.ask("the test");
                await(serving);
                assertEquals("", await(asked));
            }
        }));
        assertTrue(report.isClean(), report.toString());
    }

    @Test
    void withoutABoundOfItsOwnItHasThatOfTheShutdown() throws Exception {
        var report = Latent.blockOn(Shutdown.on().within(Duration.ofMillis(100)).run(stop -> {
            try (var server = await(builder(Duration.ofHours(1)).bind())) {
                stop.spawn("a client", async(() -> {
                    String _ = await(get(server, "/later"));
                }));
                stop.spawn("an asker", async(() -> {
                    await(begun.notified());
                    stop.ask("the test");
                }));
                await(server.serveUntil(stop));
            }
        }));
        assertTrue(report.dropped().contains("the service itself"), report.toString());
    }

    @Test
    void itEndsWithTheServerToo() throws Exception {
        var report = Latent.blockOn(Shutdown.on().within(LONG).run(stop -> {
            try (var server = await(builder(LONG).bind());
                    var serving = spawn(server.serveUntil(stop))) {
                assertTrue(await(get(server, "/now")).endsWith("now"));
                await(server.drain(LONG));
                await(serving);
            }
        }));
        assertEquals("the service has ended", report.reason());
    }
}
