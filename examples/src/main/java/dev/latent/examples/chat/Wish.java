package dev.latent.examples.chat;

import org.jspecify.annotations.Nullable;

/** What a client asks for. */
sealed interface Wish {
    /**
     * To be in a room, under a name.
     *
     * @param by who it is, if they say so
     * @param seen the number of the last line that they have seen in it, of the log {@code log}; 0 for none
     */
    record Join(Name room, Name nick, @Nullable String by, String log, long seen) implements Wish {}

    /**
     * To tell the room.
     *
     * @param n counts the lines of who says it; 0 where they don't
     * @param after the last of those that they have heard
     */
    record Say(String text, long n, long after) implements Wish {}

    /** To be called something else. */
    record Rename(Name nick) implements Wish {}

    /** To know which rooms there are. */
    record Rooms() implements Wish {}

    /** To go. */
    record Leave() implements Wish {}

    /**
     * Something that this chat does not understand, or refuses.
     *
     * @param n of the line that it was; 0 for none
     */
    record Wrong(Trouble why, long n) implements Wish {
        Wrong(Trouble why) {
            this(why, 0);
        }
    }
}
