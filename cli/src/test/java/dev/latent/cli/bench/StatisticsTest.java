package dev.latent.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static List<@Nullable Double> values(@Nullable Double... values) {
        return Arrays.asList(values);
    }

    @Test
    void medians() {
        assertEquals(3, Statistics.median(values(9.0, 1.0, 3.0)).orElseThrow());
        assertEquals(2.5, Statistics.median(values(4.0, 1.0, 2.0, 3.0)).orElseThrow());
        assertEquals(2, Statistics.median(values(null, 2.0, null)).orElseThrow());
        assertTrue(Statistics.median(values()).isEmpty());
        assertTrue(Statistics.median(values((Double) null)).isEmpty());
    }

    @Test
    void spread() {
        assertEquals(1, Statistics.min(values(4.0, null, 1.0)).orElseThrow());
        assertEquals(4, Statistics.max(values(4.0, null, 1.0)).orElseThrow());
        assertTrue(Statistics.min(values((Double) null)).isEmpty());
    }

    /** Not the ratio of the medians, which here is 2. */
    @Test
    void ratiosAreOfTheSameRound() {
        assertEquals(
                4,
                Statistics.ratio(values(2.0, 8.0, 20.0), values(1.0, 2.0, 5.0)).orElseThrow());
        assertEquals(
                3,
                Statistics.ratio(values(6.0, 8.0, null, 9.0), values(2.0, null, 1.0, 3.0))
                        .orElseThrow());
        assertEquals(2, Statistics.ratio(values(1.0, 4.0), values(0.0, 2.0)).orElseThrow());
        assertEquals(2, Statistics.ratio(values(4.0), values(2.0, 1.0)).orElseThrow());
        assertTrue(Statistics.ratio(values(1.0), values(0.0)).isEmpty());
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        assertEquals("0", Numbers.shown(0));
        assertEquals("0.012", Numbers.shown(0.0123));
        assertEquals("0.785", Numbers.shown(0.7851));
        assertEquals("1.67", Numbers.shown(1.666));
        assertEquals("30.8", Numbers.shown(30.78));
        assertEquals("455", Numbers.shown(455.2));
        assertEquals("12,346", Numbers.shown(12345.6));
        assertEquals("4.65×", Numbers.ratio(4.651));
        assertEquals("12.0×", Numbers.ratio(12.02));
        assertEquals("≥ 3", Row.Aim.atLeast(3).toString());
        assertEquals("≤ 0.55", Row.Aim.atMost(0.55).toString());
    }

    @Test
    void theNearestName() {
        assertEquals(Optional.of("timers"), Names.nearest("timer", Benchmark.names()));
        assertEquals(Optional.of("websocket"), Names.nearest("WebSockets", Benchmark.names()));
        assertEquals(Optional.of("executor"), Names.nearest("excutor", Benchmark.names()));
        assertEquals(Optional.of("chain"), Names.nearest("chains", Benchmark.names()));
        assertEquals(Optional.empty(), Names.nearest("nosuch", Benchmark.names()));
    }
}
