package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.pin;
import static dev.latent.Async.select;
import static dev.latent.Async.settle;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;

import dev.latent.AsyncCloseable;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Pinned;
import dev.latent.Second;
import dev.latent.Timed;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.sync.CancellationToken;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections of one database: {@code size} at most, with {@code line} questions at most that wait for one.
 *
 * <p>Two goals compete. Who drops a question does not want to wait for the database, which may be slow or dead; and a connection on which something still runs is
 * nobody else's, for the next question would get the last one's answer, or its cancel. So each question is a task of its own, that owns its place and its connection
 * until the database is done with it; who drops the question only tells that task to stop, which has the database stop, waits for that, and closes the connection: a
 * cancel that comes late then meets nobody.
 *
 * <p>A place is free again only when the database is. One that hangs so keeps {@code size} connections busy and {@code line} questions waiting, each until its deadline,
 * and all others hear at once that there is no room: nothing of the program is spent on it, and no other database has to do with it.
 */
final class Pool<C> implements AsyncCloseable {
    /** A cancel that overtakes its question on the way to the database finds nothing to cancel, so one is not enough. */
    private static final int CANCELS = 10;

    private static final Duration BETWEEN_CANCELS = ofMillis(100);

    private static final Duration FOR_A_CANCEL = ofMillis(500);

    private final String name;
    private final Driver<C> driver;
    private final int size;
    private final int line;
    private final AsyncSemaphore places;
    private final ConcurrentLinkedDeque<C> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    Pool(String name, Driver<C> driver, int size, int line) {
        this.name = name;
        this.driver = driver;
        this.size = size;
        this.line = line;
        this.places = AsyncSemaphore.of(size);
    }

    /** There is no room. Nothing was asked. */
    static final class Full extends RejectedExecutionException {
        private static final long serialVersionUID = 1;

        Full(String message) {
            super(message);
        }
    }

    /**
     * {@return a future of the answer}
     *
     * <p><em>Cancel safety:</em> dropped in line, nothing is asked; later, the database is told to stop.
     */
    Future<Map<String, Object>> ask(Question question) {
        return async(() -> {
            AsyncSemaphore.Permits place = await(inLine());
            CancellationToken stop = CancellationToken.create();
            var turn = context().spawner().toCompletableFuture(turn(place, stop, question));
            try {
                return await(Futures.observe(turn)); // which goes on when this is dropped
            } finally {
                stop.cancel();
            }
        });
    }

    private Future<AsyncSemaphore.Permits> inLine() {
        return async(() -> {
            if (waiting.incrementAndGet() > line && places.availablePermits() == 0) {
                waiting.decrementAndGet();
                throw new Full("full: " + size + " questions are with it, and " + line + " wait");
            }
            try {
                return await(places.acquire());
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    private Future<Map<String, Object>> turn(AsyncSemaphore.Permits place, CancellationToken stop, Question question) {
        return async(() -> {
            try (place) {
                C connection = await(connection());
                boolean isGood = false;
                try {
                    if (stop.isCancelled()) {
                        isGood = true;
                        throw new CancellationException(name + " was not asked: nobody waits any more");
                    }
                    Map<String, Object> answer = await(answer(connection, stop, question));
                    isGood = true;
                    return answer;
                } finally {
                    if (isGood) {
                        idle.push(connection);
                    } else {
                        await(settle(driver.close(connection)));
                        if (!stop.isCancelled()) {
                            await(closeIdle()); // where one has failed, the others are not trusted
                        }
                    }
                }
            }
        });
    }

    private Future<C> connection() {
        C known = idle.poll();
        return known == null ? driver.connect() : Futures.ready(known);
    }

    private Future<Map<String, Object>> answer(C connection, CancellationToken stop, Question question) {
        return async(() -> {
            try (var asked = pin(driver.ask(connection, question))) {
                return switch (await(select(asked, stop.cancelled()))) {
                    case First(var answer) -> answer;
                    case Second(var _) -> {
                        await(stopped(connection, asked));
                        throw new CancellationException(name + " was stopped: nobody waits any more");
                    }
                };
            }
        });
    }

    /** {@return a future that is ready when the database is done with what was asked, whatever it takes} */
    private Future<Void> stopped(C connection, Pinned<Map<String, Object>> asked) {
        return async(() -> {
            cancelled.incrementAndGet();
            try {
                for (int i = 0; i < CANCELS; i++) {
                    await(withTimeout(FOR_A_CANCEL, settle(driver.cancel(connection))));
                    if (await(withTimeout(BETWEEN_CANCELS, asked)) instanceof Timed.InTime) {
                        return;
                    }
                }
                await(withTimeout(FOR_A_CANCEL, settle(driver.close(connection))));
                await(asked);
            } catch (Exception e) {
                // that it was cancelled
            }
        });
    }

    /** Fills the database's table. */
    Future<Void> fill() {
        return aside(driver::fill);
    }

    /** {@return a future of how many questions of this service the database says it works on} It takes no place: it is asked when all are taken. */
    Future<Integer> working() {
        return aside(driver::working);
    }

    private interface Aside<C, T> {
        Future<T> on(C connection);
    }

    private <T> Future<T> aside(Aside<C, T> what) {
        return async(() -> {
            C connection = await(driver.connect());
            try {
                return await(what.on(connection));
            } finally {
                await(settle(driver.close(connection)));
            }
        });
    }

    String name() {
        return name;
    }

    /** {@return connections that are in use, or being opened or closed} */
    int busy() {
        return size - places.availablePermits();
    }

    /** {@return those that wait to be used again} */
    int idle() {
        return idle.size();
    }

    /** {@return questions that wait for a connection} */
    int waiting() {
        return waiting.get();
    }

    /** {@return how many questions have been stopped so far} */
    int cancelled() {
        return cancelled.get();
    }

    /** Waits for those that are in use. */
    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            if (places.isClosed()) {
                return;
            }
            try (var _ = await(places.acquire(size))) {
                places.close();
                await(closeIdle());
            }
        });
    }

    @Override
    public void close() {
        places.close();
    }

    private Future<Void> closeIdle() {
        return async(() -> {
            for (C each = idle.poll(); each != null; each = idle.poll()) {
                await(settle(driver.close(each)));
            }
        });
    }
}
