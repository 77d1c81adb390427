package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import java.time.Duration;
import java.util.Map;

/** A source that takes its time, and counts. */
final class FakeSource implements Source {
    private final String name;
    private final Duration deadline;
    private final Duration takes;
    private final Exception failure;

    int asked;
    int answered;
    int dropped;

    FakeSource(String name, Duration deadline, Duration takes) {
        this(name, deadline, takes, null);
    }

    FakeSource(String name, Duration deadline, Duration takes, Exception failure) {
        this.name = name;
        this.deadline = deadline;
        this.takes = takes;
        this.failure = failure;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String part() {
        return "part of " + name;
    }

    @Override
    public Duration deadline() {
        return deadline;
    }

    @Override
    public Future<Map<String, Object>> ask(Question question) {
        return async(() -> {
            asked++;
            boolean isAnswered = false;
            try {
                await(sleep(takes.plusMillis(question.slowMillis())));
                if (failure != null) {
                    throw failure;
                }
                isAnswered = true;
                return Map.<String, Object>of("of", question.product());
            } finally {
                if (isAnswered) {
                    answered++;
                } else {
                    dropped++;
                }
            }
        });
    }
}
