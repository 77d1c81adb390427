package shop;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.junit.AsyncTest;
import dev.latent.junit.Awaited;
import dev.latent.junit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KettleTest {
    private JoinHandle<Void> light;

    @BeforeEach
    @Awaited
    Future<Void> switchOn() {
        return async(() -> {
            light = spawn(Futures.pending());
        });
    }

    @AfterEach
    @Awaited
    Future<Void> switchOff() {
        return light.cancel();
    }

    @AsyncTest(seeds = 10)
    Future<Void> boils(TestClock clock) {
        return async(() -> {
            assertEquals("1 l", await(new Kettle().boil(1)));
            assertEquals(Duration.ofMinutes(4), clock.elapsed());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    @Awaited
    Future<Void> boilsMore(int litres, TestClock clock) {
        return async(() -> {
            assertEquals(litres + " l", await(new Kettle().boil(litres)));
            assertEquals(Duration.ofMinutes(4).multipliedBy(litres), clock.elapsed());
        });
    }
}
