package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Second;
import dev.latent.sync.CancellationToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A database that takes as long as it is asked to, notices when two use one connection, and counts. */
final class FakeDriver implements Driver<FakeDriver.Session> {
    int connects;
    int closes;
    int asks;
    int answers;
    int cancels;

    /** How many cancels it takes; more than that, and it is deaf to. */
    int cancelsItTakes = 1;

    boolean isRefusing;
    boolean isBroken;

    int working;
    int mostWorking;
    int mostOpen;
    final Set<Session> open = new HashSet<>();

    static final class Session {
        CancellationToken running;
        int cancels;
    }

    @Override
    public Future<Session> connect() {
        return async(() -> {
            connects++;
            await(sleep(ofMillis(1)));
            if (isRefusing) {
                throw new IOException("connection refused");
            }
            Session session = new Session();
            open.add(session);
            mostOpen = Math.max(mostOpen, open.size());
            return session;
        });
    }

    @Override
    public Future<Void> fill(Session session) {
        return Futures.done();
    }

    @Override
    public Future<Map<String, Object>> ask(Session session, Question question) {
        return async(() -> {
            if (!open.contains(session) || session.running != null) {
                throw new AssertionError("a connection that is closed, or in use");
            }
            asks++;
            if (isBroken) {
                throw new IOException("connection reset");
            }
            session.running = CancellationToken.create();
            working++;
            mostWorking = Math.max(mostWorking, working);
            try {
                if (await(select(sleep(ofMillis(question.slowMillis())), session.running.cancelled()))
                        instanceof Second) {
                    throw new IOException("statement cancelled");
                }
                answers++;
                return Map.<String, Object>of("of", question.product());
            } finally {
                working--;
                session.running = null;
            }
        });
    }

    @Override
    public Future<Void> cancel(Session session) {
        return async(() -> {
            cancels++;
            await(sleep(ofMillis(2)));
            if (++session.cancels >= cancelsItTakes && session.running != null) {
                session.running.cancel();
            }
        });
    }

    @Override
    public Future<Integer> working(Session session) {
        return Futures.ready(working);
    }

    @Override
    public Future<Void> close(Session session) {
        return async(() -> {
            closes++;
            open.remove(session);
            if (session.running != null) {
                session.running.cancel(); // as a client does whose connection is closed
            }
        });
    }
}
