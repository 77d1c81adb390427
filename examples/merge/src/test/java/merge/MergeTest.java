package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Timed;
import dev.latent.junit.AsyncTest;
import dev.latent.world.Clock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** With sources that take as long as a test wants, in virtual time. */
class MergeTest {
    private static FakeSource takes(String name, int deadline, int takes) {
        return new FakeSource(name, ofMillis(deadline), ofMillis(takes));
    }

    @AsyncTest
    Future<Void> allAreAskedAtOnce() {
        return async(() -> {
            var sources = List.of(
                    takes("a", 100, 50),
                    takes("b", 100, 60),
                    takes("c", 100, 70),
                    takes("d", 100, 80),
                    takes("e", 100, 90));
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            Page page = await(new Merge(sources).page(7));
            assertEquals(ofMillis(90).toNanos(), clock.nanoTime() - begun); // the slowest, not the sum
            assertTrue(page.isComplete());
            assertEquals(List.of(), page.missing());
            assertEquals(Map.of("of", 7L), page.parts().get("part of c"));
            assertEquals(70.0, page.millis().get("c"));
        });
    }

    @AsyncTest
    Future<Void> eachHasItsOwnDeadline() {
        return async(() -> {
            var soon = takes("soon", 10, 1_000);
            var later = takes("later", 300, 1_000);
            var inTime = takes("in time", 1_000, 400);
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            Page page = await(new Merge(List.of(soon, later, inTime)).page(7));
            assertEquals(ofMillis(400).toNanos(), clock.nanoTime() - begun);
            assertFalse(page.isComplete());
            assertEquals(Set.of("part of in time"), page.parts().keySet());
            assertEquals(
                    List.of(
                            new Page.Missing("soon", "part of soon", "no answer within 10 ms"),
                            new Page.Missing("later", "part of later", "no answer within 300 ms")),
                    page.missing());
            assertEquals(Map.of("soon", 10.0, "later", 300.0, "in time", 400.0), page.millis());
            assertEquals(1, soon.dropped);
            assertEquals(1, later.dropped);
        });
    }

    @AsyncTest
    Future<Void> whatFailsIsMissingAndTheOthersAreNot() {
        return async(() -> {
            var fails = new FakeSource("fails", ofMillis(100), ofMillis(5), new IOException("refused\nat length"));
            var works = takes("works", 100, 20);
            Page page = await(new Merge(List.of(fails, works)).page(7));
            assertEquals(List.of(new Page.Missing("fails", "part of fails", "refused")), page.missing());
            assertEquals(1, works.answered);
        });
    }

    @AsyncTest
    Future<Void> whoGoesAwayTakesAllFiveAlong() {
        return async(() -> {
            var sources = List.of(
                    takes("a", 900, 500),
                    takes("b", 900, 500),
                    takes("c", 900, 500),
                    takes("d", 900, 500),
                    takes("e", 900, 20));
            assertInstanceOf(Timed.TooLate.class, await(withTimeout(ofMillis(100), new Merge(sources).page(7))));
            assertEquals(5, sources.stream().mapToInt(each -> each.asked).sum());
            assertEquals(1, sources.stream().mapToInt(each -> each.answered).sum());
            assertEquals(4, sources.stream().mapToInt(each -> each.dropped).sum());
        });
    }

    @AsyncTest
    Future<Void> aPageThatNobodyAsksForAsksNobody() {
        return async(() -> {
            var source = takes("a", 900, 500);
            new Merge(List.of(source)).page(7).drop();
            assertEquals(0, source.asked);
        });
    }
}
