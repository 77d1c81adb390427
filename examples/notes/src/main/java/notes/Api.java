package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.web.http.Conditions;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Json;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The notes, in HTTP's words. */
final class Api {
    private static final int MAX_PAGE = 100;
    private static final int MAX_KEY = 100;

    private final Store store;
    private final Json json;

    Api(Store store, Json json) {
        this.store = store;
        this.json = json;
    }

    Routes routes() {
        return new Routes()
                .get("/notes", this::list)
                .post("/notes", this::add)
                .get("/notes/{id}", this::find)
                .put("/notes/{id}", this::replace)
                .delete("/notes/{id}", this::remove);
    }

    /** @param next where the next page is, null behind the last */
    record Page(List<Note> notes, @Nullable String next) {}

    private Future<Response> list(Request request) {
        return async(() -> {
            int limit = (int) number(request, "limit", 20, MAX_PAGE);
            long after = number(request, "after", 0, Long.MAX_VALUE);
            String word = request.queryParameter("word") == null ? "" : request.queryParameter("word");
            List<Note> notes = await(store.list(after, limit + 1, word));
            if (notes.size() <= limit) {
                return json.response(new Page(notes, null));
            }
            List<Note> page = notes.subList(0, limit);
            String next = "/notes?after=" + page.getLast().id() + "&limit=" + limit
                    + (word.isEmpty() ? "" : "&word=" + URLEncoder.encode(word, StandardCharsets.UTF_8));
            return json.response(new Page(page, next)).header("link", "<" + next + ">; rel=\"next\"");
        });
    }

    private Future<Response> add(Request request) {
        return async(() -> {
            String key = request.header("idempotency-key");
            if (key != null && key.length() > MAX_KEY) {
                throw HttpException.of(400, "an Idempotency-Key has at most " + MAX_KEY + " characters");
            }
            Draft draft = await(json.read(request, Draft.class));
            List<Draft.Wrong> wrong = draft.wrong();
            if (!wrong.isEmpty()) {
                return Problem.of(wrong).response(json);
            }
            Note note = await(store.add(draft, key));
            return of(note).status(201).header("location", "/notes/" + note.id());
        });
    }

    private Future<Response> find(Request request) {
        return async(() -> {
            Note note = await(store.find(id(request))).orElseThrow(Api::noSuchNote);
            return Conditions.of(request).answer(of(note));
        });
    }

    private Future<Response> replace(Request request) {
        return async(() -> {
            Conditions conditions = conditions(request);
            Draft draft = await(json.read(request, Draft.class));
            List<Draft.Wrong> wrong = draft.wrong();
            if (!wrong.isEmpty()) {
                return Problem.of(wrong).response(json);
            }
            Note seen = await(store.find(id(request))).orElseThrow(Api::noSuchNote);
            if (!conditions.hold(tag(seen))) {
                return conflict(seen);
            }
            return switch (await(store.replace(seen.id(), version(request, seen), draft))) {
                case Store.Change.Done(var note) -> of(note);
                case Store.Change.Conflict(var now) -> conflict(now);
                case Store.Change.Missing() -> throw noSuchNote();
            };
        });
    }

    private Future<Response> remove(Request request) {
        return async(() -> {
            Conditions conditions = conditions(request);
            Note seen = await(store.find(id(request))).orElseThrow(Api::noSuchNote);
            if (!conditions.hold(tag(seen))) {
                return conflict(seen);
            }
            return switch (await(store.remove(seen.id(), version(request, seen)))) {
                case Store.Change.Done _ -> Response.of(204);
                case Store.Change.Conflict(var now) -> conflict(now);
                case Store.Change.Missing() -> throw noSuchNote();
            };
        });
    }

    private Response of(Note note) throws Exception {
        return json.response(note).header("etag", tag(note)).header("cache-control", "no-cache");
    }

    private static String tag(Note note) {
        return Conditions.etag(note.version());
    }

    /** Who does not say what he has seen would not notice that somebody else was faster. */
    private static Conditions conditions(Request request) {
        Conditions conditions = Conditions.of(request);
        if (!conditions.hasMatch()) {
            throw HttpException.of(428, "say by If-Match which version you have seen, or * for any");
        }
        return conditions;
    }

    /** {@return the version that the store is to find, since somebody else may be faster still; null where any will do} */
    private static @Nullable Long version(Request request, Note seen) {
        return "*".equals(request.header("if-match")) ? null : seen.version();
    }

    private Response conflict(Note now) throws Exception {
        return Problem.of(412, "somebody else was faster").response(json).header("etag", tag(now));
    }

    private static HttpException noSuchNote() {
        return HttpException.of(404, "no such note");
    }

    private static long id(Request request) {
        String id = request.pathParameter("id");
        if (!id.matches("\\d{1,18}")) {
            throw noSuchNote();
        }
        return Long.parseLong(id);
    }

    private static long number(Request request, String name, long otherwise, long most) {
        String value = request.queryParameter(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("\\d{1,18}") || Long.parseLong(value) > most) {
            throw HttpException.of(400, name + " is a number" + (most == Long.MAX_VALUE ? "" : " of at most " + most));
        }
        return Long.parseLong(value);
    }
}
