package dev.latent.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The wheel against a plain list of deadlines. */
final class TimerWheelTest {
    private static final long TICK = 1L << 18;

    private static final WheelTimers NO_CLOCK = new WheelTimers() {
        @Override
        public Poll<Void> poll(Alarm sleep, Context cx) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void drop(Alarm sleep) {}
    };

    /** As its owners do, with little room. */
    private static void fire(TimerWheel wheel, long now) {
        Waker[] due = new Waker[3];
        int count;
        do {
            count = wheel.fire(now, due);
            for (int i = 0; i < count; i++) {
                due[i].wake();
            }
        } while (count == due.length);
    }

    @Test
    void firesEverySleepInTimeAndNoneEarly() {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long origin = random.nextLong();
            long spread = 1L << random.nextInt(19, 58);
            TimerWheel wheel = new TimerWheel(origin, TICK);
            List<Alarm> model = new ArrayList<>();
            Map<Alarm, Boolean> fired = new HashMap<>();
            long now = origin;
            for (int step = 0; step < 400; step++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    Alarm sleep = new Alarm(NO_CLOCK, now + random.nextLong(spread));
                    sleep.waker = () -> fired.put(sleep, true);
                    if (wheel.add(sleep)) {
                        model.add(sleep);
                    } else {
                        assertTrue(sleep.deadline - now <= 0);
                    }
                }
                if (!model.isEmpty() && random.nextInt(3) == 0) {
                    wheel.remove(model.remove(random.nextInt(model.size())));
                }
                long until = wheel.untilNext(now);
                assertEquals(model.isEmpty(), until == Long.MAX_VALUE);
                now += random.nextBoolean() && until != Long.MAX_VALUE ? until : random.nextLong(spread / 16);
                fire(wheel, now);
                for (Alarm sleep : List.copyOf(model)) {
                    boolean did = fired.containsKey(sleep);
                    if (sleep.deadline - now > 0) {
                        assertFalse(did, "early, seed " + seed);
                    } else if (now - sleep.deadline >= TICK) {
                        assertTrue(did, "late, seed " + seed);
                    }
                    if (did) {
                        assertFalse(TimerWheel.holds(sleep));
                        model.remove(sleep);
                    } else {
                        assertTrue(TimerWheel.holds(sleep));
                    }
                }
                assertEquals(model.size(), wheel.size());
            }
        }
    }

    @Test
    void theLongestSleepIsNotDueAtOnce() {
        TimerWheel wheel = new TimerWheel(-5, TICK);
        Alarm sleep = new Alarm(NO_CLOCK, 10 + Long.MAX_VALUE);
        sleep.waker = () -> {
            throw new AssertionError("early");
        };
        assertTrue(wheel.add(sleep));
        assertTrue(wheel.untilNext(10) > 1L << 50);
        fire(wheel, 1L << 60);
        assertTrue(TimerWheel.holds(sleep));
    }

    @Test
    void whatWasOverBeforeTheOriginIsDue() {
        for (long before : new long[] {0, 1, TICK, 3_600_000_000_000L, 1L << 62}) {
            assertFalse(new TimerWheel(5, TICK).add(new Alarm(NO_CLOCK, 5 - before)), () -> before + " ns before");
        }
    }

    @Test
    void walkingFromNextToNextFiresAll() {
        TimerWheel wheel = new TimerWheel(0, TICK);
        int[] fired = new int[1];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 1_000; i++) {
            Alarm sleep = new Alarm(NO_CLOCK, 1 + random.nextLong(1L << 20 + i % 42));
            sleep.waker = () -> fired[0]++;
            assertTrue(wheel.add(sleep));
        }
        long now = 0;
        int steps = 0;
        while (wheel.size() > 0) {
            long until = wheel.untilNext(now);
            assertTrue(until > 0 || steps == 0, "no progress");
            now += until;
            fire(wheel, now);
            steps++;
        }
        assertEquals(1_000, fired[0]);
        assertTrue(steps < 10_000, "took " + steps + " steps");
    }
}
