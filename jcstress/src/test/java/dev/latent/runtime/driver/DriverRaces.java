package dev.latent.runtime.driver;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link ParkDriver} and {@link LazyDriver}: a thread that really parks, beside who wants it back. What is not listed is forbidden. */
public final class DriverRaces {
    private DriverRaces() {}

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** {@return 1, or 0 where the notice never came} */
    private static int parked(Driver driver) {
        long start = System.nanoTime();
        try {
            driver.park(LIMIT_NANOS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return System.nanoTime() - start < LIMIT_NANOS ? 1 : 0;
    }

    @JCStressTest
    @Description("A park beside an unpark ends.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class ParkOrUnpark {
        final Driver driver = new ParkDriver();

        @Actor
        public void parks(I_Result r) {
            r.r1 = parked(driver);
        }

        @Actor
        public void unparks() {
            driver.unpark();
        }
    }

    @JCStressTest
    @Description(
            "A park beside the change to another driver, in which there is then a notice: it ends, and so does the next.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class ParkOrChange {
        final LazyDriver driver = new LazyDriver(new ParkDriver(), ParkDriver::new);

        @Actor
        public void parks(II_Result r) {
            r.r1 = parked(driver);
        }

        @Actor
        public void changes() {
            change(driver);
            driver.unpark();
        }

        @Arbiter
        public void after(II_Result r) {
            driver.unpark();
            r.r2 = parked(driver);
        }
    }

    @JCStressTest
    @Description("An unpark beside the change: the next park ends, whichever of the two drivers was notified.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class UnparkOrChange {
        final LazyDriver driver = new LazyDriver(new ParkDriver(), ParkDriver::new);

        @Actor
        public void unparks() {
            driver.unpark();
        }

        @Actor
        public void changes() {
            change(driver);
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = parked(driver);
        }
    }

    /** Opens what has no network in this place. */
    private static void change(LazyDriver driver) {
        try {
            driver.net();
        } catch (IllegalStateException noNetwork) {
            // it has changed
        }
    }
}
