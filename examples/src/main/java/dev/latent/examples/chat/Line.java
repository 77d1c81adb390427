package dev.latent.examples.chat;

import dev.latent.web.PreparedMessage;
import org.jspecify.annotations.Nullable;

/** What a room is told, encoded once for all its members; {@code said}, if somebody said it, for those who come later. */
record Line(PreparedMessage message, @Nullable Said said) {
    /**
     * Something that somebody said.
     *
     * @param at microseconds since 1970; no two lines of a server have the same, so it also tells a line that was read already
     */
    record Said(long at, String nick, String text) {}
}
