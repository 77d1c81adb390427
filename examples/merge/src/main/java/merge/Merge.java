package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.withTimeout;

import dev.latent.Future;
import dev.latent.Timed;
import dev.latent.world.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Asks all sources at once, each with its own deadline, and makes a page of what comes in time. */
final class Merge {
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<? extends Source> sources;

    Merge(List<? extends Source> sources) {
        this.sources = List.copyOf(sources);
    }

    Future<Page> page(long product) {
        return page(product, _ -> 0);
    }

    /**
     * {@return a future of the page: never a failure, only less of it}
     *
     * <p><em>Cancel safety:</em> dropped, all questions are.
     *
     * @param slow so many milliseconds longer a source shall take
     */
    Future<Page> page(long product, ToIntFunction<Source> slow) {
        return async(() -> {
            var answers = await(join(sources.stream()
                    .map(source -> answer(source, new Question(product, slow.applyAsInt(source))))
                    .toList()));
            return Page.of(product, answers);
        });
    }

    private static Future<Page.Answer> answer(Source source, Question question) {
        return async(() -> {
            Clock clock = context().capability(Clock.class);
            long begun = clock.nanoTime();
            String why;
            try {
                if (await(withTimeout(source.deadline(), source.ask(question)))
                        instanceof Timed.InTime<Map<String, Object>>(var part)) {
                    return new Page.Answer.Here(source, (clock.nanoTime() - begun) / NANOS_PER_MILLI, part);
                }
                why = "no answer within " + source.deadline().toMillis() + " ms";
            } catch (Exception e) {
                why = String.valueOf(e.getMessage()).lines().findFirst().orElse("failed");
            }
            return new Page.Answer.NotHere(source, (clock.nanoTime() - begun) / NANOS_PER_MILLI, why);
        });
    }
}
