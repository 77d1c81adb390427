package merge;

import dev.latent.Future;
import java.time.Duration;
import java.util.Map;

/** One of those that are asked for a page: a database behind its pool, or in a test whatever a test likes. */
interface Source {
    String name();

    /** {@return what its part of a page is called} */
    String part();

    /** {@return how long a page waits for it} */
    Duration deadline();

    /** {@return a future of its part, empty where it knows nothing; dropped, nobody works on it any more} */
    Future<Map<String, Object>> ask(Question question);
}
