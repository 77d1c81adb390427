package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.cli.Secrets;
import dev.latent.cli.TemporaryFolder;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.History;
import dev.latent.examples.chat.NodeKit;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code ./latent chat} finds. */
public final class Kit implements NodeKit {
    private static final String BUSES = "kafka, kafka://host:port, nats://host:port or redis://host:port";

    /** A kit. */
    public Kit() {}

    @Override
    public Future<Bus> bus(String url) {
        if (url.equals("kafka")) {
            return KafkaBus.own();
        }
        URI place = place(url);
        return switch (place.getScheme()) {
            case "kafka" -> KafkaBus.open(place.getRawAuthority());
            case "nats" -> NatsBus.open(url);
            default -> RedisBus.open(url);
        };
    }

    /** {@return where the bus is} */
    static URI place(String url) {
        try {
            URI uri = URI.create(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            boolean isBus =
                    switch (scheme) {
                        case "kafka" -> uri.getPort() > 0 && uri.getRawUserInfo() == null;
                        case "nats", "redis" -> true;
                        default -> false;
                    };
            if (isBus && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("no bus: " + Secrets.hidden(url) + "; there are " + BUSES);
    }

    @Override
    public Future<History> history(@Nullable String where, String log) {
        if (where != null && where.isBlank()) {
            throw new IllegalArgumentException("no history: it is a file, or a jdbc: address");
        }
        if (where != null && where.startsWith("jdbc:")) {
            return JdbcHistory.open(where, log, null, Kit::tell);
        }
        return async(() -> {
            TemporaryFolder folder =
                    where == null ? await(spawnBlocking(() -> TemporaryFolder.of("latent-history"))) : null;
            Path file = folder == null
                    ? Path.of(where).toAbsolutePath()
                    : folder.path().resolve("history");
            return await(JdbcHistory.open(
                    "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0", log, folder, Kit::tell));
        });
    }

    private static void tell(String what) {
        System.err.println("latent chat: " + what);
    }
}
