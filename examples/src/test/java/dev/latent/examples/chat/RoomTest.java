package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.PreparedMessage;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HandClock clock = new HandClock();
    private final LocalExecutor loop = LocalExecutor.builder()
            .world(Latent.system().with(Clock.class, clock).with(Timers.class, clock))
            .build();
    private final Room room = new Room("lobby", PATIENCE);

    @AfterEach
    void close() {
        loop.close();
    }

    private static PreparedMessage line(int n) {
        return PreparedMessage.text("line " + n);
    }

    private CompletableFuture<Void> say(int n) {
        CompletableFuture<Void> said = loop.toCompletableFuture(room.say(line(n)));
        loop.runUntilStalled();
        return said;
    }

    private CompletableFuture<PreparedMessage> read(Member member) {
        CompletableFuture<PreparedMessage> line = loop.toCompletableFuture(member.next());
        loop.runUntilStalled();
        return line;
    }

    @Test
    void aNameIsTakenOnce() {
        Member ada = room.enter("Ada");
        assertNull(room.enter("Ada"));
        assertTrue(room.leave(ada));
        assertEquals("Ada", room.enter("Ada").nick);
    }

    @Test
    void everybodyReadsWhatIsSaidWhileTheyAreThere() {
        Member ada = room.enter("Ada");
        say(1);
        Member bob = room.enter("Bob");
        CompletableFuture<PreparedMessage> waiting = read(bob);
        assertFalse(waiting.isDone());
        say(2);
        assertTrue(read(ada).isDone());
        assertSame(read(ada).join(), waiting.join());
    }

    @Test
    void aFullRingMakesSpeakersWaitUntilTheSlowestHasRead() {
        Member ada = room.enter("Ada");
        for (int i = 0; i < Room.LINES; i++) {
            assertTrue(say(i).isDone());
        }
        CompletableFuture<Void> said = say(Room.LINES);
        assertFalse(said.isDone());
        read(ada);
        assertTrue(said.isDone());
        assertFalse(say(Room.LINES + 1).isDone());
    }

    @Test
    void whoLeavesHoldsNobodyUp() {
        Member ada = room.enter("Ada");
        Member bob = room.enter("Bob");
        for (int i = 0; i < Room.LINES; i++) {
            say(i);
            read(ada);
        }
        CompletableFuture<Void> said = say(Room.LINES);
        assertFalse(said.isDone());
        room.leave(bob);
        loop.runUntilStalled();
        assertTrue(said.isDone());
    }

    @Test
    void whoReadsNothingForTooLongIsGivenUp() {
        Member ada = room.enter("Ada");
        Member bob = room.enter("Bob");
        for (int i = 0; i < Room.LINES; i++) {
            say(i);
            read(ada);
        }
        CompletableFuture<Void> said = say(Room.LINES);
        CompletableFuture<Void> givenUp = loop.toCompletableFuture(bob.givenUp());
        clock.pass(PATIENCE.toNanos() - 1);
        loop.runUntilStalled();
        assertFalse(said.isDone());
        clock.pass(1);
        loop.runUntilStalled();
        assertTrue(said.isDone());
        assertEquals(List.of("Ada"), room.nicks(10));
        assertFalse(read(bob).isDone());
        assertTrue(givenUp.isDone());
        assertTrue(read(ada).isDone());
    }

    @Test
    void aSpeakerThatIsDroppedSaysNothing() {
        Member ada = room.enter("Ada");
        for (int i = 0; i < Room.LINES; i++) {
            say(i);
        }
        JoinHandle<Void> said = loop.spawn(room.say(line(Room.LINES)));
        loop.runUntilStalled();
        said.close();
        loop.runUntilStalled();
        for (int i = 0; i < Room.LINES; i++) {
            assertTrue(read(ada).isDone());
        }
        assertFalse(read(ada).isDone());
    }

    /** Stands until told. */
    private static final class HandClock implements Clock, Timers {
        private long now;
        private final List<Waker> waiting = new ArrayList<>();

        void pass(long nanos) {
            now += nanos;
            List<Waker> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(Waker::wake);
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public OwnedFuture<Void> sleepUntil(long deadline) {
            return new OwnedFuture<>() {
                @Override
                protected Poll<Void> pollOwned(Context cx) {
                    if (now >= deadline) {
                        return Poll.done();
                    }
                    waiting.add(cx.waker());
                    return Poll.pending();
                }

                @Override
                protected void dropOwned() {}
            };
        }
    }
}
