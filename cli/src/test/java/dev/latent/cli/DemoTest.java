package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.demo.DemoServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo, small. */
class DemoTest {
    /** More than come in the half second after which the memory is looked at. */
    private static final int MANY = 15_000;

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
        assertTrue(lost.table().contains("9 of 10 held, 90 of 100 arrived, 1 errors"), lost.table());
        Comparison reached = new Comparison(List.of(new Comparison.Entry(
                "Latent", report(result.formatted(7, 90, 1)).stoppedBy("512 MB of \"memory\""))));
        assertTrue(reached.isPerfect(), "how it does there is what is asked");
        assertTrue(
                reached.table().contains("512 MB of \"memory\"; 7 of 7 held, 90 of 100 arrived, 1 errors"),
                reached.table());
        assertTrue(reached.json().contains(",\"stopped_by\":\"512 MB of 'memory'\"}"), reached.json());
    }

    @Test
    void theComparisonSaysWhatKeptEachServerFromMore() throws Exception {
        Latent.Ended ended =
                Latent.run("demo", "--compare", "--connections", "20", "--seconds", "1", "--most", "60", "--json");
        assertEquals(0, ended.code(), ended.out() + ended.err());
        List<String> servers = List.of(ended.out().strip().split("(?=\\{\"server\")"));
        assertEquals(7, servers.size(), ended.out()); // and the bracket
        for (int i = 1; i < 7; i++) {
            int connections = i <= 3 ? 20 : 60;
            assertTrue(
                    servers.get(i)
                            .contains("\"connections\":%d,\"held\":%d,\"served\":%d,"
                                    .formatted(connections, connections, connections)),
                    servers.get(i));
            assertEquals(i > 3, servers.get(i).contains("\"stopped_by\":\"as many as were wanted\""), servers.get(i));
        }
    }

    @Test
    void memoryIsABoundThatIsTold() throws Exception {
        Limits limits = Limits.ofThisMachine();
        Bounds bounds = new Bounds(limits.most(MANY), 60, Duration.ofSeconds(60)); // an empty server has more
        Report report = new DemoRun(bounds.most().connections(), 1, bounds)
                .run("server", DemoServer.class, limits.addresses(MANY), List.of());
        assertEquals("60 MB of memory", report.stopped());
        assertTrue(report.held() < MANY, report.table());
        assertEquals(report.held(), report.served(), report.table());
        assertEquals(report.expected(), report.received(), report.table());
        assertTrue(report.isPerfect(), report.table());
    }

    /** A server that ends at its first connection. */
    public static final class Ending {
        private Ending() {}

        /** Says where it is, and waits. */
        public static void main(String[] args) throws Exception {
            try (var listener = new ServerSocket(0, 1, InetAddress.getByName(args[0]))) {
                System.out.println("port " + listener.getLocalPort());
                listener.accept();
                Runtime.getRuntime().halt(1);
            }
        }
    }

    @Test
    void aServerThatEndsIsTold() throws Exception {
        Limits limits = Limits.ofThisMachine();
        Bounds bounds = new Bounds(limits.most(MANY), 512, Duration.ofSeconds(60));
        Report report = new DemoRun(bounds.most().connections(), 1, bounds)
                .run("server", Ending.class, limits.addresses(1), List.of());
        assertEquals("the server's end", report.stopped());
        assertFalse(report.isPerfect() && report.held() > 0, report.table());
        assertTrue(new Comparison(List.of(new Comparison.Entry("server", report)))
                .table()
                .contains("the server's end"));
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
