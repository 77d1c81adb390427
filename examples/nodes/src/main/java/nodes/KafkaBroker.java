package nodes;

import dev.latent.cli.TemporaryFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A Kafka of one broker in this process, on loopback, its log in a temporary folder. */
final class KafkaBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final TemporaryFolder folder;
    private final int port;
    private final Thread hook = new Thread(this::end);

    private KafkaBroker(KafkaRaftServer server, TemporaryFolder folder, int port) {
        this.server = server;
        this.folder = folder;
        this.port = port;
    }

    /**
     * {@return a broker that runs} It blocks.
     *
     * @param port 0 picks a free one
     */
    static KafkaBroker start(int port) throws IOException {
        TemporaryFolder folder = TemporaryFolder.of("latent-kafka");
        KafkaRaftServer server = null;
        try {
            int own = port == 0 ? freePort() : port;
            KafkaConfig config = KafkaConfig.fromProps(properties(folder, own, freePort()));
            format(folder);
            server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            KafkaBroker broker = new KafkaBroker(server, folder, own);
            Runtime.getRuntime().addShutdownHook(broker.hook);
            return broker;
        } catch (Exception e) {
            if (server != null) { // a part of it may run
                server.shutdown();
            }
            folder.close();
            throw new IOException("Kafka did not start: " + e.getMessage(), e);
        }
    }

    private static Properties properties(TemporaryFolder folder, int port, int controller) {
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", folder.path().resolve("log").toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("auto.create.topics.enable", "false")));
        return properties;
    }

    private static void format(TemporaryFolder folder) throws Exception {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.path().resolve("log").toString())
                    .addDirectory(folder.path().resolve("log").toString())
                    .run();
        }
    }

    /** Somebody else may take it before it is used; then the broker does not start, and says so. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    /** {@return where it is, {@code host:port}} */
    String address() {
        return "127.0.0.1:" + port;
    }

    private void end() {
        server.shutdown();
        server.awaitShutdown();
        TemporaryFolder.delete(folder.path());
    }

    /** Ends it, and its log with it; blocks for a second or two. */
    @Override
    public void close() {
        end();
        folder.close();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs already
        }
    }
}
