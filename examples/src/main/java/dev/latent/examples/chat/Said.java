package dev.latent.examples.chat;

import org.jspecify.annotations.Nullable;

/**
 * Something that somebody said.
 *
 * @param number by the {@link Bus}: of two lines of a room the later one has the higher
 * @param room by its key
 * @param at microseconds since 1970, by the speaker's node
 * @param by tells one speaker from all others; null where they do not number their lines
 * @param n counts the lines of {@code by}: two lines with the same are one that was sent again
 */
public record Said(
        long number,
        String room,
        long at,
        String nick,
        String text,
        @Nullable String by,
        long n) {
    /** {@return what {@code says} is, as event number {@code number}} */
    public static Said of(long number, Event.Says says) {
        return new Said(number, says.room().key(), says.at(), says.nick().shown(), says.text(), says.by(), says.n());
    }
}
