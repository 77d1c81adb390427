package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.tool.Explain;
import dev.latent.compiler.tool.Main;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a diagnostic ends with opens its page, in a terminal, wherever the jar is. */
class ExplainTest {
    private static final int WIDE = 90;

    @ParameterizedTest
    @EnumSource
    void eachPageReadsWellInATerminal(Rule rule) throws Exception {
        String page = Explain.rule(rule.id());
        assertTrue(page.startsWith(rule.id() + "\n" + "=".repeat(rule.id().length()) + "\n\n"), page);
        assertTrue(page.contains("\nWhat to do\n----------\n\n"), page);
        for (String line : page.lines().toList()) {
            boolean code = line.startsWith("    ");
            assertTrue(code || line.length() <= WIDE, line);
            assertFalse(!code && (line.contains("](") || line.contains("**")) || line.contains("```"), line);
            assertFalse(line.startsWith("|") || line.startsWith("#"), line);
        }
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, err.strip());
    }

    private static Ended explain(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                Javac.weaver(),
                Main.class.getName(),
                "explain"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    @Test
    void theLastLineOfADiagnosticIsTheCommandForIt() throws Exception {
        String said =
                Build.woven().compile(Map.of("T", """
                        class T {
                            void m() throws Exception {
                                dev.latent.Async.await(null);
                            }
                        }
                        """)).diagnostics().getFirst().getMessage(Locale.ROOT);
        String command = said.lines().toList().getLast().strip();
        assertTrue(command.startsWith("java -jar ") && command.endsWith(" explain await-outside-async"), command);
        String jar = command.split(" ")[2];
        if (Path.of(jar).isAbsolute()) {
            Ended page = run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dstdout.encoding=UTF-8",
                    "-jar",
                    jar,
                    "explain",
                    "await-outside-async"));
            assertEquals(Explain.rule("await-outside-async"), page.out());
        } else {
            assertEquals("latent-compiler.jar", jar, "where the weaver is no jar yet");
        }
    }

    @Test
    void aNameAloneOrAsMessagesWriteIt() throws Exception {
        assertEquals(new Ended(0, Explain.rule("not-send"), ""), explain("not-send"));
        assertEquals(new Ended(0, Explain.rule("not-send"), ""), explain("[latent:not-send]"));
        assertEquals(new Ended(0, Explain.list(), ""), explain());
    }

    @Test
    void aNameThatIsNone() throws Exception {
        assertEquals(
                new Ended(2, "", "latent explain: there is no diagnostic not-sent; did you mean not-send?"),
                explain("not-sent"));
        assertEquals(
                new Ended(2, "", "latent explain: there is no diagnostic lock-across; did you mean lock-across-await?"),
                explain("lock-across"));
        assertEquals(
                new Ended(2, "", "latent explain: there is no diagnostic xyz; without a name all are listed"),
                explain("xyz"));
        assertEquals(new Ended(2, "", "latent explain: 'b' is one argument too many (try --help)"), explain("a", "b"));
    }
}
