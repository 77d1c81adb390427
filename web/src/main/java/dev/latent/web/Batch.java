package dev.latent.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a broadcast that a member is due, side by side in the scratch buffer of a poll, for one system call. The next member that is due the same, in the same
 * form, finds them there.
 */
final class Batch {
    private static final int MOST = 64;

    private final Broadcast broadcast;
    private final @Nullable PreparedMessage[] messages = new @Nullable PreparedMessage[MOST];
    private final byte[] @Nullable [] frames = new byte[MOST][];
    private int count;

    /** In the scratch buffer; of the last frame perhaps only the beginning. */
    private int bytes;

    /** Number of the first message, and of the one to come when this was collected. */
    private long from;

    private long end;

    /** Whose form the frames have. */
    private @Nullable Deflate deflate;

    /** Null: nothing in the scratch buffer is known to be ours. */
    private @Nullable ByteBuffer filled;

    Batch(Broadcast broadcast) {
        this.broadcast = broadcast;
    }

    /** The scratch buffer holds something else now. */
    void forget() {
        filled = null;
    }

    // ---- collecting, under the monitor of Hearers ------------------------------------------------------------------

    void start(long first, long next) {
        from = first;
        end = next;
        count = 0;
    }

    boolean hasRoom() {
        return count < MOST;
    }

    void add(PreparedMessage message) {
        messages[count++] = message;
    }

    // ---- writing, by who has the member's turn ----------------------------------------------------------------------

    /** Writes to {@code member} what it is due, as far as that goes by one system call. */
    Outgoing.Progress write(Broadcast.Member member, ByteBuffer scratch) throws IOException {
        Outgoing out = member.socket;
        if (!member.isDue()) {
            return Outgoing.Progress.DONE;
        }
        ByteBuffer ready = filled;
        if (ready != scratch
                || from != member.at
                || end != broadcast.hearers.end()
                || deflate != out.deflate
                || out.isMasked()) {
            filled = null;
            ready = fill(member, scratch);
        }
        if (count == 0) {
            return Outgoing.Progress.DONE;
        }
        int sent = out.stream().tryWrite(ready.position(0).limit(bytes));
        int begun = 0;
        int upTo = 0;
        while (upTo < sent) {
            upTo += frame(begun++).length;
        }
        if (upTo > sent) {
            byte[] last = frame(begun - 1);
            out.writeSharedLater(last, last.length - (upTo - sent));
        }
        broadcast.begun(member, from, begun);
        return sent < bytes
                ? Outgoing.Progress.FULL
                : upTo > sent || member.isDue() ? Outgoing.Progress.MORE : Outgoing.Progress.DONE;
    }

    private byte[] frame(int i) {
        return Objects.requireNonNull(frames[i]);
    }

    private ByteBuffer fill(Broadcast.Member member, ByteBuffer scratch) {
        Outgoing out = member.socket;
        broadcast.hearers.collect(member, this);
        scratch.clear();
        int i = 0;
        for (; i < count && scratch.hasRemaining(); i++) {
            byte[] frame = Objects.requireNonNull(messages[i]).frameFor(out);
            frames[i] = frame;
            scratch.put(frame, 0, Math.min(frame.length, scratch.remaining()));
        }
        count = i;
        bytes = scratch.position();
        deflate = out.deflate;
        filled = count == 0 || out.isMasked() ? null : scratch;
        return scratch;
    }
}
