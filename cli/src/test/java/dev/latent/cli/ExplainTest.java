package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of diagnostics, in the terminal. */
class ExplainTest {
    @TempDir
    Path folder;

    @Test
    void everyRuleHasItsPageAndFitsATerminal() throws Exception {
        String list = Latent.run("explain").out();
        for (Rule rule : Rule.values()) {
            assertTrue(list.lines().anyMatch(line -> line.matches(rule.id() + " +[a-z]+ +\\S.+")), rule.id());
        }
        assertEquals(0, list.lines().filter(line -> line.length() > 90).count(), list);
    }

    @Test
    void whatAMessageEndsWithTellsMore() throws Exception {
        Path file = Files.writeString(folder.resolve("Bad.java"), """
                import static dev.latent.Async.*;
                void main() throws Exception { await(sleep(java.time.Duration.ofSeconds(1))); }
                """);
        String said = Latent.run("run", file.toString()).err();
        String last = said.lines()
                .filter(line -> line.contains("explain"))
                .findFirst()
                .orElseThrow();
        assertEquals("./latent explain await-outside-async", last.strip());
        Latent.Ended page = Latent.run(last.strip().replace("./latent ", "").split(" "));
        assertEquals("", page.err());
        assertTrue(page.out().startsWith("await-outside-async\n===================\n"), page.out());
        assertTrue(page.out().contains("\nWhat to do\n----------\n"), page.out());
    }
}
