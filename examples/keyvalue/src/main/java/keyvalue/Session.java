package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.withTimeout;

import dev.latent.End;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Timed;
import dev.latent.io.AsyncBufReader;
import dev.latent.io.Duplex;
import dev.latent.io.Shutdown;
import dev.latent.io.TooLongException;
import dev.latent.world.Clock;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One client: its commands are read and answered in their order, beside the writing of what it is sent. */
final class Session {
    private final Server server;
    private final Duplex connection;
    private final Outbox out;
    private final Set<String> topics = new LinkedHashSet<>();

    Session(Server server, Duplex connection) {
        this.server = server;
        this.connection = connection;
        this.out = new Outbox(server.limits);
    }

    /** Ends when the client leaves, errs or is too slow, or the server stops; what it was still to be told is written first, where it takes it. */
    Future<Void> run(Shutdown stop) {
        return async(() -> {
            try (connection) {
                await(select(join(commands(stop), out.writeTo(connection)), out.isTooSlow()));
            } catch (IOException | TimeoutException e) {
                // it has gone, or takes nothing in
            } finally {
                topics.forEach(topic -> server.topics.unsubscribe(topic, out));
            }
        });
    }

    private Future<Void> commands(Shutdown stop) {
        return async(() -> {
            var in = AsyncBufReader.of(connection);
            @Nullable String goodbye = "BYE the server stops";
            try {
                while (await(stop.untilAsked(line(in))) instanceof First(var next)) {
                    if (next instanceof End) {
                        goodbye = null;
                        return;
                    }
                    if (next instanceof Item(var line)) {
                        Command command = Command.parse(line);
                        if (command instanceof Command.Quit) {
                            goodbye = "BYE";
                            return;
                        }
                        await(out.send(answer(
                                command, context().capability(Clock.class).nanoTime())));
                    }
                }
            } catch (TooLongException e) {
                goodbye = "ERROR a line has at most " + server.limits.lineBytes()
                        + " bytes"; // where the next begins is not known
            } catch (TimeoutException e) {
                goodbye = "ERROR nothing was said for too long";
            } finally {
                if (goodbye != null) {
                    out.offer(goodbye);
                }
                out.close();
            }
        });
    }

    /** The next line. A client that listens may be silent. */
    private Future<Next<String>> line(AsyncBufReader in) {
        return async(() -> {
            while (true) {
                switch (await(withTimeout(server.limits.idle(), in.readLine(server.limits.lineBytes())))) {
                    case Timed.InTime(var next) -> {
                        return next;
                    }
                    case Timed.TooLate<?> _ when topics.isEmpty() -> throw new TimeoutException();
                    case Timed.TooLate<?> _ -> {} // a dropped readLine has lost nothing
                }
            }
        });
    }

    private String answer(Command command, long now) {
        Store store = server.store;
        return switch (command) {
            case Command.Get(var key) -> text(store.get(key, now));
            case Command.Set(var key, var text) -> {
                store.set(key, text);
                yield "OK";
            }
            case Command.Delete(var key) -> number(store.delete(key, now));
            case Command.Increment(var key) -> {
                try {
                    yield "INT " + store.increment(key, now);
                } catch (NumberFormatException | ArithmeticException e) {
                    yield "ERROR not a number that has a next one";
                }
            }
            case Command.Expire(var key, var seconds) -> number(store.expire(key, seconds, now));
            case Command.TimeToLive(var key) -> {
                Long left = store.timeToLive(key, now);
                yield left == null ? "NONE" : "INT " + left;
            }
            case Command.Subscribe(var topic) -> {
                if (!topics.contains(topic) && topics.size() == server.limits.subscriptions()) {
                    yield "ERROR no more than " + topics.size() + " subscriptions";
                }
                topics.add(topic);
                server.topics.subscribe(topic, out);
                yield "OK";
            }
            case Command.Unsubscribe(var topic) -> {
                topics.remove(topic);
                server.topics.unsubscribe(topic, out);
                yield "OK";
            }
            case Command.Publish(var topic, var text) -> "INT " + server.topics.publish(topic, text);
            case Command.Ping _, Command.Quit _ -> "PONG";
            case Command.Wrong(var why) -> "ERROR " + why;
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "NONE" : "TEXT " + value;
    }

    private static String number(boolean isSo) {
        return isSo ? "INT 1" : "INT 0";
    }
}
