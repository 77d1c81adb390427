package dev.latent.web.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The JSON of {@link Errors#PROBLEMS}. */
final class Problem {
    private Problem() {}

    static byte[] json(int status, String message) {
        String title = HttpResponseStatus.valueOf(status).reasonPhrase();
        String json = "{\"type\":\"about:blank\",\"title\":" + quoted(title) + ",\"status\":" + status
                + (message.isEmpty() ? "" : ",\"detail\":" + quoted(message)) + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
