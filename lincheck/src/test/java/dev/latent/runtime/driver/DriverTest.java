package dev.latent.runtime.driver;

import dev.latent.Linearizable;
import dev.latent.io.Net;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * {@link Parking} and {@link LazyDriver}: a thread that parks until its messages have come, those who leave them and unpark, and the
 * change to another driver meanwhile. An order in which a notice is lost is found as a thread that is parked for ever.
 */
public class DriverTest extends Linearizable {
    private final LazyDriver driver = new LazyDriver(new Waits(), Waits::new);
    private final AtomicInteger messages = new AtomicInteger();

    public DriverTest() {
        super(Model.class);
    }

    /** As {@link ParkDriver}; but Lincheck has a parked thread come out for nothing, and this one waits until it is pulled out. */
    private static final class Waits implements Driver {
        private final Parking parking = new Parking();
        private volatile boolean permit;

        @Override
        public int park(long nanos) {
            if (parking.enter()) {
                while (!permit) {
                    Thread.yield();
                }
                permit = false;
            }
            parking.leave();
            return 0;
        }

        @Override
        public void unpark() {
            if (parking.notice()) {
                permit = true;
            }
        }

        @Override
        public long parks() {
            return parking.parks();
        }

        @Override
        public Net net() {
            throw new IllegalStateException("this driver has no network");
        }

        @Override
        public void close() {}
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("parks", 2)), thread(call("unparks")), thread(call("unparks"))),
                together(thread(call("parks", 2)), thread(call("unparks"), call("unparks"))),
                together(thread(call("parks", 1)), thread(call("unparks")), thread(call("changes"))),
                together(thread(call("parks", 2)), thread(call("unparks"), call("changes")), thread(call("unparks"))));
    }

    /** As an executor's thread does: looks, and parks when there is nothing. */
    @Operation
    public void parks(int expected) throws Exception {
        for (int taken = messages.getAndSet(0); taken < expected; taken += messages.getAndSet(0)) {
            driver.park(Long.MAX_VALUE);
        }
    }

    @Operation
    public void unparks() {
        messages.getAndIncrement();
        driver.unpark();
    }

    @Operation
    public void changes() {
        try {
            driver.net();
        } catch (IllegalStateException noNetwork) {
            // it has changed, to one that has none
        }
    }

    /** Nothing comes back from any of them. */
    public static class Model {
        public void parks(int expected) {}

        public void unparks() {}

        public void changes() {}
    }
}
