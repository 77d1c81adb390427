package dev.latent.examples.chat;

import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An {@link Event} as text: one JSON object of strings. */
final class EventJson {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> values;

    private EventJson(Map<String, String> values) {
        this.values = values;
    }

    static String write(Event event) {
        StringWriter out = new StringWriter(128);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            write(json, event);
            json.writeEndObject();
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Event event) {
        switch (event) {
            case Event.Enters(var room, var nick, var session, var by, var since) -> {
                person(json, "enters", room, nick, session);
                speaker(json, by);
                json.writeStringProperty("since", Long.toString(since));
            }
            case Event.Leaves(var room, var nick, var session) -> person(json, "leaves", room, nick, session);
            case Event.Renames(var room, var nick, var now, var session) -> {
                person(json, "renames", room, nick, session);
                json.writeStringProperty("now", now.shown());
            }
            case Event.Says(var room, var nick, var text, var at, var by, var n) -> {
                json.writeStringProperty("is", "says")
                        .writeStringProperty("room", room.shown())
                        .writeStringProperty("nick", nick.shown())
                        .writeStringProperty("text", text)
                        .writeStringProperty("at", Long.toString(at))
                        .writeStringProperty("n", Long.toString(n));
                speaker(json, by);
            }
            case Event.Hello(var node) -> node(json, "hello", node);
            case Event.Beat(var node, var at) -> {
                node(json, "beat", node);
                json.writeStringProperty("at", at);
            }
            case Event.Gone(var node) -> node(json, "gone", node);
            case Event.Weather _, Event.Others _ -> throw new IllegalStateException("this is for no other node");
        }
    }

    private static void node(JsonGenerator json, String is, String node) {
        json.writeStringProperty("is", is).writeStringProperty("node", node);
    }

    private static void person(JsonGenerator json, String is, Name room, Name nick, Event.Session session) {
        node(json, is, session.node());
        json.writeStringProperty("id", Long.toString(session.id()))
                .writeStringProperty("room", room.shown())
                .writeStringProperty("nick", nick.shown());
    }

    private static void speaker(JsonGenerator json, @Nullable String by) {
        if (by != null) {
            json.writeStringProperty("by", by);
        }
    }

    static @Nullable Event read(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, String> values = new HashMap<>();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                String value = parser.nextStringValue();
                if (value == null) {
                    return null;
                }
                values.put(name, value);
            }
            return new EventJson(values).event();
        } catch (JacksonException | NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Event event() {
        return switch (text("is")) {
            case "hello" -> new Event.Hello(text("node"));
            case "beat" -> new Event.Beat(text("node"), text("at"));
            case "gone" -> new Event.Gone(text("node"));
            default -> ofAPerson();
        };
    }

    private @Nullable Event ofAPerson() {
        Name room = Name.of(values.get("room"));
        Name nick = Name.of(values.get("nick"));
        if (room == null || nick == null) {
            return null;
        }
        Event.Session session = new Event.Session(text("node"), number("id"));
        Name now = Name.of(values.get("now"));
        String by = values.get("by");
        return switch (text("is")) {
            case "enters" -> new Event.Enters(room, nick, session, by, number("since"));
            case "leaves" -> new Event.Leaves(room, nick, session);
            case "renames" -> now == null ? null : new Event.Renames(room, nick, now, session);
            case "says" -> new Event.Says(room, nick, text("text"), number("at"), by, number("n"));
            default -> null;
        };
    }

    private String text(String name) {
        return values.getOrDefault(name, "");
    }

    private long number(String name) {
        return Long.parseLong(values.getOrDefault(name, "0"));
    }
}
