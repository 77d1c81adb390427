package merge;

import java.time.Duration;
import java.util.Locale;

/** The five. */
enum Kind {
    POSTGRES("product", 300),
    MARIADB("stock", 300),
    REDIS("views", 100),
    SQLITE("reviews", 200),
    H2("delivery", 200);

    /** What its part of a page is called. */
    final String part;

    /** How long a page waits for it, where nobody says otherwise. */
    final Duration deadline;

    Kind(String part, int deadlineMillis) {
        this.part = part;
        this.deadline = Duration.ofMillis(deadlineMillis);
    }

    /** {@return what a person calls it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
