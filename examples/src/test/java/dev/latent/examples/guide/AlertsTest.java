package dev.latent.examples.guide;

import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.End;
import dev.latent.Item;
import dev.latent.Timed;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The exercise of the guide's chapter on streams, and a solution. */
class AlertsTest {
    static AsyncStream<String> alerts(AsyncStream<String> lines) {
        return AsyncStream.generate(out -> {
            try (var errors = lines.filter(line -> line.contains("ERROR"))) {
                while (await(errors.next()) instanceof Item(var first)) {
                    int count = 1;
                    boolean ended = false;
                    while (await(withTimeout(ofMillis(100), errors.next())) instanceof Timed.InTime(var next)) {
                        if (next instanceof End) {
                            ended = true;
                            break;
                        }
                        count++;
                    }
                    await(out.emit(count + "× " + first));
                    if (ended) {
                        return;
                    }
                }
            }
        });
    }

    private record Line(long at, String text) {}

    private static AsyncStream<String> log(VirtualClock clock, Line... lines) {
        return AsyncStream.of(lines).mapAsync(line -> {
            await(sleep(ofMillis(line.at - clock.nanoTime() / 1_000_000)));
            return line.text;
        });
    }

    @Test
    void eachBurstIsOneAlert() throws Exception {
        var clock = new VirtualClock();
        var executor = LocalExecutor.builder()
                .world(Latent.system().with(Clock.class, clock))
                .idle(clock::skipTo)
                .build();
        var lines = log(
                clock,
                new Line(10, "ERROR disk"),
                new Line(60, "ERROR disk again"),
                new Line(70, "fine"),
                new Line(150, "ERROR and again"),
                new Line(400, "ERROR net"),
                new Line(600, "fine"),
                new Line(610, "ERROR last"),
                new Line(611, "ERROR of all"));
        var alerts = alerts(lines).map(alert -> alert + " at " + clock.nanoTime() / 1_000_000);
        assertEquals(
                List.of("3× ERROR disk at 250", "1× ERROR net at 500", "2× ERROR last at 611"),
                executor.blockOn(alerts.toList()));
    }
}
