package dev.latent.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.cli.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What wrk is told, and what is understood of what it says. */
class WrkTest {
    private static final String SAID = """
            Running 2s test @ http://127.0.0.1:7390/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   563.37us  205.53us   4.47ms   93.17%
                Req/Sec   113.97k     4.90k  120.04k    85.00%
              226843 requests in 2.01s, 28.12MB read
            %sRequests/sec: 113391.77
            Transfer/sec:     14.06MB
            """;

    private static Wrk.Ran ran(String errors) throws Failure {
        return Wrk.ran(SAID.replace("%s", errors).lines().toList());
    }

    private static void failsWith(String message, String errors) {
        assertEquals(message, assertThrows(Failure.class, () -> ran(errors)).getMessage());
    }

    @Test
    void itsFigures() throws Exception {
        assertEquals(new Wrk.Ran(226_843, 113_391.77), ran(""));
    }

    @Test
    void whatFailedIsNoFigure() {
        failsWith(
                "wrk saw failures: Socket errors: connect 0, read 3, write 0, timeout 0",
                "  Socket errors: connect 0, read 3, write 0, timeout 0\n");
        failsWith("wrk saw failures: Non-2xx or 3xx responses: 17", "  Non-2xx or 3xx responses: 17\n");
    }

    @Test
    void withoutFiguresItIsQuoted() {
        assertEquals(
                "wrk has no figures, but says: unable to connect to 127.0.0.1:7390 Connection refused",
                assertThrows(
                                Failure.class,
                                () -> Wrk.ran(List.of("unable to connect to 127.0.0.1:7390 Connection refused")))
                        .getMessage());
        assertThrows(
                Failure.class, () -> Wrk.ran(List.of("  0 requests in 2.00s, 0.00B read", "Requests/sec:   0.00")));
    }

    @Test
    void whatIsSentAheadIsToldToItsScript() {
        assertEquals(
                "wrk --threads 1 --connections 64 --duration 5s http://127.0.0.1:80/a",
                Plan.shown(Wrk.command(80, "/a", 5, 1)));
        assertEquals(
                "wrk --threads 1 --connections 64 --duration 5s --script bench/peers/wrk/ahead.lua http://127.0.0.1:80/a -- 16",
                Plan.shown(Wrk.command(80, "/a", 5, 16)));
    }
}
