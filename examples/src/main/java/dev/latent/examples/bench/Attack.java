package dev.latent.examples.bench;

import java.time.Duration;

/**
 * What one client may do to a server, and what that may cost.
 *
 * <p>The server's part is said in its terms: it lets a client have 2 s for a head or a piece of a body, 2 s between two requests and 2 s to take 64 kB of an answer, 8 KiB for a head,
 * 64 KiB for a message, 1 MiB for a body, and all connections together 16 MiB for what is on its way.
 */
public enum Attack {
    /** Heads, a byte at a time. */
    SLOW_HEADS("a head, byte by byte", "closed when the head's 2 s are up", 2_000, 20),
    /** Bodies, a byte at a time. */
    SLOW_BODIES(
            "a body, byte by byte", "408 when it is slower than 512 bytes a second beyond its first wait", 2_000, 30),
    /** One frame, a byte at a time. */
    SLOW_FRAMES("a WebSocket frame, byte by byte", "read as it comes; held is what has come", 2_000, 20),
    /** Answers that are not taken in. */
    SLOW_READERS("an answer of 64 MB that is not read", "closed when 64 kB are not taken in 2 s", 500, 60),
    /** Nothing after one request. */
    IDLE("idle keep-alives", "closed after 2 s between two requests", 4_000, 20),
    /** Nothing at all. */
    SILENT("connections that say nothing", "closed after 2 s", 4_000, 20),
    /** Pings, as fast as they go. */
    PINGS("a flood of pings", "answered, the latest only when not read; a budget for each turn", 1, 4),
    /** Pongs, as fast as they go. */
    PONGS("a flood of pongs", "thrown away; a budget for each turn", 1, 4),
    /** Texts, as fast as they go, of which the echoes are read. */
    TEXTS("a flood of texts, echoes read", "echoed, one after the other; a budget for each turn", 1, 4),
    /** Texts, and nothing is read. */
    DEAF_TEXTS("texts, echoes never read", "not read on while an echo can't go out", 200, 20),
    /** Binary messages of one byte. */
    TINY("a flood of frames of one byte", "a message each; a budget for each turn", 1, 4),
    /** A message that never ends. */
    CONTINUATIONS("endless continuation", "refused with 1009 after 16,384 frames, or 64 KiB", 4, 4),
    /** Close frames, each on a connection of its own. */
    CLOSES("a flood of handshakes and closes", "answered, and closed", 8, 4),
    /** Compressed messages that become a thousand times longer. */
    BOMBS("deflate bombs", "unpacked up to 64 KiB, then refused with 1009", 8, 8),
    /** Heads of a megabyte. */
    GIANT_HEADS("giant heads", "431 after 8 KiB, and closed", 8, 4),
    /** Header fields without an end. */
    MANY_HEADERS("thousands of headers", "431 after 8 KiB, and closed", 8, 4),
    /** Requests sent ahead, and no answer is read. */
    PIPELINED(
            "requests sent ahead, answers not read",
            "16 KiB are read ahead; closed when 64 kB are not taken in 2 s",
            200,
            20),
    /** Chunks of one byte. */
    TINY_CHUNKS("bodies in chunks of one byte", "413 beyond 1 MiB; a budget for each turn", 4, 8),
    /** Requests whose end is in doubt. */
    SMUGGLED("smuggling pairs", "refused, and the connection closed behind the refusal", 8, 4),
    /** Ways out of the folder, and to what is hidden. */
    PATHS("path tricks", "400 or 404", 8, 4),
    /** Ten thousand WebSockets that are reset at the same time. */
    VANISHED("10,000 clients that vanish at once", "each handler is dropped", 10_000, 60),
    /** More connections than the process may have files open. */
    DESCRIPTORS(
            "file descriptors exhausted",
            "accepting waits until one comes free; who is connected is served",
            2_000,
            20),
    /** A handler that asks for more memory than there is. */
    NO_MEMORY("an OutOfMemoryError in a handler", "500 for that one, and reported", 1, 8),
    /** Subscribers that read nothing. */
    DEAF_SUBSCRIBERS("subscribers that never read", "held is one message for each", 500, 40);

    /** How long a client may take, by the server's settings. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String title;
    private final String answer;
    private final int peers;
    private final int megabytes;

    Attack(String title, String answer, int peers, int megabytes) {
        this.title = title;
        this.answer = answer;
        this.peers = peers;
        this.megabytes = megabytes;
    }

    /** {@return what it is} */
    public String title() {
        return title;
    }

    /** {@return what the server does about it} */
    public String answer() {
        return answer;
    }

    /** {@return how many connections it is made on at the same time} */
    public int peers() {
        return peers;
    }

    /** {@return what the server's live heap may grow by meanwhile} */
    public int megabytes() {
        return megabytes;
    }

    /** {@return files that the server's process may have open, where that is less than the system's own bound; 0 for that} */
    public int descriptors() {
        return this == DESCRIPTORS ? 500 : 0;
    }
}
