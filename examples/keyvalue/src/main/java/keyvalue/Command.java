package keyvalue;

import java.util.Locale;

/** A line, understood. */
sealed interface Command {
    record Get(String key) implements Command {}

    record Set(String key, String text) implements Command {}

    record Delete(String key) implements Command {}

    record Increment(String key) implements Command {}

    record Expire(String key, long seconds) implements Command {}

    record TimeToLive(String key) implements Command {}

    record Subscribe(String topic) implements Command {}

    record Unsubscribe(String topic) implements Command {}

    record Publish(String topic, String text) implements Command {}

    record Ping() implements Command {}

    record Quit() implements Command {}

    /** Nothing that is known. */
    record Wrong(String why) implements Command {}

    /** A hundred years, so that no sum of times overflows. */
    long MAX_SECONDS = 100L * 366 * 24 * 60 * 60;

    static Command parse(String line) {
        String[] words = line.split(" ", 3); // a text may have spaces, at its ends too
        String name = words[0].toUpperCase(Locale.ROOT);
        int arguments = words.length - 1;
        if (arguments > 0 && words[1].isEmpty()) {
            return new Wrong("two spaces");
        }
        return switch (name) {
            case "GET" -> arguments == 1 ? new Get(words[1]) : new Wrong("GET key");
            case "SET" -> arguments == 2 ? new Set(words[1], words[2]) : new Wrong("SET key text");
            case "DEL" -> arguments == 1 ? new Delete(words[1]) : new Wrong("DEL key");
            case "INCR" -> arguments == 1 ? new Increment(words[1]) : new Wrong("INCR key");
            case "EXPIRE" -> arguments == 2 ? expire(words[1], words[2]) : new Wrong("EXPIRE key seconds");
            case "TTL" -> arguments == 1 ? new TimeToLive(words[1]) : new Wrong("TTL key");
            case "SUBSCRIBE" -> arguments == 1 ? new Subscribe(words[1]) : new Wrong("SUBSCRIBE topic");
            case "UNSUBSCRIBE" -> arguments == 1 ? new Unsubscribe(words[1]) : new Wrong("UNSUBSCRIBE topic");
            case "PUBLISH" -> arguments == 2 ? new Publish(words[1], words[2]) : new Wrong("PUBLISH topic text");
            case "PING" -> arguments == 0 ? new Ping() : new Wrong("PING");
            case "QUIT" -> arguments == 0 ? new Quit() : new Wrong("QUIT");
            default -> new Wrong("no such command");
        };
    }

    private static Command expire(String key, String seconds) {
        boolean isNumber = seconds.matches("\\d{1,10}") && Long.parseLong(seconds) <= MAX_SECONDS;
        return isNumber ? new Expire(key, Long.parseLong(seconds)) : new Wrong("seconds from 0 to " + MAX_SECONDS);
    }
}
