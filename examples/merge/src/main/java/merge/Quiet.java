package merge;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the clients' libraries from logging what a page says anyway: that a database does not answer, that a connection was closed. */
final class Quiet {
    /** Held, or they would be collected and log again. */
    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger("io.lettuce"), Logger.getLogger("io.netty"), Logger.getLogger("io.vertx"));

    private Quiet() {}

    static void clients() {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }
}
