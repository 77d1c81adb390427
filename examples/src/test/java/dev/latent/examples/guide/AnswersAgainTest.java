package dev.latent.examples.guide;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Shared;
import dev.latent.junit.AsyncTest;
import dev.latent.web.http.Handler;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Middleware;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The exercise of the guide's chapter on services, solved: what was asked is answered again for a second, and asked once. */
class AnswersAgainTest {
    private static final class Again implements Middleware {
        private final Duration time;
        private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

        Again(Duration time) {
            this.time = time;
        }

        /** An answer that comes, or has come. */
        private static final class Known {
            final Shared<Response> answer;

            /** A stream can be sent once: whoever comes first has it. */
            final AtomicBoolean taken = new AtomicBoolean();

            volatile long until = Long.MAX_VALUE;

            Known(Future<Response> asked) {
                answer = Futures.shared(asked);
            }
        }

        @Override
        public Handler around(Handler next) {
            return request -> request.method().equals("GET") ? again(next, request) : next.handle(request);
        }

        private Future<Response> again(Handler next, Request request) {
            return async(() -> {
                while (true) {
                    long now = context().spawner().world().clock().nanoTime();
                    known.values().removeIf(one -> one.until - now <= 0);
                    Known one = known.computeIfAbsent(
                            request.target(), _ -> new Known(async(() -> await(next.handle(request)))));
                    Response response;
                    try {
                        response = await(one.answer);
                    } catch (CancellationException e) {
                        known.remove(request.target(), one); // all who wanted it went away before it came
                        continue;
                    } catch (Throwable t) {
                        known.remove(request.target(), one);
                        throw t;
                    }
                    if (!(response.content() instanceof Response.Content.Bytes)) {
                        known.remove(request.target(), one);
                        return one.taken.compareAndSet(false, true) ? response : await(next.handle(request));
                    }
                    if (one.until == Long.MAX_VALUE) {
                        one.until = context().spawner().world().clock().nanoTime() + time.toNanos();
                    }
                    return response;
                }
            });
        }
    }

    private int asked;
    private int dropped;

    private Future<Response> slow(Request request) {
        return async(() -> {
            int mine = ++asked;
            boolean ended = false;
            try {
                await(sleep(ofMillis(100)));
                ended = true;
            } finally {
                dropped += ended ? 0 : 1;
            }
            if (request.rawPath().equals("/bad")) {
                throw HttpException.of(503, "not now");
            }
            return Response.text("answer " + mine);
        });
    }

    private final Handler handler = new Again(ofSeconds(1)).around(this::slow);

    private Future<String> get(String path) {
        return async(
                () -> switch (await(handler.handle(Request.builder("GET", path).build()))
                        .content()) {
                    case Response.Content.Bytes(var bytes) -> new String(bytes, UTF_8);
                    default -> throw new AssertionError("no bytes");
                });
    }

    @AsyncTest
    Future<Void> tenAtOnceAskOnce() {
        return async(() -> {
            List<Future<String>> ten = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ten.add(get("/teas"));
            }
            assertEquals(Collections.nCopies(10, "answer 1"), await(join(ten)));
            assertEquals("answer 1", await(get("/teas")));
            assertEquals("answer 2", await(get("/coffees")));
            await(sleep(ofSeconds(1)));
            assertEquals("answer 3", await(get("/teas")));
            assertEquals(3, asked);
        });
    }

    @AsyncTest
    Future<Void> whoGoesAwayTakesItFromNobody() {
        return async(() -> {
            try (var hasty = spawn(timeout(ofMillis(50), get("/teas")));
                    var patient = spawn(get("/teas"))) {
                try {
                    await(hasty);
                    throw new AssertionError("it was in time");
                } catch (TimeoutException e) {
                    assertEquals("answer 1", await(patient));
                }
            }
            assertEquals(1, asked);
            assertEquals(0, dropped);
        });
    }

    @AsyncTest
    Future<Void> whenAllGoAwayTheHandlerIsDropped() {
        return async(() -> {
            try {
                await(timeout(ofMillis(50), get("/teas")));
                throw new AssertionError("it was in time");
            } catch (TimeoutException e) {
                assertEquals(1, dropped);
            }
            assertEquals("answer 2", await(get("/teas")));
        });
    }

    @AsyncTest
    Future<Void> aFailureIsNotGivenAgain() {
        return async(() -> {
            for (int i = 1; i <= 2; i++) {
                try {
                    await(get("/bad"));
                    throw new AssertionError("it was answered");
                } catch (HttpException e) {
                    assertEquals(i, asked);
                }
            }
        });
    }
}
