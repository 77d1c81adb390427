package physics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Which frames are missed, with a clock that is told. */
class FrameTimesTest {
    private static final long P = FrameTimes.PERIOD;

    @Test
    void aFrameThatIsDoneInTimeIsNotMissed() {
        FrameTimes times = new FrameTimes(10);
        times.frame(0, 1_000_000, P);
        assertEquals(P, times.next(0, P));
        assertEquals(1, times.frames());
        assertEquals(0, times.missed());
        assertEquals(1.0, times.latePercentile(50));
    }

    /** Begun late and done after the next was due: that one is missed, and the next is made at once. */
    @Test
    void aSlowFrameIsMissedAndTheNextComesAtOnce() {
        FrameTimes times = new FrameTimes(10);
        times.frame(0, 0, P + 1);
        assertEquals(P, times.next(0, P + 1));
        assertEquals(1, times.frames());
        assertEquals(1, times.missed());
    }

    /** What was due while nothing ran had no turn: it counts as due and as missed. */
    @Test
    void framesWithoutATurnAreMissed() {
        FrameTimes times = new FrameTimes(10);
        times.frame(0, 0, 5 * P + P / 2);
        assertEquals(5 * P, times.next(0, 5 * P + P / 2));
        assertEquals(5, times.frames());
        assertEquals(5, times.missed());
        assertEquals(100, times.missedPercent());
        assertEquals(1, times.done().length);
        times.frame(5 * P, 5 * P, 5 * P + 1);
        assertArrayEquals(new int[] {1, 6}, times.numbers());
    }

    @Test
    void whatHasNoRoomIsCounted() {
        FrameTimes times = new FrameTimes(1);
        times.frame(0, 0, 1);
        times.frame(P, P, P + 1);
        assertEquals(2, times.frames());
        assertEquals(1, times.done().length);
        assertEquals(0, new FrameTimes(0).latePercentile(99));
        assertEquals(0, new FrameTimes(0).missedPercent());
    }

    @Test
    void aTerminalShowsTheSlowestOfEachStretch() {
        assertEquals("▁▄█", Told.bars(new double[] {0, P / 2e6, P / 1e6}));
        assertEquals("", Told.bars(new double[0]));
        double[] many = new double[600];
        many[599] = 100;
        assertEquals("▁".repeat(59) + "█", Told.bars(many));
    }
}
