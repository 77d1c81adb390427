package dev.latent.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WorldTest {
    private interface Moon {}

    private interface Tide {}

    private static final Timers TIMERS = _ -> {
        throw new UnsupportedOperationException();
    };

    @Test
    void anyCapabilityMayBePutInAndReplaced() {
        Moon moon = new Moon() {};
        Tide tide = new Tide() {};
        Tide other = new Tide() {};
        RandomGenerator random = () -> 4;
        World first =
                World.empty().with(Moon.class, moon).with(Tide.class, tide).with(RandomGenerator.class, random);
        World second = first.with(Tide.class, other);
        assertSame(moon, second.capability(Moon.class));
        assertSame(other, second.capability(Tide.class));
        assertSame(tide, first.capability(Tide.class), "a world never changes");
        assertSame(random, second.random());
        assertSame(random, second.capability(RandomGenerator.class));
        assertNull(second.capability(BlockingPool.class));
        assertNull(World.empty().capability(Moon.class));
        assertSame(FailureHandler.logging(), World.empty().failures());
    }

    @Test
    void aWorldWithAnotherClockHasNoTimersOfTheOldOne() {
        VirtualClock clock = new VirtualClock();
        World world = World.empty().with(Timers.class, TIMERS).with(Clock.class, clock);
        assertNull(world.timers());
        assertSame(clock, world.clock());
        assertSame(TIMERS, world.with(Timers.class, TIMERS).capability(Timers.class));
    }

    @Test
    void aVirtualClockGoesWhereItIsTold() {
        VirtualClock clock = new VirtualClock(Instant.parse("2025-01-01T00:00:00Z"));
        clock.advance(Duration.ofSeconds(2));
        clock.advanceTo(5);
        assertEquals(2_000_000_000L, clock.nanoTime(), "never back");
        clock.skipTo(OptionalLong.of(3_000_000_000L));
        assertEquals(Instant.parse("2025-01-01T00:00:03Z"), clock.instant());
        assertThrows(IllegalStateException.class, () -> clock.skipTo(OptionalLong.empty()));
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofNanos(-1)));
    }
}
