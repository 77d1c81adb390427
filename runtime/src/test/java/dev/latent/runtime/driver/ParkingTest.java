package dev.latent.runtime.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.runtime.Rig;
import dev.latent.runtime.driver.nio.NioDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The hand-over to a parked thread. First every interleaving of a model that makes the steps of the real state word; then the
 * drivers, with real threads.
 */
@Timeout(60)
final class ParkingTest {
    /** What a notifier leaves, and when the parking thread looks for it. */
    private enum Content {
        /** Looked for after each park: work, a message, a deadline. */
        MESSAGE,
        /** Taken before the park and done after it: a release. */
        RELEASE
    }

    /** A thread, one atomic step at a time. */
    private interface Actor {
        boolean canStep();

        void step();
    }

    /** One run of one parking thread and some notifiers, by a given order of their steps. */
    private static final class Model {
        private final Parking parking = new Parking();
        private final List<Actor> actors = new ArrayList<>();
        private final int expected;
        private boolean permit;
        private int messages;
        private int releases;
        private int delivered;

        Model(List<Content> contents, boolean waitsWithReleases) {
            expected = contents.size();
            actors.add(new Parker(waitsWithReleases));
            contents.forEach(content -> actors.add(new Notifier(content)));
        }

        private final class Notifier implements Actor {
            private final Content content;
            private int at;

            Notifier(Content content) {
                this.content = content;
            }

            @Override
            public boolean canStep() {
                return at < 3;
            }

            @Override
            public void step() {
                switch (at++) {
                    case 0 -> {
                        if (content == Content.MESSAGE) {
                            messages++;
                        } else {
                            releases++;
                        }
                    }
                    case 1 -> at = parking.notice() ? 2 : 3;
                    default -> permit = true;
                }
            }
        }

        private final class Parker implements Actor {
            private final boolean waitsWithReleases;
            private int at;
            private int held;

            Parker(boolean waitsWithReleases) {
                this.waitsWithReleases = waitsWithReleases;
            }

            @Override
            public boolean canStep() {
                return at == 2 ? permit : delivered < expected;
            }

            @Override
            public void step() {
                switch (at++) {
                    case 0 -> {
                        held = releases;
                        releases = 0;
                    }
                    case 1 -> at = (held == 0 || waitsWithReleases) && parking.enter() ? 2 : 3;
                    case 2 -> permit = false;
                    case 3 -> {
                        parking.leave();
                        delivered += held;
                    }
                    default -> {
                        delivered += messages;
                        messages = 0;
                        at = 0;
                    }
                }
            }
        }

        /**
         * Runs to the end, taking at each choice the one given, and where none is given the first.
         *
         * @param choices extended by those taken
         * @param widths filled with how many there were each time
         * @return whether everything was delivered
         */
        boolean run(List<Integer> choices, List<Integer> widths) {
            for (int i = 0; ; i++) {
                List<Actor> ready = actors.stream().filter(Actor::canStep).toList();
                if (ready.isEmpty()) {
                    return delivered == expected;
                }
                assertTrue(i < 200, "a parking thread that never waits: " + choices);
                if (i == choices.size()) {
                    choices.add(0);
                }
                widths.add(ready.size());
                ready.get(choices.get(i)).step();
            }
        }
    }

    private record Explored(int runs, int stuck) {}

    /** Depth first; a parking thread that finds nothing spins only as often as there are notices, so there is an end. */
    private static Explored explore(List<Content> contents, boolean waitsWithReleases) {
        List<Integer> choices = new ArrayList<>();
        int runs = 0;
        int stuck = 0;
        while (true) {
            List<Integer> widths = new ArrayList<>();
            if (!new Model(contents, waitsWithReleases).run(choices, widths)) {
                stuck++;
            }
            runs++;
            int last = widths.size() - 1;
            while (last >= 0 && choices.get(last) + 1 == widths.get(last)) {
                last--;
            }
            if (last < 0) {
                return new Explored(runs, stuck);
            }
            choices = new ArrayList<>(choices.subList(0, last + 1));
            choices.set(last, choices.get(last) + 1);
        }
    }

    @Test
    void noInterleavingLosesANotice() {
        int runs = 0;
        for (Content first : Content.values()) {
            runs += holds(List.of(first));
            for (Content second : Content.values()) {
                runs += holds(List.of(first, second));
            }
        }
        assertTrue(runs > 1_000, "only " + runs + " interleavings");
    }

    private static int holds(List<Content> contents) {
        Explored explored = explore(contents, false);
        assertEquals(0, explored.stuck(), contents + ": " + explored);
        return explored.runs();
    }

    @Test
    void aParkThatWaitsWithReleasesInItsHandWouldBeFound() {
        assertTrue(explore(List.of(Content.RELEASE, Content.RELEASE), true).stuck() > 0);
        assertEquals(0, explore(List.of(Content.MESSAGE, Content.MESSAGE), true).stuck());
    }

    /** Two threads notify while a third goes in and out; each waits for its own before the next. */
    private static int hammer(Driver driver, int each, boolean releases) throws Exception {
        AtomicInteger posted = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger parks = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        Thread parker = Thread.ofPlatform().start(() -> {
            try {
                while (!stop.get()) {
                    driver.park(Long.MAX_VALUE);
                    parks.getAndIncrement();
                    seen.addAndGet(posted.getAndSet(0));
                }
            } catch (Throwable t) {
                failures.add(t);
            }
        });
        CountDownLatch ended = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            Thread.ofPlatform().start(() -> {
                for (int n = 0; n < each; n++) {
                    if (releases) {
                        CountDownLatch released = new CountDownLatch(1);
                        ((NioDriver) driver).whenReleased(released::countDown);
                        if (!await(released)) {
                            return;
                        }
                        seen.getAndIncrement();
                    } else {
                        posted.getAndIncrement();
                        driver.unpark();
                    }
                }
                ended.countDown();
            });
        }
        assertTrue(await(ended), () -> "stuck after " + seen + " of " + 2 * each);
        Rig.await(() -> seen.get() == 2 * each);
        stop.set(true);
        driver.unpark();
        parker.join();
        assertEquals(List.of(), failures);
        driver.close();
        return parks.get();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyNoticeEndsAPark() throws Exception {
        assertTrue(hammer(new ParkDriver(), 100_000, false) > 0);
        assertTrue(hammer(NioDriver.open(), 20_000, false) > 0);
    }

    @Test
    void everyReleaseIsRun() throws Exception {
        assertTrue(hammer(NioDriver.open(), 10_000, true) > 0);
    }
}
