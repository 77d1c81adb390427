package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.settle;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Timed;
import dev.latent.sync.Notify;
import dev.latent.world.Clock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What is told of a connection beside its messages: pongs, and its end. Who reads tells it, any number may listen. */
final class Watching {
    private final FramedSocket socket;
    private final Notify news = Notify.create();

    /** Numbers of pings, which are their payloads; and of the last that was answered. */
    private final AtomicLong asked = new AtomicLong();

    private volatile long answered;

    Watching(FramedSocket socket) {
        this.socket = socket;
    }

    void tell() {
        news.notifyWaiters();
    }

    void ponged(byte[] payload) {
        if (payload.length == Long.BYTES) {
            long number = ByteBuffer.wrap(payload).getLong();
            if (number > answered && number <= asked.get()) {
                answered = number;
                news.notifyWaiters();
            }
        }
    }

    Future<WebSocketClosed> closed() {
        return async(() -> {
            while (true) {
                var told = news.notified();
                Turns.Ended end = socket.end();
                if (end != null) {
                    return end.asException();
                }
                await(told);
            }
        });
    }

    Future<Duration> roundTrip() {
        return async(() -> {
            Clock clock = context().capability(Clock.class);
            long number = asked.incrementAndGet();
            long start = clock.nanoTime();
            await(new Send(
                    socket,
                    Frames.PING,
                    ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
            while (true) {
                var told = news.notified();
                if (answered >= number) {
                    return Duration.ofNanos(clock.nanoTime() - start);
                }
                Turns.Ended end = socket.end();
                if (end != null) {
                    throw end.asException();
                }
                await(told);
            }
        });
    }

    static Future<Void> keepAlive(FramedSocket socket, Duration every, Duration deadline) {
        if (!every.isPositive() || !deadline.isPositive()) {
            throw new IllegalArgumentException("a ping every " + every + ", to be answered within " + deadline);
        }
        return async(() -> {
            int heard = socket.heard();
            while (socket.end() == null) {
                await(withTimeout(every, socket.closed()));
                if (socket.heard() == heard && socket.end() == null) {
                    boolean isSent = await(withTimeout(deadline, settle(socket.ping()))) instanceof Timed.InTime;
                    if (isSent) {
                        await(withTimeout(deadline, socket.closed()));
                    }
                    if (socket.heard() == heard && socket.end() == null && socket.isBeingRead()) {
                        socket.giveUp(
                                "nothing has come for " + every.plus(deadline).toMillis() + " ms, not even a pong",
                                null);
                    }
                }
                heard = socket.heard();
            }
        });
    }
}
