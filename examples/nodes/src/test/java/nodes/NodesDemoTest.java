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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demonstration, small: three processes, a Kafka, and a kill -9. */
@Timeout(120)
class NodesDemoTest {
    private static Set<Path> temporary() throws Exception {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().matches("latent-(nodes|kafka|history).*"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aNodeIsKilledAndNobodyMissesAnything() throws Exception {
        Set<Path> before = temporary();
        PrintStream out = System.out;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        int code;
        System.setOut(new PrintStream(told, true, StandardCharsets.UTF_8));
        try {
            code = new NodesDemo().run(3, 60, 6, "kafka", true);
        } finally {
            System.setOut(out);
        }
        String json = told.toString(StandardCharsets.UTF_8);
        out.println(json);
        assertEquals(0, code, json);
        assertTrue(json.contains("\"lost\":20,"), json);
        assertTrue(json.contains("\"perfect\":true"), json);
        assertEquals(before, temporary(), "nothing is left behind");
    }
}
