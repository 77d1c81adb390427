package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Classes compiled without the plugin, woven by the command. */
class WeaveTest {
    @TempDir
    Path folder;

    private Path compile(String source) throws Exception {
        return compile("A.java", source);
    }

    private Path compile(String name, String source) throws Exception {
        Path file = Files.writeString(folder.resolve(name), source);
        Path classes = folder.resolve("classes");
        String core = Path.of(Async.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        Process javac = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                        "-proc:none",
                        "-g",
                        "-d",
                        classes.toString(),
                        "-cp",
                        core,
                        file.toString()))
                .inheritIO()
                .start();
        assertEquals(0, javac.waitFor());
        return classes;
    }

    @Test
    void inPlaceAndOnceOnly() throws Exception {
        Path classes = compile("""
                class A {
                    static dev.latent.Future<String> f() {
                        return dev.latent.Async.async(() -> "x");
                    }
                }
                """);
        Latent.Ended ended = Latent.run("weave", classes.toString());
        assertEquals("", ended.err());
        assertEquals("1 class: 1 woven, 1 frame" + System.lineSeparator(), ended.out());
        assertTrue(Files.exists(classes.resolve("A$async$f$0.class")));
        assertEquals(
                "{\"classes\":2,\"woven\":0,\"frames\":0,\"removed\":0,\"errors\":[],\"missing\":[]}",
                Latent.run("weave", "--json", classes.toString()).out().strip());
    }

    @Test
    void jsonWhateverTheFileIsCalled() throws Exception {
        String name = "odd\t\u0001\"name.java";
        Path classes = compile(name, """
                class A {
                    static String f(dev.latent.Future<String> f) throws Exception {
                        return dev.latent.Async.await(f);
                    }
                }
                """);
        String json = Latent.run("weave", "--json", classes.toString()).out();
        JsonNode error = JsonMapper.shared().readTree(json).at("/errors/0");
        assertEquals(name, error.path("file").asString());
        assertEquals(3, error.path("line").asInt());
    }

    @Test
    void errorsNameTheLine() throws Exception {
        Path classes = compile("""
                class A {
                    static String f(dev.latent.Future<String> f) throws Exception {
                        return dev.latent.Async.await(f);
                    }
                }
                """);
        Latent.Ended ended = Latent.run("weave", classes.toString());
        assertEquals(
                "A.java:3: error: [latent:await-outside-async] await works on the async body around it, and there is none here",
                ended.err().lines().findFirst().orElse(""));
        assertEquals(1, ended.code());
    }
}
