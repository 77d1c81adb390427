package nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demonstration, small: three processes, a real bus, and a kill -9. */
@Timeout(120)
class NodesDemoTest {
    private static Set<Path> temporary() throws Exception {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().matches("latent-(nodes|kafka|history).*"))
                    .collect(Collectors.toSet());
        }
    }

    /** Kafka is the demonstration's own, as it is without {@code --bus}. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "redis", "nats"})
    void aNodeIsKilledAndNobodyMissesAnything(String kind) throws Exception {
        Set<Path> before = temporary();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        int code;
        try (var server = kind.equals("kafka") ? null : Servers.start(kind)) {
            code = run(server == null ? kind : server.url(), told);
        }
        String json = told.toString(StandardCharsets.UTF_8);
        System.out.println(json);
        assertEquals(0, code, json);
        assertTrue(json.contains("\"lost\":20,"), json);
        assertTrue(json.contains("\"perfect\":true"), json);
        assertEquals(before, temporary(), "nothing is left behind");
    }

    private static int run(String bus, ByteArrayOutputStream told) throws Exception {
        PrintStream out = System.out;
        System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            return new NodesDemo().run(3, 60, 6, bus, true);
        } finally {
            System.setOut(out);
        }
    }
}
