package dev.latent.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Context;
import dev.latent.Count;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Nowhere;
import dev.latent.Poll;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Of channels: those who wait beside those who send, leave and close. What is not listed is forbidden. */
public final class ChannelRaces {
    private ChannelRaces() {}

    /** A message whose content is plain. */
    static final class Letter {
        int text;
    }

    /** What the races have in common. */
    public abstract static class Channelled {
        final AtomicInteger lost = new AtomicInteger();
        final Channel<Letter> channel = Channel.bounded(1, _ -> lost.getAndIncrement());
        final Receiver<Letter> inbox = channel.receiver();

        static <T> Poll<T> poll(Future<T> future, Count waker) {
            Context cx = new Context(new Nowhere());
            cx.begin(waker);
            try {
                return future.poll(cx);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        static Letter letter(int text) {
            Letter letter = new Letter();
            letter.text = text;
            return letter;
        }

        final int received() {
            return inbox.tryReceive() instanceof Item<Letter>(Letter letter) ? letter.text : 0;
        }
    }

    @JCStressTest
    @Description("Who looks finds the message, or waits and is woken; and sees what was written before it was sent.")
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "found")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class SendOrWait extends Channelled {
        final Count waker = new Count();
        final Future<Next<Letter>> next = inbox.next();

        @Actor
        public void sends() {
            channel.trySend(letter(7));
        }

        @Actor
        public void receives(II_Result r) {
            if (poll(next, waker) instanceof Poll.Ready<Next<Letter>>(Item<Letter>(Letter letter))) {
                r.r1 = letter.text;
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("A receiver that is dropped beside the send passes the message on, and never keeps it.")
    @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "the other has it, told once")
    @State
    public static class SendOrDrop extends Channelled {
        final Count second = new Count();
        final Future<Next<Letter>> leaves = inbox.next();
        final Future<Next<Letter>> stays = inbox.next();

        public SendOrDrop() {
            poll(leaves, new Count());
            poll(stays, second);
        }

        @Actor
        public void sends() {
            channel.trySend(letter(7));
        }

        @Actor
        public void drops() {
            leaves.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = second.times();
            r.r2 = poll(stays, second) instanceof Poll.Ready<Next<Letter>>(Item<Letter>(Letter letter))
                    ? letter.text
                    : 0;
        }
    }

    @JCStressTest
    @Description("A sender that is dropped beside the receive passes its place on.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the other is told once, and has a place")
    @State
    public static class ReceiveOrDrop extends Channelled {
        final Count second = new Count();
        final Future<Void> leaves = channel.send(letter(2));
        final Future<Void> stays = channel.send(letter(3));

        public ReceiveOrDrop() {
            channel.trySend(letter(1));
            poll(leaves, new Count());
            poll(stays, second);
        }

        @Actor
        public void receives() {
            received();
        }

        @Actor
        public void drops() {
            leaves.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = second.times();
            r.r2 = poll(stays, second).isReady() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("A message that is sent as the last receiver closes is undelivered or still the sender's.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "sent, and undelivered")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not sent")
    @State
    public static class SendOrCloseReceiver extends Channelled {
        @Actor
        public void sends(II_Result r) {
            r.r1 = channel.trySend(letter(7)) == Sent.SENT ? 1 : 0;
        }

        @Actor
        public void closes() {
            inbox.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = lost.get();
        }
    }

    @JCStressTest
    @Description("Of a oneshot that is closed beside the send: the value is undelivered or the sender's.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "undelivered")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the sender's")
    @State
    public static class OneshotSendOrClose {
        final AtomicInteger lost = new AtomicInteger();
        final Oneshot<Letter> oneshot = Oneshot.create(_ -> lost.getAndIncrement());

        @Actor
        public void sends(II_Result r) {
            r.r1 = oneshot.send(Channelled.letter(7)) ? 1 : 0;
        }

        @Actor
        public void closes() {
            oneshot.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = lost.get();
        }
    }

    @JCStressTest
    @Description("Of a oneshot that is closed beside the receive: the value is received or undelivered.")
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "received")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "undelivered")
    @State
    public static class OneshotReceiveOrClose {
        final AtomicInteger lost = new AtomicInteger();
        final Oneshot<Letter> oneshot = Oneshot.create(_ -> lost.getAndIncrement());

        public OneshotReceiveOrClose() {
            oneshot.send(Channelled.letter(7));
        }

        @Actor
        public void receives(II_Result r) {
            if (oneshot.receiveNow(new Context(new Nowhere())) instanceof Letter letter) {
                r.r1 = letter.text;
            }
        }

        @Actor
        public void closes() {
            oneshot.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = lost.get();
        }
    }

    @JCStressTest
    @Description("Who waits for a oneshot is woken by the send, and sees what was written before.")
    @Outcome(id = "0, 7", expect = ACCEPTABLE, desc = "found")
    @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "woken, and found then")
    @State
    public static class OneshotWait {
        final Count waker = new Count();
        final Oneshot<Letter> oneshot = Oneshot.create();
        final Future<Letter> receive = oneshot.receive();

        @Actor
        public void sends() {
            oneshot.send(Channelled.letter(7));
        }

        @Actor
        public void receives(II_Result r) {
            if (Channelled.poll(receive, waker) instanceof Poll.Ready<Letter>(Letter letter)) {
                r.r2 = letter.text;
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = waker.times();
            if (r.r1 > 0 && Channelled.poll(receive, waker) instanceof Poll.Ready<Letter>(Letter letter)) {
                r.r2 = letter.text;
            }
        }
    }

    @JCStressTest
    @Description("Who waits for a watch to change sees the new value, or waits and is woken.")
    @Outcome(id = "0, 7", expect = ACCEPTABLE, desc = "seen")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "woken")
    @State
    public static class WatchChange {
        final Count waker = new Count();
        final Watch<Letter> watch = Watch.of(Channelled.letter(0));
        final Future<Letter> until = watch.until(letter -> letter.text > 0);

        @Actor
        public void sets() {
            watch.set(Channelled.letter(7));
        }

        @Actor
        public void looks(II_Result r) {
            if (Channelled.poll(until, waker) instanceof Poll.Ready<Letter>(Letter letter)) {
                r.r2 = letter.text;
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = waker.times();
        }
    }

    @JCStressTest
    @Description("The close of a subscription to a watch ends who waits by it.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "ended")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "woken")
    @State
    public static class ChangesClose {
        final Count waker = new Count();
        final Watch<Letter> watch = Watch.of(Channelled.letter(0));
        final dev.latent.Source<Letter> changes = watch.changes();
        final Future<Next<Letter>> next;

        public ChangesClose() {
            Channelled.poll(changes.next(), waker);
            next = changes.next();
        }

        @Actor
        public void closes() {
            changes.close();
        }

        @Actor
        public void looks(II_Result r) {
            r.r2 = Channelled.poll(next, waker).isReady() ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = waker.times();
        }
    }

    @JCStressTest
    @Description("Who gets a counted sender beside the close of the last one has one that can send.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "too late")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "in time")
    @State
    public static class UpgradeOrClose extends Channelled {
        final Sender<Letter> last = channel.newSender();
        final WeakSender<Letter> weak = channel.weak();

        @Actor
        public void closes() {
            last.close();
        }

        @Actor
        public void upgrades(II_Result r) {
            weak.upgrade().ifPresent(sender -> {
                r.r1 = 1;
                r.r2 = sender.trySend(letter(1)) == Sent.SENT ? 1 : 0;
            });
        }
    }
}
