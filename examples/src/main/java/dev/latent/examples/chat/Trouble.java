package dev.latent.examples.chat;

/** Why a wish is not fulfilled: a word for programs, which the page has its own sentence for, and one for people who read the protocol. */
enum Trouble {
    NOT_TEXT("not-text", "a message is text"),
    NOT_UNDERSTOOD(
            "not-understood",
            "a message is one JSON object of strings, with \"join\" and \"nick\", or \"say\", \"nick\", \"rooms\" or \"leave\""),
    OUTSIDE("outside", "join a room first"),
    TAKEN("taken", "that name is taken"),
    BAD_NAME("bad-name", "rooms and people have names of 1 to " + Name.MAX + " visible characters"),
    BUS("bus", "the nodes of the chat cannot reach each other; it is not known whether that was done"),
    HISTORY("history", "what was said meanwhile cannot be read"),
    EMPTY("empty", "there is nothing to say in that"),
    TOO_LONG("too-long", "a line has at most " + Protocol.MAX_TEXT + " characters");

    final String code;
    final String why;

    Trouble(String code, String why) {
        this.code = code;
        this.why = why;
    }
}
