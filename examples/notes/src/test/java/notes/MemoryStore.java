package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.AsyncCallable;
import dev.latent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Notes in memory, for tests on one thread. It takes as long as it is told to, fails when it is told to, and counts who has not waited. */
final class MemoryStore implements Store {
    private final TreeMap<Long, Note> notes = new TreeMap<>();
    private final Map<String, Long> requests = new HashMap<>();
    private long last;
    Duration takes = Duration.ZERO;
    boolean fails;
    volatile int running;
    int dropped;

    private <T> Future<T> taking(AsyncCallable<T> work) {
        return async(() -> {
            running++;
            boolean isDone = false;
            try {
                await(sleep(takes));
                if (fails) {
                    throw new IOException("no store");
                }
                isDone = true;
                return await(async(work));
            } finally {
                running--;
                dropped += isDone || fails ? 0 : 1;
            }
        });
    }

    @Override
    public Future<Note> add(Draft draft, String request) {
        return taking(() -> {
            Long before = request == null ? null : requests.get(request);
            if (before != null) {
                return notes.get(before);
            }
            Note note = new Note(++last, 1, draft.title(), draft.text());
            notes.put(last, note);
            if (request != null) {
                requests.put(request, last);
            }
            return note;
        });
    }

    @Override
    public Future<Optional<Note>> find(long id) {
        return taking(() -> Optional.ofNullable(notes.get(id)));
    }

    @Override
    public Future<List<Note>> list(long after, int limit, String word) {
        return taking(() -> notes.tailMap(after, false).values().stream()
                .filter(note -> (note.title() + " " + note.text())
                        .toLowerCase(Locale.ROOT)
                        .contains(word.toLowerCase(Locale.ROOT)))
                .limit(limit)
                .toList());
    }

    @Override
    public Future<Change> replace(long id, Long version, Draft draft) {
        return taking(() -> {
            Note now = notes.get(id);
            if (now == null) {
                return new Change.Missing();
            }
            if (version != null && version != now.version()) {
                return new Change.Conflict(now);
            }
            Note next = new Note(id, now.version() + 1, draft.title(), draft.text());
            notes.put(id, next);
            return new Change.Done(next);
        });
    }

    @Override
    public Future<Change> remove(long id, Long version) {
        return taking(() -> {
            Note now = notes.get(id);
            if (now == null) {
                return new Change.Missing();
            }
            if (version != null && version != now.version()) {
                return new Change.Conflict(now);
            }
            notes.remove(id);
            return new Change.Done(now);
        });
    }

    @Override
    public Future<Void> check() {
        return async(() -> {
            await(taking(() -> "here"));
        });
    }
}
