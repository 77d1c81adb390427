package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncRunnable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.Spawner;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What stands around handlers, in virtual time. */
class MiddlewareTest {
    private static void run(AsyncRunnable body) throws Exception {
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system().with(Clock.class, new VirtualClock()))
                .build()) {
            executor.blockOn(async(body));
        }
    }

    private static Request request(String method, String... headers) {
        Request.Builder builder =
                Request.builder(method, "/x?q=\"1").remoteAddress(InetSocketAddress.createUnresolved("10.0.0.1", 80));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.build();
    }

    private static Future<Response> answer(Handler handler, Request request) {
        return async(() -> {
            try {
                return await(handler.handle(request));
            } catch (HttpException e) {
                return e.response();
            }
        });
    }

    @Test
    void aHandlerThatTakesTooLongIsDropped() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        Handler slow = ((Handler) r -> async(() -> {
                    try {
                        await(sleep(Duration.ofSeconds(Integer.parseInt(String.valueOf(r.header("seconds"))))));
                        return Response.text("in time");
                    } finally {
                        cleaned.incrementAndGet();
                    }
                }))
                .with(Middlewares.timeout(Duration.ofSeconds(5)));
        run(() -> {
            assertEquals(
                    200, await(answer(slow, request("GET", "seconds", "4"))).status());
            assertEquals(
                    503, await(answer(slow, request("GET", "seconds", "6"))).status());
            assertEquals(2, cleaned.get());
        });
    }

    @Test
    void soManyAtOnce() throws Exception {
        Handler limited = ((Handler) _ -> async(() -> {
                    await(sleep(Duration.ofSeconds(1)));
                    return Response.text("ok");
                }))
                .with(Middlewares.limit(2));
        run(() -> {
            var first = spawn(answer(limited, request("GET")));
            var second = spawn(answer(limited, request("GET")));
            await(yieldNow());
            Response third = await(answer(limited, request("GET")));
            assertEquals("503 1", third.status() + " " + third.header("retry-after"));
            await(second.cancel()); // gives its place back
            var fourth = spawn(answer(limited, request("GET")));
            assertEquals(200, await(first).status());
            assertEquals(200, await(fourth).status());
            assertEquals(200, await(answer(limited, request("GET"))).status());
        });
    }

    /** On two threads: one leaves and asks again, while the other is perhaps being refused. There is a place, so one of the two gets it. */
    @Test
    void whoIsRefusedTakesNobodysPlace() throws Exception {
        Future<Response> never = Futures.pending();
        int rounds = 30_000;
        Handler limited = ((Handler) r -> r.header("stays") != null ? never : Futures.ready(Response.text("ok")))
                .with(Middlewares.limit(1));
        AtomicInteger round = new AtomicInteger();
        AtomicInteger ready = new AtomicInteger();
        int[] other = new int[rounds + 1];
        Thread refused = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= rounds; i++) {
                Future<Response> asks = answer(limited, request("GET"));
                while (round.get() < i) {
                    Thread.onSpinWait();
                }
                other[i] = statusNow(asks);
                ready.set(i);
            }
        });
        int lost = 0;
        Context cx = new Context(CALM);
        for (int i = 1; i <= rounds; i++) {
            Future<Response> inside = limited.handle(request("GET", "stays", "yes"));
            assertFalse(inside.poll(cx).isReady());
            Future<Response> again = answer(limited, request("GET"));
            round.set(i);
            inside.drop();
            int status = statusNow(again);
            while (ready.get() < i) {
                Thread.onSpinWait();
            }
            lost += status != 200 && other[i] != 200 ? 1 : 0;
        }
        refused.join();
        assertEquals(0, lost, "rounds in which nobody got the place");
    }

    private static final Spawner CALM = new Spawner() {
        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new AssertionError("nothing is to be spawned");
        }

        @Override
        public World world() {
            return World.empty();
        }
    };

    private static int statusNow(Future<Response> answer) {
        try {
            return answer.poll(new Context(CALM)) instanceof Poll.Ready<Response>(var response) ? response.status() : 0;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachRequestIsTold() throws Exception {
        List<String> told = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        Handler told4 = ((Handler) r -> async(() -> {
                    await(sleep(Duration.ofMillis(30)));
                    if (r.header("fails") != null) {
                        throw new IllegalStateException("on purpose");
                    }
                    if (r.header("refused") != null) {
                        throw HttpException.of(402, "pay");
                    }
                    return Response.of(201);
                }))
                .with(Middlewares.accessLog(lines::add))
                .with(Middlewares.observe((r, status, took) -> told.add(status + " " + took.toMillis())));
        run(() -> {
            await(answer(told4, request("GET")));
            await(answer(told4, request("GET", "refused", "")));
            await(settle(answer(told4, request("GET", "fails", ""))));
            var dropped = spawn(answer(told4, request("GET")));
            await(sleep(Duration.ofMillis(10)));
            await(dropped.cancel());
        });
        assertEquals(List.of("201 30", "402 30", "500 30", "499 10"), told);
        assertEquals(4, lines.size());
        assertTrue(
                lines.getFirst()
                        .matches(
                                "10\\.0\\.0\\.1 - - \\[\\d\\d/\\w\\w\\w/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000] \"GET /x\\?q=\\\\x221 HTTP/1.1\" 201 30"),
                lines.getFirst());
    }

    @Test
    void anAnswerThatNobodyCouldBeToldOfIsClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Source<ByteBuffer> nothing = new Source<>() {
            @Override
            public Future<Next<ByteBuffer>> next() {
                return Futures.ready(Next.end());
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        Handler told = ((Handler) _ -> Futures.ready(Response.stream("a/b", AsyncStream.from(nothing))))
                .with(Middlewares.observe((_, _, _) -> {
                    throw new IllegalStateException("on purpose");
                }));
        run(() -> {
            var _ = await(settle(answer(told, request("GET"))));
            assertEquals(1, closed.get());
        });
    }

    @Test
    void pagesOfOtherOrigins() throws Exception {
        Handler plain = r -> {
            if (r.header("refused") != null) {
                throw HttpException.of(402, "pay");
            }
            return Futures.ready(Response.text("ok").header("vary", "Accept"));
        };
        Handler shared = plain.with(
                Cors.of("https://a").methods("GET", "PUT").headers("X-Mine").withCredentials());
        run(() -> {
            Response asked = await(
                    answer(shared, request("OPTIONS", "origin", "https://a", "access-control-request-method", "PUT")));
            assertEquals(204, asked.status());
            assertEquals("https://a", asked.header("access-control-allow-origin"));
            assertEquals("GET, PUT", asked.header("access-control-allow-methods"));
            assertEquals("X-Mine", asked.header("access-control-allow-headers"));
            assertEquals("true", asked.header("access-control-allow-credentials"));
            Response stranger = await(
                    answer(shared, request("OPTIONS", "origin", "https://b", "access-control-request-method", "PUT")));
            assertNull(stranger.header("access-control-allow-origin"));
            assertNull(stranger.header("access-control-allow-methods"));
            Response got = await(answer(shared, request("GET", "origin", "https://a")));
            assertEquals("https://a", got.header("access-control-allow-origin"));
            assertEquals(List.of("Accept", "Origin"), got.headers().all("vary"));
            Response refused = await(answer(shared, request("GET", "origin", "https://a", "refused", "")));
            assertEquals("402 https://a", refused.status() + " " + refused.header("access-control-allow-origin"));
            assertNull(await(answer(shared, request("GET"))).header("access-control-allow-origin"));
        });
    }
}
