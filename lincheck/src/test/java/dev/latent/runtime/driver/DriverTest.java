package dev.latent.runtime.driver;

import dev.latent.Linearizable;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * {@link LazyDriver} and {@link ParkDriver} in it: a thread that really parks until three messages have come, those who leave them and
 * unpark, and the change to another driver meanwhile. An order in which a notice is lost is found as a thread that is parked for ever.
 */
public class DriverTest extends Linearizable {
    private final LazyDriver driver = new LazyDriver(ParkDriver::new);
    private final AtomicInteger messages = new AtomicInteger();

    public DriverTest() {
        super(Model.class);
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
