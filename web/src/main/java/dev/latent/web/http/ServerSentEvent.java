package dev.latent.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream of server-sent events (HTML, 9.2). Where a browser went off, it asks again with the header {@code Last-Event-ID}.
 *
 * @param id null for none: the last one stays
 * @param event its type, null for {@code message}
 * @param data text, of any number of lines
 * @param retry null, or after which time a client is to come back when the connection ends
 */
public record ServerSentEvent(
        @Nullable String id,
        @Nullable String event,
        String data,
        @Nullable Duration retry) {
    /** Checks that id and type are of one line. */
    public ServerSentEvent {
        for (String text : new @Nullable String[] {id, event}) {
            if (text != null && (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0)) {
                throw new IllegalArgumentException("an id or a type of more than one line: " + text);
            }
        }
    }

    /** {@return an event of this text, without id and type} */
    public static ServerSentEvent of(String data) {
        return new ServerSentEvent(null, null, data, null);
    }

    /** {@return this, with an id} */
    public ServerSentEvent id(String newId) {
        return new ServerSentEvent(newId, event, data, retry);
    }

    /** {@return this, of a type} */
    public ServerSentEvent event(String type) {
        return new ServerSentEvent(id, type, data, retry);
    }

    ByteBuffer encode() {
        StringBuilder text = new StringBuilder();
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        if (event != null) {
            text.append("event: ").append(event).append('\n');
        }
        if (retry != null) {
            text.append("retry: ").append(retry.toMillis()).append('\n');
        }
        for (String line : data.split("\r\n|\r|\n", -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return ByteBuffer.wrap(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
}
