import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What the JDK brings: a CompletableFuture, C#'s model, runs at once on a pool of the VM, and its cancel tells only who waits for it; a virtual thread runs at
 * once, and is asked to end by an interrupt.
 */
static final class Ticks {
    final AtomicInteger seen = new AtomicInteger();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile long endedAt;

    void end() {
        endedAt = System.nanoTime();
        ended.countDown();
    }
}

static void ticking(Ticks ticks) {
    try {
        for (int i = 0; i < 20; i++) {
            Thread.sleep(10);
            ticks.seen.incrementAndGet();
        }
    } catch (InterruptedException e) {
        // asked to end
    } finally {
        ticks.end();
    }
}

static void computing(Ticks ticks) {
    for (long end = System.nanoTime() + 200_000_000; System.nanoTime() < end; ) {
        Thread.onSpinWait();
    }
    ticks.end();
}

static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
        Thread.sleep(1);
    }
}

/** How one form of work is begun, and how it is cancelled; what holds it is the value. */
interface Form<H> {
    H begin(Runnable work);

    void cancel(H handle);
}

static <H> void tell(String name, Form<H> form, String cancelledBy, String runner) throws Exception {
    var ran = new AtomicBoolean();
    form.begin(() -> ran.set(true));
    Thread.sleep(50);
    boolean ranBefore = ran.get();

    var dropped = new Ticks();
    form.begin(() -> ticking(dropped)); // and nobody has its handle
    until(() -> dropped.seen.get() >= 5);
    int before = dropped.seen.get();
    System.gc();
    Thread.sleep(300);
    int after = dropped.seen.get() - before;

    var runs = new long[5]; // the middle one counts: the first runs code that has never run
    boolean stopped = true;
    for (int i = 0; i < runs.length; i++) {
        var cancelled = new Ticks();
        H handle = form.begin(() -> ticking(cancelled));
        until(() -> cancelled.seen.get() >= 5);
        long at = System.nanoTime();
        form.cancel(handle);
        stopped &= cancelled.ended.getCount() == 0;
        cancelled.ended.await();
        runs[i] = cancelled.seen.get() < 20 ? (cancelled.endedAt - at) / 1_000 : -1;
    }
    Arrays.sort(runs);
    long micros = runs[2];

    var busy = new Ticks();
    H computing = form.begin(() -> computing(busy));
    Thread.sleep(50);
    long asked = System.nanoTime();
    form.cancel(computing);
    busy.ended.await();
    long on = (busy.endedAt - asked) / 1_000_000;

    IO.println("""
            {"form": "%s", "version": "Java %s", "ranBeforeAwait": %b, "ticksAfterDrop": %d, "cancelledBy": "%s", "microsToStop": %d, \
            "stoppedOnReturn": %b, "computesOnMillis": %d, "runner": "%s", "startsRuntime": false}"""
            .formatted(name, Runtime.version().feature(), ranBefore, after, cancelledBy, micros, stopped, on, runner));
}

void main() throws Exception {
    tell("CompletableFuture", new Form<CompletableFuture<Void>>() {
        @Override
        public CompletableFuture<Void> begin(Runnable work) {
            return CompletableFuture.runAsync(work);
        }

        @Override
        public void cancel(CompletableFuture<Void> handle) {
            handle.cancel(true);
        }
    }, "cancel(), which the work never hears of", "a pool of the VM");
    tell("virtual thread", new Form<Thread>() {
        @Override
        public Thread begin(Runnable work) {
            return Thread.startVirtualThread(work);
        }

        @Override
        public void cancel(Thread handle) {
            handle.interrupt();
        }
    }, "interrupt(), an exception where it blocks next", "a scheduler of the VM, M:N");
}
