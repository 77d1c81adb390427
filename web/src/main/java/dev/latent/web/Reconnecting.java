package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;

import dev.latent.AsyncConsumer;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.Owners;
import dev.latent.world.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@link WebSocketClient#stayConnected}: session after session, each on a connection of its own. */
final class Reconnecting {
    private static final int MOST_DOUBLINGS = 30;

    private final WebSocketClient client;
    private final Duration first;
    private final Duration longest;
    private final AsyncConsumer<? super WebSocketClient.Session> session;

    /** Connections in a row that were lost early, or never came to be. */
    private int failures;

    private int number;
    private @Nullable IOException lost;

    Reconnecting(
            WebSocketClient client,
            Duration first,
            Duration longest,
            AsyncConsumer<? super WebSocketClient.Session> session) {
        this.client = client;
        this.first = first;
        this.longest = longest;
        this.session = session;
    }

    Future<Void> run() {
        return async(() -> {
            while (true) {
                switch (await(settle(client.connect()))) {
                    case Outcome.Ok<WebSocket>(var socket) -> {
                        if (await(isThrough(socket))) {
                            return;
                        }
                    }
                    case Outcome.Failed<WebSocket>(var cause) -> lost = passing(cause);
                }
                await(sleep(delay(context())));
            }
        });
    }

    /** {@return whether the session has ended by itself, or its peer in good order} */
    private Future<Boolean> isThrough(WebSocket connected) {
        return async(() -> {
            Clock clock = context().capability(Clock.class);
            long start = clock.nanoTime();
            try (var socket = connected) {
                number++;
                await(Owners.<Void>call(session, new WebSocketClient.Session(socket, number, lost)));
                return true;
            } catch (WebSocketClosed e) {
                if (e.code() == WebSocketClosed.NORMAL) {
                    return true;
                }
                lost = e;
                if (clock.nanoTime() - start >= longest.toNanos()) {
                    failures = 0;
                }
                return false;
            }
        });
    }

    /** {@return {@code failure}, which may be over the next time; any other is thrown} */
    private static IOException passing(Throwable failure) throws Exception {
        if (failure instanceof WebSocketRefused refused && !refused.mayPass()) {
            throw refused;
        }
        if (failure instanceof IOException passing) {
            return passing;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    /** Twice as long each time, and at random from half of that on, so that those who lost a server together don't come back together. */
    private Duration delay(Context cx) {
        double most =
                Math.min(longest.toNanos(), first.toNanos() * (double) (1L << Math.min(failures, MOST_DOUBLINGS)));
        failures++;
        double part = 0.5 + cx.capability(RandomGenerator.class).nextDouble() / 2;
        return Duration.ofNanos((long) (most * part));
    }
}
