package dev.latent.examples.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.junit.TestTask;
import dev.latent.web.PreparedMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Room room = new Room("lobby", PATIENCE);

    private static PreparedMessage line(int n) {
        return PreparedMessage.text("line " + n);
    }

    private TestTask<Void> say(int n) {
        return TestTask.spawn(room.say(line(n)));
    }

    private TestTask<PreparedMessage> read(Member member) {
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
        Member ada = room.enter("Ada");
        assertNull(room.enter("Ada"));
        assertTrue(room.leave(ada));
        assertEquals("Ada", room.enter("Ada").nick);
    }

    @Test
    void everybodyReadsWhatIsSaidWhileTheyAreThere() {
        Member ada = room.enter("Ada");
        say(1).assertReady();
        Member bob = room.enter("Bob");
        TestTask<PreparedMessage> waiting = read(bob);
        waiting.assertPending();
        say(2).assertReady();
        assertEquals(1, waiting.wakes());
        read(ada).assertReady();
        assertSame(read(ada).assertReady(), waiting.assertReady());
    }

    @Test
    void aFullRingMakesSpeakersWaitUntilTheSlowestHasRead() {
        Member ada = room.enter("Ada");
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
        Member ada = room.enter("Ada");
        Member bob = room.enter("Bob");
        sayAllTo(ada);
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        room.leave(bob);
        assertTrue(said.isWoken());
        said.assertReady();
    }

    @Test
    void whoReadsNothingForTooLongIsGivenUp() {
        Member ada = room.enter("Ada");
        Member bob = room.enter("Bob");
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
        assertEquals(List.of("Ada"), room.nicks(10));
        read(bob).assertPending();
        assertTrue(givenUp.isWoken());
        givenUp.assertReady();
        read(ada).assertReady();
    }

    @Test
    void aSpeakerThatIsDroppedSaysNothing() {
        Member ada = room.enter("Ada");
        sayAll();
        TestTask<Void> said = say(Room.LINES);
        said.assertPending();
        said.drop();
        for (int i = 0; i < Room.LINES; i++) {
            read(ada).assertReady();
        }
        read(ada).assertPending();
    }
}
