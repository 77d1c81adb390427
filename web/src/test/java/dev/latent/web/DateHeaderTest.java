package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.latent.web.internal.DateHeader;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Each second is said once, and none is said of another. */
class DateHeaderTest {
    @Test
    void saysEachSecondOnce() {
        DateHeader date = new DateHeader();
        Instant second = Instant.parse("2026-11-08T09:07:05Z");
        String said = date.at(second);
        assertEquals("Sun, 08 Nov 2026 09:07:05 GMT", said);
        assertSame(said, date.at(second.plusMillis(999)));
        assertEquals("Sun, 08 Nov 2026 09:07:06 GMT", date.at(second.plusMillis(1_000)));
        assertEquals(said, date.at(second)); // a clock may be put back
    }
}
