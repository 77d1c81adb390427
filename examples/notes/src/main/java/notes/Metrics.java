package notes;

import dev.latent.web.http.Middlewares;
import dev.latent.web.http.Request;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is asked, as Prometheus reads it. */
final class Metrics implements Middlewares.Observer {
    private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
    private final LongAdder nanos = new LongAdder();

    @Override
    public void ended(Request request, int status, Duration took) {
        byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
        nanos.add(took.toNanos());
    }

    long count(int status) {
        LongAdder count = byStatus.get(status);
        return count == null ? 0 : count.sum();
    }

    String text() {
        StringBuilder text = new StringBuilder("# TYPE notes_requests_total counter\n");
        byStatus.forEach((status, count) ->
                text.append("notes_requests_total{status=\"" + status + "\"} " + count.sum() + "\n"));
        text.append("# TYPE notes_seconds_total counter\n");
        text.append("notes_seconds_total " + nanos.sum() / 1e9 + "\n");
        return text.toString();
    }
}
