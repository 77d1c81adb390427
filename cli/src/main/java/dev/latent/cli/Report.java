package dev.latent.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a demo went.
 *
 * @param held connections open at the same time
 * @param served connections that joined, chatted, left and were told goodbye
 * @param said messages sent
 * @param received messages that arrived, each in every connection of its room
 * @param expected messages that had to
 * @param emptyKb the server's memory after a small crowd had come and gone
 * @param fullKb the same with all connections held
 * @param cpuSeconds the server's, while they chatted
 * @param stopped what kept more from coming, where that was the question; empty otherwise
 */
record Report(
        int connections,
        long held,
        long served,
        long said,
        long received,
        long expected,
        long errorCount,
        double seconds,
        double p50,
        double p99,
        double p999,
        double max,
        long emptyKb,
        long fullKb,
        double cpuSeconds,
        List<String> errors,
        String stopped) {
    /** Connections from which on a server's memory tells something of one of them. */
    static final int TELLING = 1_000;

    static Report of(
            int connections, String result, long emptyKb, long fullKb, double cpuSeconds, List<String> errors) {
        Map<String, Double> values = new HashMap<>();
        for (String word : result.split(" ")) {
            int at = word.indexOf('=');
            values.put(word.substring(0, at), Double.valueOf(word.substring(at + 1)));
        }
        return new Report(
                connections,
                values.getOrDefault("held", 0.0).longValue(),
                values.getOrDefault("served", 0.0).longValue(),
                values.getOrDefault("said", 0.0).longValue(),
                values.getOrDefault("received", 0.0).longValue(),
                values.getOrDefault("expected", 0.0).longValue(),
                values.getOrDefault("errors", 0.0).longValue(),
                values.getOrDefault("seconds", 0.0),
                values.getOrDefault("p50", 0.0),
                values.getOrDefault("p99", 0.0),
                values.getOrDefault("p999", 0.0),
                values.getOrDefault("max", 0.0),
                emptyKb,
                fullKb,
                cpuSeconds,
                errors,
                "");
    }

    /** {@return the same, of as many as there were until {@code what} kept more from coming} */
    Report stoppedBy(String what) {
        return new Report(
                (int) held,
                held,
                served,
                said,
                received,
                expected,
                errorCount,
                seconds,
                p50,
                p99,
                p999,
                max,
                emptyKb,
                fullKb,
                cpuSeconds,
                errors,
                what);
    }

    /** {@return of a server that was gone with {@code held} connections} */
    static Report gone(int held, String how) {
        return of(held, "held=" + held, 0, 0, 0, List.of()).stoppedBy(how);
    }

    boolean isPerfect() {
        return held == connections && served == connections && received == expected && errorCount == 0;
    }

    double perSecond() {
        return seconds > 0 ? received / seconds : 0;
    }

    double kbPerConnection() {
        return held > 0 ? (double) (fullKb - emptyKb) / held : 0;
    }

    String table() {
        String growth =
                fullKb > emptyKb && held >= TELLING ? "%.1f kB".formatted(kbPerConnection()) : "too little to tell";
        String memory = fullKb == 0
                ? "not measured on this system"
                : "%s   (server: %,d MB with them, %,d MB empty)".formatted(growth, fullKb / 1024, emptyKb / 1024);
        return """
            connections held       %,d of %,d   (served to the end: %,d)
            messages per second    %,.0f   (%,d said in rooms of 10, %,d of %,d arrived)
            latency                p50 %.2f ms   p99 %.2f ms   p99.9 %.2f ms   max %.2f ms
            server CPU             %.1f µs per message
            memory per connection  %s
            errors                 %,d
            """.formatted(
                        held,
                        connections,
                        served,
                        perSecond(),
                        said,
                        received,
                        expected,
                        p50,
                        p99,
                        p999,
                        max,
                        received > 0 ? cpuSeconds * 1e6 / received : 0,
                        memory,
                        errorCount);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"connections\":%d,\"held\":%d,\"served\":%d,\"said\":%d,\"received\":%d,\"expected\":%d,\"errors\":%d,"
                        + "\"seconds\":%.3f,\"messages_per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,"
                        + "\"max_ms\":%.3f,\"server_empty_kb\":%d,\"server_kb\":%d,\"kb_per_connection\":%.2f,"
                        + "\"server_cpu_seconds\":%.2f}%n",
                connections,
                held,
                served,
                said,
                received,
                expected,
                errorCount,
                seconds,
                perSecond(),
                p50,
                p99,
                p999,
                max,
                emptyKb,
                fullKb,
                kbPerConnection(),
                cpuSeconds);
    }
}
