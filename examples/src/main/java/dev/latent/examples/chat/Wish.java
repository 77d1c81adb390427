package dev.latent.examples.chat;

/** What a client asks for. */
sealed interface Wish {
    /** To be in a room, under a name. */
    record Join(Name room, Name nick) implements Wish {}

    /** To tell the room. */
    record Say(String text) implements Wish {}

    /** To be called something else. */
    record Rename(Name nick) implements Wish {}

    /** To know which rooms there are. */
    record Rooms() implements Wish {}

    /** To go. */
    record Leave() implements Wish {}

    /** Something that this chat does not understand, or refuses. */
    record Wrong(Trouble why) implements Wish {}
}
