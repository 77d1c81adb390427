package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo, small. */
class DemoTest {
    @Test
    void everyConnectionIsServedAndEveryMessageArrives() throws Exception {
        Latent.Ended ended = Latent.run("demo", "--connections", "200", "--seconds", "2", "--json");
        assertTrue(
                ended.out()
                        .startsWith(
                                "{\"connections\":200,\"held\":200,\"served\":200,\"said\":4000,\"received\":40000,\"expected\":40000,\"errors\":0,"),
                ended.out() + ended.err());
        assertEquals(0, ended.code(), ended.err());
    }

    @Test
    void theTableHasALineForEach() throws Exception {
        Latent.Ended ended = Latent.run("demo", "--connections", "5", "--seconds", "1");
        assertEquals(0, ended.code(), ended.err());
        for (String label : new String[] {
            "connections held       5 of 5",
            "messages per second",
            "latency",
            "memory per connection",
            "errors                 0"
        }) {
            assertTrue(ended.out().contains(label), ended.out());
        }
    }

    @Test
    void aServerThatDidNotHoldAllIsToldInTheComparison() {
        String result =
                "held=%d served=10 said=10 received=%d expected=100 errors=%d seconds=1.0 p50=1 p99=1 p999=1 max=1";
        Comparison perfect = new Comparison(List.of(
                new Comparison.Entry("platform threads", report(result.formatted(10, 100, 0))),
                new Comparison.Entry("Latent", report(result.formatted(10, 100, 0)))));
        assertTrue(perfect.isPerfect());
        assertEquals(3, perfect.table().lines().count());
        assertTrue(perfect.json().startsWith("[{\"server\":\"platform threads\",\"report\":{\"connections\":10,"));
        Comparison lost =
                new Comparison(List.of(new Comparison.Entry("platform threads", report(result.formatted(9, 90, 1)))));
        assertFalse(lost.isPerfect());
        assertTrue(lost.table().contains("90 of 100 arrived, 1 errors"), lost.table());
    }

    @Test
    void whatIsMissingMakesItFail() {
        String result =
                "held=%d served=%d said=10 received=%d expected=100 errors=%d seconds=1.0 p50=1 p99=1 p999=1 max=1";
        assertTrue(report(result.formatted(10, 10, 100, 0)).isPerfect());
        assertTrue(!report(result.formatted(9, 10, 100, 0)).isPerfect());
        assertTrue(!report(result.formatted(10, 9, 100, 0)).isPerfect());
        assertTrue(!report(result.formatted(10, 10, 99, 0)).isPerfect());
        assertTrue(!report(result.formatted(10, 10, 100, 1)).isPerfect());
    }

    @Test
    void memoryThatDidNotGrowIsNotToldAsLessThanNone() {
        Report report = Report.of(10, "held=10 received=1", 87_000, 78_000, 0, List.of());
        assertTrue(report.table().contains("memory per connection  too little to tell   (server: "), report.table());
    }

    private static Report report(String result) {
        return Report.of(10, result, 0, 0, 0, List.of());
    }
}
