package dev.latent.web.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of the version that it has seen of something (RFC 9110, 13): {@code If-Match}, so that a change does not undo somebody else's, and {@code If-None-Match}, so that
 * it is not sent again what it has. {@link StaticFiles} does this by itself; a handler says
 *
 * <pre>{@code
 * return Conditions.of(request).answer(json.response(note).header("etag", Conditions.etag(note.version())));     // 304 to who has it
 *
 * if (!Conditions.of(request).hold(Conditions.etag(now.version()))) { throw HttpException.of(412, "somebody else was faster"); }
 * }</pre>
 *
 * <p>Left out: conditions by date, which have a grain of a second.
 */
public final class Conditions {
    private final String method;
    private final List<String> match;
    private final List<String> noneMatch;

    private Conditions(String method, List<String> match, List<String> noneMatch) {
        this.method = method;
        this.match = match;
        this.noneMatch = noneMatch;
    }

    /** {@return what {@code request} says} */
    public static Conditions of(Request request) {
        Headers said = request.headers();
        return new Conditions(request.method(), said.all("if-match"), said.all("if-none-match"));
    }

    /**
     * {@return the ETag of a version, which is its text in quotation marks}
     *
     * @throws IllegalArgumentException when that has a character that can't stand there
     */
    public static String etag(Object version) {
        String text = version.toString();
        if (!text.chars().allMatch(c -> c == '!' || c > '"' && c < 0x7f && c != ',')) {
            throw new IllegalArgumentException("not a version for an ETag: " + text);
        }
        return '"' + text + '"';
    }

    /** {@return whether it says by {@code If-Match} what it has seen} What must not be changed unseen is answered 428 where it does not. */
    public boolean hasMatch() {
        return !match.isEmpty();
    }

    /**
     * {@return whether what the request asks for is to be done, where {@code etag} is that of what is there now}
     *
     * @param etag null where there is nothing: then {@code If-Match: *} does not hold, and {@code If-None-Match: *} does
     */
    public boolean hold(@Nullable String etag) {
        return (match.isEmpty() || lists(match, etag, false)) && (noneMatch.isEmpty() || !lists(noneMatch, etag, true));
    }

    /**
     * {@return {@code answer}, or, where the conditions don't hold for its {@code etag}, the same without a body and with 304 for a {@code GET} of what the client has, 412 for all
     * else} For an answer other than 200, or without an {@code etag}, they say nothing. What is not sent is closed.
     */
    public Response answer(Response answer) {
        String etag = answer.header("etag");
        if (etag == null || answer.status() != 200 || hold(etag)) {
            return answer;
        }
        answer.close();
        boolean isKnown =
                (method.equals("GET") || method.equals("HEAD")) && (match.isEmpty() || lists(match, etag, false));
        return answer.content(Response.of(204).content())
                .withoutHeader("content-type")
                .status(isKnown ? 304 : 412);
    }

    /** {@return whether {@code etag} is among {@code values}} Only a comparison that is weak finds one that is marked as weak (RFC 9110, 8.8.3.2). */
    static boolean lists(List<String> values, @Nullable String etag, boolean weakly) {
        if (etag == null || !weakly && etag.startsWith("W/")) {
            return false;
        }
        for (String value : values) {
            for (int from = 0; from <= value.length(); ) {
                int end = elementEnd(value, from);
                String one = value.substring(from, end).strip();
                if (one.equals("*") || one.equals(etag) || weakly && strong(one).equals(strong(etag))) {
                    return true;
                }
                from = end + 1;
            }
        }
        return false;
    }

    /** {@return where the element of a list ends that begins at {@code from}} A comma in quotation marks is part of it, and a backslash is nothing special there. */
    private static int elementEnd(String list, int from) {
        boolean quoted = false;
        int at = from;
        while (at < list.length() && (quoted || list.charAt(at) != ',')) {
            quoted ^= list.charAt(at) == '"';
            at++;
        }
        return at;
    }

    private static String strong(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}
