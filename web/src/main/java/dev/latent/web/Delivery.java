package dev.latent.web;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One walk through the members of a {@link Broadcast}, whose essay tells of it. What becomes of one connection is no other's business, nor the sender's. */
final class Delivery extends OwnedFuture<Void> {
    private static final int CHUNK = 64;

    private final Broadcast broadcast;
    private final Broadcast.@Nullable Member[] chunk = new Broadcast.@Nullable Member[CHUNK];
    private int reached = CHUNK;

    /** Of the members that are to be taken next. */
    private int cursor = Integer.MAX_VALUE;

    private final Batch batch;

    /** Its place in the queue of one socket after the other; never polled. */
    private @Nullable Send turn;

    Delivery(Broadcast broadcast) {
        this.broadcast = broadcast;
        this.batch = new Batch(broadcast);
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        batch.forget();
        broadcast.sendSlowAway();
        for (Broadcast.Member member = current(); member != null; member = current()) {
            if (member.isDue()) {
                if (!cx.spend()) {
                    return Poll.pending();
                }
                deliver(member, cx);
            }
            chunk[reached++] = null;
        }
        return cx.spend() ? Poll.done() : Poll.pending();
    }

    private Broadcast.@Nullable Member current() {
        if (reached == CHUNK || chunk[reached] == null) {
            cursor = broadcast.hearers.membersBelow(cursor, chunk);
            reached = 0;
        }
        return chunk[reached];
    }

    private void deliver(Broadcast.Member member, Context cx) {
        FramedSocket socket = member.socket;
        try {
            Send mine = turn == null ? turn = Send.debts(socket) : turn;
            if (socket.enterAlone(mine)) {
                try {
                    write(member, cx);
                } finally {
                    socket.leave(mine);
                }
            }
            if (member.hasBegunWhatIsGone()) {
                socket.keepShared();
            }
        } catch (IOException e) {
            socket.end(new Turns.Ended(WebSocketClosed.ABNORMAL, "the connection broke", e), true);
        } catch (Throwable t) { // no memory, in the middle of a frame perhaps
            socket.giveUp("a broadcast could not be written", t);
        }
    }

    private void write(Broadcast.Member member, Context cx) throws IOException {
        if (member.socket.hasDebts()) {
            batch.forget();
            if (member.socket.writeDebts(cx.scratch()) != Outgoing.Progress.DONE) {
                return;
            }
        }
        if (member.socket.ended() == null) { // nothing goes out behind a close frame
            batch.write(member, cx.scratch());
        }
    }

    @Override
    protected void dropOwned() {
        broadcast.sendSlowAway();
        for (Broadcast.Member member = current(); member != null; member = current()) {
            member.socket.mayBeDue();
            chunk[reached++] = null;
        }
    }

    @Override
    public String toString() {
        return "delivery of " + broadcast;
    }
}
