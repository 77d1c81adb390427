package dev.latent.runtime.time;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Context;
import dev.latent.Count;
import dev.latent.Fixed;
import dev.latent.Nowhere;
import dev.latent.Waker;
import dev.latent.world.Alarm;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link TimerShard}: who sleeps, beside who fires. What is not listed is forbidden. */
public final class TimerShardRaces {
    private TimerShardRaces() {}

    private static final long SOON = 1_000;

    /** A shard and an alarm; to be told of a new first deadline is a notice. */
    public abstract static class Timed {
        final TimerShard shard = new TimerShard(Fixed.CLOCK, null, this::notice);
        final Alarm alarm = shard.sleepUntil(Fixed.CLOCK.nanoTime() + SOON);
        volatile int notices;

        private void notice() {
            notices++;
        }

        /** {@return 1 when it was due} */
        static int poll(Alarm alarm, Waker waker) {
            Context cx = new Context(new Nowhere());
            cx.begin(waker);
            try {
                return alarm.poll(cx).isReady() ? 1 : 0;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        final void fire() {
            shard.fire(Fixed.CLOCK.nanoTime() + 2 * SOON);
        }
    }

    @JCStressTest
    @Description("An alarm that comes while time goes on is due, or stands and will fire, once.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "was due")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "fired")
    @State
    public static class SleepOrFire extends Timed {
        final Count waker = new Count();

        @Actor
        public void sleeps(II_Result r) {
            r.r1 = poll(alarm, waker);
        }

        @Actor
        public void fires() {
            fire();
        }

        @Arbiter
        public void after(II_Result r) {
            fire();
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("An alarm that goes while time goes on fires or not, and is gone.")
    @Outcome(
            id = {"0, 1", "1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class DropOrFire extends Timed {
        final Count waker = new Count();

        public DropOrFire() {
            poll(alarm, waker);
        }

        @Actor
        public void drops() {
            alarm.drop();
        }

        @Actor
        public void fires() {
            fire();
        }

        @Arbiter
        public void after(II_Result r) {
            int before = waker.times();
            fire();
            r.r1 = waker.times();
            r.r2 = before == r.r1 && !shard.hasTimers() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("An alarm polled again under another waker as it fires: it is due, or that waker is woken.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "fired before")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "fires by its latest waker")
    @State
    public static class PollOrFire extends Timed {
        final Count before = new Count();
        final Count latest = new Count();

        public PollOrFire() {
            poll(alarm, before);
        }

        @Actor
        public void polls(III_Result r) {
            r.r1 = poll(alarm, latest);
        }

        @Actor
        public void fires() {
            fire();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = before.times();
            r.r3 = latest.times();
        }
    }

    @JCStressTest
    @Description("Two that fire: it fires once.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class FireOrFire extends Timed {
        final Count waker = new Count();

        public FireOrFire() {
            poll(alarm, waker);
        }

        @Actor
        public void fires() {
            fire();
        }

        @Actor
        public void firesToo() {
            fire();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = waker.times();
        }
    }

    @JCStressTest
    @Description("Who has seen the notice of a new first deadline sees the deadline.")
    @Outcome(
            id = {"0, 0", "0, 1", "1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class SleepOrLook extends Timed {
        @Actor
        public void sleeps() {
            poll(alarm, Waker.noop());
        }

        @Actor
        public void looks(II_Result r) {
            r.r1 = notices;
            r.r2 = shard.untilNext(Fixed.CLOCK.nanoTime()) <= SOON ? 1 : 0;
        }
    }
}
