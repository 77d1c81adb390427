package dev.latent.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same results as a table, as JSON and as a page. */
class ReportsTest {
    private static final Row BYTES = Row.lower("executor", "yield, allocated", "B each");
    private static final Row CALLS = Row.lower("executor", "calls", "calls").missing("strace is not installed");
    private static final Machine MACHINE =
            new Machine("A CPU", 2, 1024, "Linux 6", "A JDK 25", "2026-01-01T00:00:00Z", "abc", 1.5);

    private final Results results = new Results();
    private final List<Case> cases = List.of(new Case("executor", "yield", List.of(Fake.SPEED), List.of()));

    @BeforeEach
    void measured() {
        double[][] rounds = {{60, 20}, {62, 31}, {61, 20.5}};
        for (int round = 0; round < rounds.length; round++) {
            results.add(new Subject.Value(Fake.SPEED, "Latent", rounds[round][0]), round, List.of("java Latent"));
            results.add(new Subject.Value(Fake.SPEED, "tokio", rounds[round][1]), round, List.of("tokio </script>"));
        }
        results.add(new Subject.Value(BYTES, "Latent", 24, "all of it"), 0, List.of("java Latent"));
        results.rows.put(CALLS, java.util.Map.of());
        results.notes.add("cargo is missing");
    }

    @Test
    void theTable() {
        assertEquals("""
                executor                  Latent            tokio
                yield, million/s          61.0 (60.0–62.0)  20.5 (20.0–31.0)  2.98× ≥ 3 ✗
                yield, allocated, B each  24.0              –
                calls, calls              strace is not installed
                JVM flags: none

                A CPU, 2 cores, 1,024 MB, Linux 6, A JDK 25, commit abc, 2026-01-01T00:00:00Z
                Medians of the rounds (least–most); behind a peer Latent's value divided by its own, the median over the rounds;
                behind ≥ and ≤ what Latent aims at. Rounds: 3.
                The machine was busy when it began (load 1.5 on 2 cores): believe ratios more than values, and small differences not at all.
                cargo is missing
                """, Table.of(results, cases, MACHINE));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(JsonText.of(results, cases, MACHINE, true));
    }

    @Test
    void theJson() {
        JsonNode all = json();
        assertTrue(all.path("quick").asBoolean());
        assertEquals(3, all.path("rounds").asInt());
        for (String field : List.of("cpu", "cores", "memory_mb", "kernel", "jdk", "date", "commit", "load_average")) {
            assertTrue(all.path("environment").has(field), field);
        }
        assertEquals("none", all.path("jvm_flags").path("executor").asString());
        assertEquals("cargo is missing", all.path("notes").path(0).asString());
        assertTrue(all.path("failures").isArray());
        JsonNode row = all.path("rows").path(0);
        assertEquals("executor", row.path("benchmark").asString());
        assertEquals("yield", row.path("name").asString());
        assertEquals("million/s", row.path("unit").asString());
        assertEquals("higher", row.path("better").asString());
        JsonNode latent = row.path("systems").path(0);
        assertEquals("Latent", latent.path("name").asString());
        assertEquals("[60.0,62.0,61.0]", latent.path("values").toString());
        assertEquals(61, latent.path("median").asDouble());
        assertEquals(60, latent.path("min").asDouble());
        assertEquals(62, latent.path("max").asDouble());
        assertTrue(latent.path("ratio").isNull());
        assertEquals("java Latent", latent.path("commands").path(0).asString());
        JsonNode tokio = row.path("systems").path(1);
        assertEquals(61 / 20.5, tokio.path("ratio").asDouble(), 1e-9);
        assertEquals("≥ 3", tokio.path("aim").asString());
        assertFalse(tokio.path("reached").asBoolean(true));
        assertEquals("all of it", all.at("/rows/1/systems/0/detail").asString());
        assertEquals("strace is not installed", all.at("/rows/2/missing").asString());
    }

    private static final Pattern LOADS = Pattern.compile(
            "(?:src|href|action|data)\\s*=\\s*[\"']?\\s*(?:https?:|//)|url\\(\\s*[\"']?\\s*(?:https?:|//)|@import|<link[^>]+stylesheet"
                    + "|<script[^>]+src|fetch\\(|XMLHttpRequest|WebSocket\\(|importScripts|import\\s*\\(",
            Pattern.CASE_INSENSITIVE);

    @Test
    void thePageLoadsNothing() {
        String page = Page.of(Page.class, "Figures", JsonText.of(results, cases, MACHINE, true));
        Matcher loads = LOADS.matcher(page);
        assertFalse(loads.find(), () -> "loads something: " + loads.group());
        assertTrue(page.contains("var uPlot="), "uPlot is in it");
        assertTrue(page.contains("Permission is hereby granted"), "and its licence");
        assertFalse(page.contains("/*page-") || page.contains("/*uplot-") || page.contains("/*results*/"));
    }

    @Test
    void theResultsInThePageAreTheJson() {
        String page = Page.of(Page.class, "Figures", JsonText.of(results, cases, MACHINE, true));
        String open = "<script type=\"application/json\" id=\"results\">";
        int from = page.indexOf(open) + open.length();
        // As a browser reads it: to the first end of a script.
        String inside = page.substring(from, page.indexOf("</script>", from));
        assertEquals(json(), JsonMapper.shared().readTree(inside));
    }
}
