package dev.latent.junit;

import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What a test is to have.
 *
 * @param seed 0: it is still to be chosen
 * @param timeout zero: none
 * @param realTimeout zero: none
 */
record Settings(TestTime clock, long seed, int seeds, Duration timeout, Duration realTimeout) {
    /** 146 years, which nothing is to overflow for. */
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private static final Pattern TIME = Pattern.compile("(\\d+) ?(ns|us|ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ns", ChronoUnit.NANOS,
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    /** Last, since it needs those above. */
    static final Settings DEFAULT =
            new Settings(TestTime.VIRTUAL, 0, 1, time(Awaited.TIMEOUT), time(Awaited.REAL_TIMEOUT));

    static Settings of(AnnotatedElement method) {
        return AnnotationSupport.findAnnotation(method, AsyncTest.class)
                .map(t -> new Settings(t.clock(), t.seed(), t.seeds(), time(t.timeout()), time(t.realTimeout())))
                .or(() -> AnnotationSupport.findAnnotation(method, Awaited.class)
                        .map(a -> new Settings(a.clock(), a.seed(), 1, time(a.timeout()), time(a.realTimeout()))))
                .orElse(DEFAULT);
    }

    /** {@return this with a seed, the one of the property if there is one, and then only that} */
    Settings chosen() {
        Long given = Long.getLong(SeedNote.PROPERTY);
        if (given != null) {
            return new Settings(clock, given, 1, timeout, realTimeout);
        }
        // Short, since somebody may have to type it.
        return seed != 0 ? this : withSeed(new SplittableRandom().nextLong(1, 1_000_000_000_000L));
    }

    Settings withSeed(long other) {
        return new Settings(clock, other, seeds, timeout, realTimeout);
    }

    static Duration time(String text) {
        Matcher parts = TIME.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time: a number and one of ns, us, ms, s, m, h, d, as in '30s'");
        }
        try {
            Duration time = Duration.of(Long.parseLong(parts.group(1)), UNITS.get(parts.group(2)));
            return time.compareTo(MOST) > 0 ? MOST : time;
        } catch (NumberFormatException | ArithmeticException more) {
            return MOST;
        }
    }
}
