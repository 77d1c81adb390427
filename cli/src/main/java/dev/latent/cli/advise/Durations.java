package dev.latent.cli.advise;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 20ms}, {@code 1.5s}. */
public final class Durations {
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
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(us|µs|ms|s|m|h)");

    private Durations() {}

    /**
     * {@return what is written}
     *
     * @throws IllegalArgumentException if that is no duration; its message says what one looks like
     */
    public static Duration parse(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration; write it like 20ms, 1.5s, 300us or 2m");
        }
        BigDecimal nanos =
                new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(NANOS.getOrDefault(matcher.group(2), 1L)));
        return Duration.ofNanos(nanos.longValue());
    }
}
