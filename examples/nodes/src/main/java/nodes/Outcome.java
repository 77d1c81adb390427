package nodes;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How a demonstration went. */
record Outcome(int nodes, String bus, int seconds, boolean killed, Crowd crowd) {
    boolean isPerfect() {
        return crowd.served == crowd.size()
                && crowd.shown == crowd.expected()
                && crowd.said == (long) crowd.size() * crowd.lines
                && crowd.errorCount == 0
                && crowd.errors.isEmpty()
                && (!killed || crowd.lost > 0 && crowd.back >= crowd.lost);
    }

    String table() {
        String kill = killed
                ? "%,d lost their node and %,d came back at another, after p50 %.0f ms, at most %.0f ms"
                        .formatted(crowd.lost, crowd.back, millis(crowd.away, 50), millis(crowd.away, 100))
                : "no node was killed";
        return """
                nodes                  %d   (bus: %s)
                connections            %,d   (served to the end: %,d)
                one node killed        %s
                lines said             %,d   (%,d of them again, after a loss)
                lines shown            %,d of %,d, each once and in order   (heard twice and passed over: %,d; told afterwards: %,d)
                latency                p50 %.1f ms   p99 %.1f ms   max %.1f ms, among those who lost nothing
                                       p50 %.1f ms   p99 %.1f ms   max %.1f ms, to or from those who lost their node
                refused, tried again   %s
                errors                 %,d
                """.formatted(
                        nodes,
                        bus,
                        crowd.size(),
                        crowd.served,
                        kill,
                        crowd.said,
                        crowd.saidAgain,
                        crowd.shown,
                        crowd.expected(),
                        crowd.heardTwice,
                        crowd.missed,
                        millis(crowd.undisturbed, 50),
                        millis(crowd.undisturbed, 99),
                        millis(crowd.undisturbed, 100),
                        millis(crowd.disturbed, 50),
                        millis(crowd.disturbed, 99),
                        millis(crowd.disturbed, 100),
                        crowd.troubles.isEmpty() ? "nothing" : crowd.troubles,
                        crowd.errorCount);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"nodes\":%d,\"bus\":\"%s\",\"seconds\":%d,\"connections\":%d,\"served\":%d,\"lost\":%d,\"back\":%d,"
                        + "\"said\":%d,\"said_again\":%d,\"shown\":%d,\"expected\":%d,\"heard_twice\":%d,\"told_afterwards\":%d,"
                        + "\"errors\":%d,\"back_p50_ms\":%.1f,\"back_max_ms\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,"
                        + "\"disturbed_p99_ms\":%.2f,\"disturbed_max_ms\":%.2f,\"perfect\":%b}%n",
                nodes,
                bus,
                seconds,
                crowd.size(),
                crowd.served,
                crowd.lost,
                crowd.back,
                crowd.said,
                crowd.saidAgain,
                crowd.shown,
                crowd.expected(),
                crowd.heardTwice,
                crowd.missed,
                crowd.errorCount,
                millis(crowd.away, 50),
                millis(crowd.away, 100),
                millis(crowd.undisturbed, 50),
                millis(crowd.undisturbed, 99),
                millis(crowd.undisturbed, 100),
                millis(crowd.disturbed, 99),
                millis(crowd.disturbed, 100),
                isPerfect());
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
