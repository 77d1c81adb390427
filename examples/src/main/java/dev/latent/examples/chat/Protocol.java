package dev.latent.examples.chat;

import dev.latent.web.PreparedMessage;
import java.io.StringWriter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The chat's messages: one JSON object in each WebSocket text message.
 *
 * <pre>
 *  client  {"join":"lobby","nick":"Ada"}   {"say":"hello"}   {"nick":"Ada L."}   {"rooms":"please"}   {"leave":"please"}
 *  server  {"welcome":"lobby","nick":"Ada","size":2,"members":["Ada","Bob"],"history":[{"nick":"Bob","say":"hi","at":1767225600000000}]}
 *          {"joined":"Bob"}   {"left":"Bob"}   {"renamed":"Bob","nick":"Bobby"}
 *          {"nick":"Bob","say":"hello","at":1767225600000001}
 *          {"rooms":[{"room":"lobby","size":2}]}
 *          {"error":"taken","why":"that name is taken"}
 * </pre>
 *
 * <p>{@code at} is in microseconds since 1970, and no two lines of a server have the same: a client that comes back knows by it what it has shown.
 */
final class Protocol {
    /** Of a line, in UTF-16 units. */
    static final int MAX_TEXT = 4_000;

    /** Names in a welcome, rooms in a list. */
    private static final int MOST_LISTED = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private Protocol() {}

    static Wish read(String message) {
        Map<String, String> wishes = new HashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), message)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Wish.Wrong(Trouble.NOT_UNDERSTOOD);
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                String value = parser.nextStringValue();
                if (value == null) {
                    return new Wish.Wrong(Trouble.NOT_UNDERSTOOD);
                }
                wishes.put(name, value);
            }
            if (parser.nextToken() != null) {
                return new Wish.Wrong(Trouble.NOT_UNDERSTOOD);
            }
        } catch (JacksonException e) {
            return new Wish.Wrong(Trouble.NOT_UNDERSTOOD);
        }
        return wish(wishes);
    }

    private static Wish wish(Map<String, String> wishes) {
        if (wishes.get("say") instanceof String text) {
            return say(text);
        }
        if (wishes.containsKey("join")) {
            Name room = Name.of(wishes.get("join"));
            Name nick = Name.of(wishes.get("nick"));
            return room == null || nick == null ? new Wish.Wrong(Trouble.BAD_NAME) : new Wish.Join(room, nick);
        }
        if (wishes.containsKey("nick")) {
            Name nick = Name.of(wishes.get("nick"));
            return nick == null ? new Wish.Wrong(Trouble.BAD_NAME) : new Wish.Rename(nick);
        }
        if (wishes.containsKey("rooms")) {
            return new Wish.Rooms();
        }
        return wishes.containsKey("leave") ? new Wish.Leave() : new Wish.Wrong(Trouble.NOT_UNDERSTOOD);
    }

    private static Wish say(String text) {
        if (text.length() > MAX_TEXT) {
            return new Wish.Wrong(Trouble.TOO_LONG);
        }
        boolean isEmpty = text.codePoints()
                .allMatch(c -> Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT);
        return isEmpty ? new Wish.Wrong(Trouble.EMPTY) : new Wish.Say(text);
    }

    static PreparedMessage welcome(Member member) {
        return write(json -> {
            json.writeStringProperty("welcome", member.room.name.shown());
            json.writeStringProperty("nick", member.nick().shown());
            json.writeNumberProperty("size", member.room.size());
            json.writeArrayPropertyStart("members");
            for (Name nick : member.room.nicks(MOST_LISTED)) {
                json.writeString(nick.shown());
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("history");
            for (Line.Said said : member.history) {
                json.writeStartObject();
                write(json, said);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    static Line joined(Name nick) {
        return event(json -> json.writeStringProperty("joined", nick.shown()));
    }

    static Line left(Name nick) {
        return event(json -> json.writeStringProperty("left", nick.shown()));
    }

    static Line renamed(Name before, Name now) {
        return event(
                json -> json.writeStringProperty("renamed", before.shown()).writeStringProperty("nick", now.shown()));
    }

    static Line said(Name nick, String text, long at) {
        Line.Said said = new Line.Said(at, nick.shown(), text);
        return new Line(write(json -> write(json, said)), said);
    }

    static PreparedMessage rooms(Collection<Room> rooms) {
        return write(json -> {
            json.writeArrayPropertyStart("rooms");
            rooms.stream()
                    .map(room -> Map.entry(room.name.shown(), room.size()))
                    .sorted(Map.Entry.<String, Integer>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(MOST_LISTED)
                    .forEach(room -> {
                        json.writeStartObject();
                        json.writeStringProperty("room", room.getKey()).writeNumberProperty("size", room.getValue());
                        json.writeEndObject();
                    });
            json.writeEndArray();
        });
    }

    static PreparedMessage error(Trouble trouble) {
        return write(json -> json.writeStringProperty("error", trouble.code).writeStringProperty("why", trouble.why));
    }

    private static void write(JsonGenerator json, Line.Said said) {
        json.writeStringProperty("nick", said.nick())
                .writeStringProperty("say", said.text())
                .writeNumberProperty("at", said.at());
    }

    private static Line event(Properties properties) {
        return new Line(write(properties), null);
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
