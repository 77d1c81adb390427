package dev.latent.examples.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node tells all nodes, itself too, over the {@link Bus}: one JSON object of strings, where it has to be bytes. */
public sealed interface Event {
    /** A connection: which node's, and which of that node's. */
    record Session(String node, long id) {}

    /**
     * Somebody wants to be in a room; said again for who is there when a node has {@linkplain Hello come}.
     *
     * @param by who it is, if they say so: they may take a name over from themselves
     * @param since the number of the event by which they came; 0: this one
     */
    record Enters(
            Name room, Name nick, Session session, @Nullable String by, long since) implements Event {}

    /** Somebody goes. */
    record Leaves(Name room, Name nick, Session session) implements Event {}

    /** Somebody wants to be called something else. */
    record Renames(Name room, Name nick, Name now, Session session) implements Event {}

    /** Somebody says something. */
    record Says(
            Name room,
            Name nick,
            String text,
            long at,
            @Nullable String by,
            long n) implements Event {}

    /** A node has come, and does not know who is there. */
    record Hello(String node) implements Event {}

    /**
     * A node is there.
     *
     * @param at where people reach it, {@code host:port}; empty where that is not said
     */
    record Beat(String node, String at) implements Event {}

    /** A node was not heard of for too long: its people are not there any more. */
    record Gone(String node) implements Event {}

    /** Of this node only, never on the bus: whether the bus can be reached. */
    record Weather(boolean fair) implements Event {}

    /** Of this node only, never on the bus: where its people may go when it is gone. */
    record Others(List<String> places) implements Event {}

    /** {@return it as text} */
    default String encode() {
        return EventJson.write(this);
    }

    /** {@return what {@link #encode} made the text of; null where this version does not understand it} */
    static @Nullable Event decode(String text) {
        return EventJson.read(text);
    }
}
