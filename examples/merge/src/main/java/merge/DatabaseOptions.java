package merge;

import dev.latent.cli.Range;
import dev.latent.cli.Secrets;
import io.lettuce.core.RedisURI;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say where databases are, and how much to ask of them. */
final class DatabaseOptions {
    private static final Pattern DEADLINE = Pattern.compile("(?:([a-z0-9]+)=)?(\\d{1,6})(ms|s)");
    private static final int MOST = 1_000;

    @Option(names = "--postgres", paramLabel = "URL", description = "postgresql://user:password@host:port/database")
    private @Nullable String postgres;

    @Option(
            names = "--mariadb",
            paramLabel = "URL",
            description = "mariadb://user:password@host:port/database; MySQL too")
    private @Nullable String mariadb;

    @Option(names = "--redis", paramLabel = "URL", description = "redis://host:port")
    private @Nullable String redis;

    @Option(names = "--sqlite", paramLabel = "FILE", description = "A file of SQLite.")
    private @Nullable String sqlite;

    @Option(names = "--h2", paramLabel = "URL", description = "jdbc:h2:…")
    private @Nullable String h2;

    @Option(
            names = "--deadline",
            paramLabel = "[NAME=]TIME",
            description =
                    "How long a page waits for a database, or for each: 500ms, redis=1s. Default: postgres=300ms, mariadb=300ms, redis=100ms, sqlite=200ms, h2=200ms.")
    private List<String> deadlines = List.of();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "" + Settings.CONNECTIONS,
            description = "To each database, at most. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--line",
            paramLabel = "N",
            defaultValue = "" + Settings.LINE,
            description =
                    "So many questions wait for a connection, at most, for each database. Default: ${DEFAULT-VALUE}.")
    private int line;

    /** Starts what is not given. */
    Databases start(CommandLine command) throws Exception {
        return Databases.start(settings(command));
    }

    private Settings settings(CommandLine command) {
        Range.check(command, "--connections", connections, 1, MOST);
        Range.check(command, "--line", line, 0, MOST * MOST);
        Map<Kind, String> urls = new EnumMap<>(Kind.class);
        put(command, urls, Kind.POSTGRES, postgres, PgConnectOptions::fromUri);
        put(command, urls, Kind.MARIADB, mariadb, MySQLConnectOptions::fromUri);
        put(command, urls, Kind.REDIS, redis, RedisURI::create);
        put(command, urls, Kind.SQLITE, sqlite == null ? null : "jdbc:sqlite:" + sqlite, _ -> {});
        put(command, urls, Kind.H2, h2, url -> {
            if (!url.startsWith("jdbc:h2:")) {
                throw new IllegalArgumentException("it begins with jdbc:h2:");
            }
        });
        Map<Kind, Duration> times = new EnumMap<>(Settings.of(urls).deadlines());
        for (String said : deadlines) {
            Matcher matcher = DEADLINE.matcher(said);
            if (!matcher.matches()) {
                throw new ParameterException(
                        command, "--deadline is a time like 300ms or 1s, or NAME=TIME, not " + said);
            }
            Duration time = matcher.group(3).equals("s")
                    ? Duration.ofSeconds(Integer.parseInt(matcher.group(2)))
                    : Duration.ofMillis(Integer.parseInt(matcher.group(2)));
            boolean isFor = false;
            for (Kind kind : Kind.values()) {
                if (matcher.group(1) == null || matcher.group(1).equals(kind.toString())) {
                    times.put(kind, time);
                    isFor = true;
                }
            }
            if (!isFor) {
                throw new ParameterException(
                        command,
                        "--deadline: there is no database " + matcher.group(1) + ", only " + List.of(Kind.values()));
            }
        }
        return new Settings(urls, times, connections, line);
    }

    private static void put(
            CommandLine command, Map<Kind, String> urls, Kind kind, @Nullable String url, Consumer<String> check) {
        if (url == null) {
            return;
        }
        try {
            check.accept(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, Secrets.hidden("--" + kind + " " + url + ": " + e.getMessage()));
        }
        urls.put(kind, url);
    }
}
