package dev.latent.cli.advise;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 20ms}, {@code 1.5s}. */
public final class Durations {
    private static final String EXAMPLES = "write it like 20ms, 1.5s, 300us, 2m or 1h";
    private static final Map<String, Long> NANOS = Map.of(
            "us",
            1_000L,
            "µs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);
    private static final Pattern WRITTEN = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(us|µs|ms|s|m|h)");

    /** Far more than there is advice for, and far less than what a {@code long} of nanoseconds holds. */
    private static final BigDecimal MOST =
            BigDecimal.valueOf(Duration.ofDays(365).toNanos());

    private static final int SHOWN = 40;

    private Durations() {}

    /**
     * {@return what is written, nothing to a year}
     *
     * @throws IllegalArgumentException if that is no duration; its message says what one looks like
     */
    public static Duration parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(quoted(text) + " is no duration; " + EXAMPLES);
        }
        BigDecimal nanos =
                new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(NANOS.getOrDefault(matcher.group(2), 1L)));
        if (nanos.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(quoted(text) + " is more than a year; " + EXAMPLES);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /**
     * {@return what is written, at least a nanosecond}
     *
     * @throws IllegalArgumentException if that is no duration, or none at all
     */
    public static Duration parsePositive(String text) {
        Duration duration = parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException(quoted(text) + " is no time at all; " + EXAMPLES);
        }
        return duration;
    }

    private static String quoted(String text) {
        return '"' + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text) + '"';
    }
}
