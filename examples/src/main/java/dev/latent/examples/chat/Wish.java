package dev.latent.examples.chat;

/** What a client asks for. */
sealed interface Wish {
    /** To be in a room, under a name. */
    record Join(String room, String nick) implements Wish {}

    /** To tell the room. */
    record Say(String text) implements Wish {}

    /** To go. */
    record Leave() implements Wish {}

    /** Something that this chat does not understand. */
    record Wrong(String why) implements Wish {}
}
