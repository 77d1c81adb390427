package dev.latent.runtime.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
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

        @Override
        public Clock clock() {
            throw new UnsupportedOperationException();
        }
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

    /** Over an exact clock: the order of deadlines, then of adding; alarms come and go, many near each other, others far. */
    @Test
    void theFirstDeadlineIsExactAndTheOrderKept() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long origin = random.nextLong(1L << 40);
            TimerWheel wheel = new TimerWheel(origin, 1);
            TreeMap<Long, Alarm> model = new TreeMap<>(); // by deadline, then by number
            List<Long> fired = new ArrayList<>();
            long now = origin;
            long number = 0;
            for (int step = 0; step < 300; step++) {
                long near = random.nextLong(1L << random.nextInt(1, 30));
                long width = 1L << random.nextInt(1, 20);
                for (int i = random.nextInt(step % 10 == 0 ? 300 : 4); i > 0; i--) {
                    Alarm alarm = new Alarm(NO_CLOCK, now + near + random.nextLong(width));
                    long key = (alarm.deadline - origin << 20) + number++;
                    alarm.waker = () -> fired.add(key);
                    if (wheel.add(alarm)) {
                        model.put(key, alarm);
                    } else {
                        assertTrue(alarm.deadline <= now);
                    }
                }
                for (int i = random.nextInt(10); i > 0 && !model.isEmpty(); i--) {
                    Long key = random.nextBoolean() ? model.firstKey() : model.floorKey(random.nextLong(1L << 50));
                    if (key != null) {
                        wheel.remove(model.remove(key));
                    }
                }
                long until = wheel.untilNext(now);
                long first =
                        model.isEmpty() ? Long.MAX_VALUE : model.firstEntry().getValue().deadline - now;
                assertEquals(first, until, "seed " + seed);
                now += until != Long.MAX_VALUE && random.nextInt(4) > 0 ? until : random.nextLong(1L << 20);
                fire(wheel, now);
                List<Long> due = new ArrayList<>();
                while (!model.isEmpty() && model.firstEntry().getValue().deadline <= now) {
                    due.add(model.pollFirstEntry().getKey());
                }
                assertEquals(due, fired, "seed " + seed);
                fired.clear();
                assertEquals(model.size(), wheel.size());
            }
        }
    }

    @Test
    void theFirstOfManyInOneSlotIsFoundWithoutLookingAtAllAgain() {
        int alarms = 100_000;
        TimerWheel wheel = new TimerWheel(0, 1);
        long hour = 3_600_000_000_000L;
        List<Alarm> all = new ArrayList<>();
        for (int i = 0; i < alarms; i++) {
            Alarm alarm = new Alarm(NO_CLOCK, hour + i * 1_000L);
            assertTrue(wheel.add(alarm));
            all.add(alarm);
        }
        Collections.shuffle(all.subList(alarms / 2, alarms), new Random(1));
        assertEquals(hour, wheel.untilNext(0));
        wheel.looks = 0;
        for (int i = 0; i < 1_000; i++) {
            assertEquals(hour, wheel.untilNext(0));
        }
        assertTrue(wheel.looks <= 1_000 * 65, wheel.looks + " looks in 1,000 questions");
        wheel.looks = 0;
        for (int i = 0; i < alarms / 2; i++) { // each a new first one
            assertEquals(all.get(i).deadline, wheel.untilNext(0));
            wheel.remove(all.get(i));
        }
        long most = alarms * 10L + alarms / 2 * 64L; // each moves once on each level, and a question looks at a few
        assertTrue(wheel.looks <= most, wheel.looks + " looks in " + alarms / 2 + " questions");
        int[] fired = new int[1];
        for (Alarm alarm : all) {
            alarm.waker = () -> fired[0]++;
        }
        fire(wheel, 2 * hour);
        assertEquals(alarms - alarms / 2, fired[0]);
    }

    @Test
    void manyOfOneDeadlineAreNotLookedAtForTheFirst() {
        TimerWheel wheel = new TimerWheel(0, 1);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(wheel.add(new Alarm(NO_CLOCK, 3_600_000_000_000L)));
        }
        assertEquals(3_600_000_000_000L, wheel.untilNext(0));
        wheel.looks = 0;
        assertEquals(3_600_000_000_000L, wheel.untilNext(0));
        assertEquals(0, wheel.looks);
    }
}
