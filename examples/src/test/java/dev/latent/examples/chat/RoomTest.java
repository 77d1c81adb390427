package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.junit.TestTask;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Room room = new Room(name("lobby"), PATIENCE);

    private static Name name(String text) {
        return Objects.requireNonNull(Name.of(text));
    }

    private static Line line(int n) {
        return Protocol.said(name("Eve"), "line " + n, n);
    }

    private TestTask<Void> say(int n) {
        return TestTask.spawn(room.say(line(n)));
    }

    private TestTask<Line> read(Member member) {
        return TestTask.spawn(member.next());
    }

    /** Fills the ring. */
    private void sayAll() {
        for (int i = 0; i < Room.LINES; i++) {
            say(i).assertReady();
        }
    }

    /** Fills the ring for those who read nothing. */
    private void sayAllTo(Member reader) {
        for (int i = 0; i < Room.LINES; i++) {
            say(i).assertReady();
            read(reader).assertReady();
        }
    }

    @Test
    void aNameIsTakenOnce() {
        Member ada = room.enter(name("Ada"));
        assertNull(room.enter(name("Ada")));
        assertTrue(room.leave(ada));
        assertEquals(name("Ada"), room.enter(name("Ada")).nick());
    }

    @Test
    void everybodyReadsWhatIsSaidWhileTheyAreThere() {
        Member ada = room.enter(name("Ada"));
        say(1).assertReady();
        Member bob = room.enter(name("Bob"));
        TestTask<Line> waiting = read(bob);
        waiting.assertPending();
        say(2).assertReady();
        assertEquals(1, waiting.wakes());
        read(ada).assertReady();
        assertSame(read(ada).assertReady(), waiting.assertReady());
    }

    @Test
    void aFullRingMakesSpeakersWaitUntilTheSlowestHasRead() {
        Member ada = room.enter(name("Ada"));
        sayAll();
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        read(ada).assertReady();
        assertTrue(said.isWoken());
        said.assertReady();
        say(Room.LINES + 1).assertPending();
    }

    @Test
    void whoLeavesHoldsNobodyUp() {
        Member ada = room.enter(name("Ada"));
        Member bob = room.enter(name("Bob"));
        sayAllTo(ada);
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        room.leave(bob);
        assertTrue(said.isWoken());
        said.assertReady();
    }

    @Test
    void whoReadsNothingForTooLongIsGivenUp() {
        Member ada = room.enter(name("Ada"));
        Member bob = room.enter(name("Bob"));
        sayAllTo(ada);
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        TestTask<Void> givenUp = TestTask.spawn(bob.givenUp());
        givenUp.assertPending();
        said.advance(PATIENCE.minusNanos(1));
        assertFalse(said.isWoken());
        said.advance(Duration.ofNanos(1));
        assertTrue(said.isWoken());
        said.assertReady();
        assertEquals(List.of(name("Ada")), room.nicks(10));
        read(bob).assertPending();
        assertTrue(givenUp.isWoken());
        givenUp.assertReady();
        read(ada).assertReady();
    }

    @Test
    void aSpeakerThatIsDroppedSaysNothing() {
        Member ada = room.enter(name("Ada"));
        sayAll();
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        said.drop();
        for (int i = 0; i < Room.LINES; i++) {
            read(ada).assertReady();
        }
        read(ada).assertPending();
    }

    @Test
    void whoComesIsToldWhatWasSaidLastAndNothingOfItAgain() {
        Member ada = room.enter(name("Ada"));
        for (int i = 0; i < Room.HISTORY + 3; i++) {
            say(i).assertReady();
            read(ada).assertReady();
        }
        Member bob = room.enter(name("Bob"));
        assertEquals(Room.HISTORY, bob.history.size());
        assertEquals("line 3", bob.history.getFirst().text());
        assertEquals("line " + (Room.HISTORY + 2), bob.history.getLast().text());
        read(bob).assertPending();
    }

    @Test
    void aHistoryOfLongLinesIsShort() {
        Member ada = room.enter(name("Ada"));
        for (int i = 0; i < 10; i++) {
            TestTask.spawn(room.say(Protocol.said(name("Eve"), "x".repeat(Protocol.MAX_TEXT), i)))
                    .assertReady();
            read(ada).assertReady();
        }
        assertEquals(
                Room.HISTORY_CHARS / Protocol.MAX_TEXT,
                room.enter(name("Bob")).history.size());
    }

    @Test
    void aNewNameIsFreeOrOnesOwn() {
        Member ada = room.enter(name("Ada"));
        room.enter(name("Bob"));
        assertFalse(room.rename(ada, name("BOB")));
        assertTrue(room.rename(ada, name("ADA")));
        assertEquals("ADA", ada.nick().shown());
        assertTrue(room.rename(ada, name("Eve")));
        assertEquals(List.of(name("Bob"), name("Eve")), room.nicks(10));
        assertTrue(room.enter(name("Ada")) != null);
        room.leave(ada);
        assertFalse(room.rename(ada, name("Zoe")));
    }
}
