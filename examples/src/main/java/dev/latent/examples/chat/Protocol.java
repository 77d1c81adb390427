package dev.latent.examples.chat;

import dev.latent.web.PreparedMessage;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The chat's messages: one JSON object of strings in each WebSocket text message.
 *
 * <pre>
 *  client  {"join":"lobby","nick":"Ada"}   {"say":"hello"}   {"leave":"lobby"}
 *  server  {"welcome":"lobby","nick":"Ada","size":2,"members":["Ada","Bob"]}   {"joined":"Bob"}   {"left":"Bob"}
 *          {"nick":"Bob","say":"hello"}   {"error":"that name is taken"}
 * </pre>
 */
final class Protocol {
    private static final int MAX_NAME = 32;
    private static final int MAX_TEXT = 4_000;
    private static final JsonFactory JSON = new JsonFactory();

    private Protocol() {}

    static Wish read(String message) {
        @Nullable String join = null;
        @Nullable String nick = null;
        @Nullable String say = null;
        boolean leave = false;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), message)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Wish.Wrong("a message is a JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                String value = parser.nextStringValue();
                if (value == null) {
                    return new Wish.Wrong("\"" + name + "\" is to be a string");
                }
                switch (name) {
                    case "join" -> join = value;
                    case "nick" -> nick = value;
                    case "say" -> say = value;
                    case "leave" -> leave = true;
                    default -> {}
                }
            }
        } catch (JacksonException e) {
            return new Wish.Wrong("this is not JSON: " + e.getOriginalMessage());
        }
        if (say != null) {
            return say.length() <= MAX_TEXT ? new Wish.Say(say) : new Wish.Wrong("too long");
        }
        if (join != null) {
            return isName(join) && isName(nick)
                    ? new Wish.Join(join, nick)
                    : new Wish.Wrong("a room and a nick have 1 to " + MAX_NAME + " characters");
        }
        return leave ? new Wish.Leave() : new Wish.Wrong("say \"join\", \"say\" or \"leave\"");
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isBlank() && name.length() <= MAX_NAME;
    }

    static PreparedMessage welcome(Member member) {
        return write(json -> {
            json.writeStringProperty("welcome", member.room.name);
            json.writeStringProperty("nick", member.nick);
            json.writeNumberProperty("size", member.room.size());
            json.writeArrayPropertyStart("members");
            List<String> nicks = member.room.nicks(100);
            for (String nick : nicks) {
                json.writeString(nick);
            }
            json.writeEndArray();
        });
    }

    static PreparedMessage joined(String nick) {
        return write(json -> json.writeStringProperty("joined", nick));
    }

    static PreparedMessage left(String nick) {
        return write(json -> json.writeStringProperty("left", nick));
    }

    static PreparedMessage said(String nick, String text) {
        return write(json -> json.writeStringProperty("nick", nick).writeStringProperty("say", text));
    }

    static PreparedMessage error(String why) {
        return write(json -> json.writeStringProperty("error", why));
    }

    private interface Properties {
        void writeTo(JsonGenerator json);
    }

    private static PreparedMessage write(Properties properties) {
        StringWriter out = new StringWriter(96);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            properties.writeTo(json);
            json.writeEndObject();
        }
        return PreparedMessage.text(out.toString());
    }
}
