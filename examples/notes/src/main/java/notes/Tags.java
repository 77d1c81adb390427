package notes;

import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import org.jspecify.annotations.Nullable;

/** The version of a note, as HTTP has it (RFC 9110, 13). */
final class Tags {
    private Tags() {}

    static String of(Note note) {
        return "\"" + note.version() + "\"";
    }

    /** {@return whether the client has this note already, by its {@code If-None-Match}} */
    static boolean isKnown(Request request, Note note) {
        String tag = of(note);
        return request.headers().lists("if-none-match", "*")
                || request.headers().lists("if-none-match", tag)
                || request.headers().lists("if-none-match", "W/" + tag);
    }

    /**
     * {@return the version that the client means to change, by its {@code If-Match}; null where any will do}
     *
     * @throws HttpException 428 where it does not say: it would not notice that somebody else was faster
     */
    static @Nullable Long expected(Request request) {
        String tag = request.header("if-match");
        if (tag == null) {
            throw HttpException.of(428, "say by If-Match which version you have seen, or * for any");
        }
        if (tag.equals("*")) {
            return null;
        }
        if (tag.matches("\"\\d{1,18}\"")) {
            return Long.parseLong(tag.substring(1, tag.length() - 1));
        }
        throw HttpException.of(412, "not an ETag of a note: " + tag);
    }
}
