package dev.latent.examples.chat;

import dev.latent.web.PreparedMessage;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
 *  server  {"welcome":"lobby","nick":"Ada","size":2,"members":["Ada","Bob"],"history":[{"nick":"Bob","say":"hi","at":1767225600000000,"seq":17}]}
 *          {"joined":"Bob"}   {"left":"Bob"}   {"renamed":"Bob","nick":"Bobby"}
 *          {"nick":"Bob","say":"hello","at":1767225600000001,"seq":18}
 *          {"rooms":[{"room":"lobby","size":2}]}
 *          {"error":"taken","why":"that name is taken"}
 *          {"bus":"down"}   {"bus":"up"}   {"nodes":["10.0.0.7:8080"]}
 * </pre>
 *
 * <p>{@code at} is in microseconds since 1970. {@code seq} numbers the lines of a room, the later the higher, the same at every node.
 *
 * <p><b>To miss nothing.</b> A client makes up a secret and tells it as it joins; it learns what others see of it, and the name of the log that the numbers are of. When its connection is lost it comes
 * again, to whatever node, with the last number that it has seen, takes its name over from itself, and is first told what it has missed, as far as that was kept: what was not is a {@code gap}.
 *
 * <pre>
 *  client  {"join":"lobby","nick":"Ada","me":"a secret"}
 *  server  {"welcome":"lobby",…,"log":"memory","you":"k3Zq…"}
 *  client  {"join":"lobby","nick":"Ada","me":"a secret","log":"memory","seen":"18"}
 *  server  {"missed":[{"nick":"Bob","say":"still there?","at":1767225600000002,"seq":19}]}   {"welcome":…,"gap":true}
 * </pre>
 *
 * <p>{@code nodes} are the other nodes to come to, as far as they tell; a welcome has them too.
 *
 * <p><b>To say everything once.</b> Such a client numbers what it says: 1, 2, 3. It is said when the client hears it; it tells with each line the last of its own that it has heard. What it has not heard when it is back it says again, from the first of
 * those on, with the same numbers, and so it does when it is told that the bus did not take a line; so of one {@code by} and {@code n} whoever shows lines shows one, and may pass over every {@code n} that is not above the last that it has shown of that {@code by}.
 *
 * <pre>
 *  client  {"say":"here","n":"5","after":"4"}
 *  server  {"nick":"Ada","say":"here","at":1767225600000003,"seq":20,"by":"k3Zq…","n":5}   or   {"error":"bus","why":"…","n":5}
 * </pre>
 */
final class Protocol {
    /** Of a line, in UTF-16 units. */
    static final int MAX_TEXT = 4_000;

    /** Names in a welcome, rooms in a list. */
    private static final int MOST_LISTED = 100;

    /** Of what others see of a secret. */
    private static final int PUBLIC_BYTES = 9;

    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

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
            return say(text, number(wishes.get("n")), number(wishes.get("after")));
        }
        if (wishes.containsKey("join")) {
            return join(wishes);
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

    private static Wish join(Map<String, String> wishes) {
        Name room = Name.of(wishes.get("join"));
        Name nick = Name.of(wishes.get("nick"));
        if (room == null || nick == null) {
            return new Wish.Wrong(Trouble.BAD_NAME);
        }
        String secret = wishes.get("me");
        String by = secret == null ? null : publicOf(secret);
        return new Wish.Join(room, nick, by, wishes.getOrDefault("log", ""), number(wishes.get("seen")));
    }

    /** {@return what others may know of a secret} */
    static String publicOf(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, PUBLIC_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the number; 0 where it is none} */
    private static long number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    private static Wish say(String text, long n, long after) {
        if (text.length() > MAX_TEXT) {
            return new Wish.Wrong(Trouble.TOO_LONG, n);
        }
        boolean isEmpty = text.codePoints()
                .allMatch(c -> Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT);
        return isEmpty ? new Wish.Wrong(Trouble.EMPTY, n) : new Wish.Say(text, n, after);
    }

    /**
     * @param missing whether something was said since they were here last that is not kept
     * @param others where other nodes are
     */
    static PreparedMessage welcome(
            Member member, List<Said> history, String log, boolean missing, List<String> others) {
        return write(json -> {
            json.writeStringProperty("welcome", member.room.name.shown());
            json.writeStringProperty("nick", member.nick().shown());
            json.writeNumberProperty("size", member.room.size());
            json.writeArrayPropertyStart("members");
            for (Name nick : member.room.nicks(MOST_LISTED)) {
                json.writeString(nick.shown());
            }
            json.writeEndArray();
            write(json, "history", history);
            if (member.by != null) {
                json.writeStringProperty("log", log).writeStringProperty("you", member.by);
            }
            if (missing) {
                json.writeBooleanProperty("gap", true);
            }
            if (!others.isEmpty()) {
                nodes(json, others);
            }
        });
    }

    static PreparedMessage missed(List<Said> lines) {
        return write(json -> write(json, "missed", lines));
    }

    static PreparedMessage joined(Name nick) {
        return write(json -> json.writeStringProperty("joined", nick.shown()));
    }

    static PreparedMessage left(Name nick) {
        return write(json -> json.writeStringProperty("left", nick.shown()));
    }

    static PreparedMessage renamed(Name before, Name now) {
        return write(
                json -> json.writeStringProperty("renamed", before.shown()).writeStringProperty("nick", now.shown()));
    }

    static PreparedMessage said(Said said) {
        return PreparedMessage.text(saidText(said));
    }

    static String saidText(Said said) {
        return text(json -> write(json, said));
    }

    static PreparedMessage weather(boolean fair) {
        return write(json -> json.writeStringProperty("bus", fair ? "up" : "down"));
    }

    static PreparedMessage others(List<String> places) {
        return write(json -> nodes(json, places));
    }

    private static void nodes(JsonGenerator json, List<String> places) {
        json.writeArrayPropertyStart("nodes");
        places.forEach(json::writeString);
        json.writeEndArray();
    }

    static PreparedMessage rooms(Collection<Room> rooms) {
        return write(json -> {
            json.writeArrayPropertyStart("rooms");
            rooms.stream()
                    .map(room -> Map.entry(room.name.shown(), room.size()))
                    .filter(room -> room.getValue() > 0)
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
        return error(trouble, 0);
    }

    /** @param n of the line that it is about; 0 where it has none */
    static PreparedMessage error(Trouble trouble, long n) {
        return write(json -> {
            json.writeStringProperty("error", trouble.code).writeStringProperty("why", trouble.why);
            if (n != 0) {
                json.writeNumberProperty("n", n);
            }
        });
    }

    private static void write(JsonGenerator json, String name, List<Said> lines) {
        json.writeArrayPropertyStart(name);
        for (Said said : lines) {
            json.writeStartObject();
            write(json, said);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Said said) {
        json.writeStringProperty("nick", said.nick())
                .writeStringProperty("say", said.text())
                .writeNumberProperty("at", said.at())
                .writeNumberProperty("seq", said.number());
        if (said.by() != null && said.n() != 0) {
            json.writeStringProperty("by", said.by()).writeNumberProperty("n", said.n());
        }
    }

    private interface Properties {
        void writeTo(JsonGenerator json);
    }

    private static PreparedMessage write(Properties properties) {
        return PreparedMessage.text(text(properties));
    }

    private static String text(Properties properties) {
        StringWriter out = new StringWriter(96);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            properties.writeTo(json);
            json.writeEndObject();
        }
        return out.toString();
    }
}
