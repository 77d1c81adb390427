package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.withTimeout;

import dev.latent.Timed;
import dev.latent.world.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What services mostly put around their handlers. */
public final class Middlewares {
    /** What {@link Observer} is told where the client went away before there was an answer; the number that nginx uses. */
    public static final int CLIENT_GONE = 499;

    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Middlewares() {}

    /** {@return a bound on how long a handler may take to answer: then it is dropped, cleanup included, and the answer is 503} Sending the answer is not counted. */
    public static Middleware timeout(Duration limit) {
        return next -> request -> async(() -> switch (await(withTimeout(limit, next.handle(request)))) {
            case Timed.InTime<Response>(var response) -> response;
            case Timed.TooLate<Response> _ -> throw HttpException.of(503, "it took too long");
        });
    }

    /** {@return a bound on how many requests are being handled at once; further ones are answered 503, at once} Sending the answer is not counted. */
    public static Middleware limit(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("nobody is served " + atOnce + " at once");
        }
        AtomicInteger running = new AtomicInteger();
        return next -> request -> async(() -> {
            if (!enters(running, atOnce)) {
                throw HttpException.of(
                        Response.error(503, "too many requests at once").header("retry-after", "1"));
            }
            try {
                return await(next.handle(request));
            } finally {
                running.getAndDecrement();
            }
        });
    }

    /** {@return whether there was a place, and now is taken} Who is refused takes none, not even for a moment. */
    private static boolean enters(AtomicInteger running, int atOnce) {
        int now;
        do {
            now = running.get();
        } while (now < atOnce && !running.compareAndSet(now, now + 1));
        return now < atOnce;
    }

    /** What is told of each request, for metrics and logs. It must not block. */
    @FunctionalInterface
    public interface Observer {
        /**
         * A handler is done.
         *
         * @param status of the answer; 500 where it failed, {@link #CLIENT_GONE} where it was dropped
         * @param took from its call to its answer; sending that is not counted
         */
        void ended(Request request, int status, Duration took);
    }

    /** {@return a hook that is told of each request, by the executor's clock} What it throws fails the request. */
    public static Middleware observe(Observer observer) {
        return next -> request -> async(() -> {
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            int status = CLIENT_GONE;
            Response response = null;
            try {
                response = await(next.handle(request));
                status = response.status();
            } catch (HttpException e) {
                status = e.status();
                throw e;
            } catch (Throwable t) {
                status = 500;
                throw t;
            } finally {
                boolean isTold = false;
                try {
                    observer.ended(request, status, Duration.ofNanos(clock.nanoTime() - begun));
                    isTold = true;
                } finally {
                    if (!isTold && response != null) {
                        response.close();
                    }
                }
            }
            return response;
        });
    }

    /** {@return a log with a line for each request, as Apache's Common Log Format has it, with the milliseconds in the place of the bytes} */
    public static Middleware accessLog(Consumer<String> log) {
        return next -> request -> async(() -> {
            Clock clock = context().capability(Clock.class);
            return await(observe((asked, status, took) ->
                            log.accept(asked.remoteAddress().getHostString() + " - - ["
                                    + LOG_TIME.format(clock.instant()) + "] \"" + asked.method() + " "
                                    + escaped(asked.target()) + " "
                                    + asked.version() + "\" " + status + " " + took.toMillis()))
                    .around(next)
                    .handle(request));
        });
    }

    /** What a client writes must not look like two fields, or two lines. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\' || c < ' ' || c > '~') {
                out.append(String.format(Locale.ROOT, "\\x%02x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }
}
