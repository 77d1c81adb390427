package dev.latent.cli.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.cli.bench.Numbers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How findings are read and told. */
class FindingsTest {
    @Test
    void aTraceIsCountedByTheLinesOfTheProgram() {
        List<String> said = Traces.lines(List.of(
                "Traceback (most recent call last):",
                "",
                "  File \"/x/failure.py\", line 5, in handle",
                "    return await load(\"order 7\")",
                "           ^^^^^^^^^^^^^^^^^^^^^",
                "  File \"/usr/lib/asyncio/base_events.py\", line 653, in run_until_complete",
                "  File \"/x/failure.py\", line 9, in load",
                "RuntimeError: no connection for order 7"));
        assertEquals(6, said.size());
        assertEquals(2, Traces.own(said, "failure.py"));
        assertEquals(2, Traces.named(said));
    }

    @Test
    void aTableStandsInColumns() {
        assertEquals(
                """
                what
                  name  ns
                  a     1
                  long  2.50
                """,
                Grid.of("what", "name", "ns").row("a", "1").row("long", "2.50").text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0       | 0
            0.01234 | 0.012
            1.2345  | 1.23
            12.345  | 12.3
            123.45  | 123
            12345.6 | 12,346
            """)
    void threeDigitsCount(double value, String shown) {
        assertEquals(shown, Numbers.shown(value));
    }
}
