package merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Job;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is typed. */
class CommandTest {
    private static CommandLine command() {
        Job job = ServiceLoader.load(Job.class).findFirst().orElseThrow();
        return new CommandLine(job);
    }

    @Test
    void helpHasAnExample() {
        assertTrue(command().getUsageMessage().contains("latent merge --postgres postgresql://"));
        assertTrue(command().getSubcommands().get("load").getUsageMessage().contains("latent merge load --quick"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --port 70000                  | --port is to be from 0 to 65,535, not 70,000
            --connections 0               | --connections is to be from 1 to 1,000, not 0
            --deadline soon               | --deadline is a time like 300ms or 1s, or NAME=TIME, not soon
            --deadline oracle=1s          | --deadline: there is no database oracle, only [postgres, mariadb, redis, sqlite, h2]
            --postgres http://x           | --postgres http://x:
            --postgres http://me:secret@x | --postgres http://…@x:
            --redis x                     | --redis x:
            --h2 x                        | --h2 x: it begins with jdbc:h2:
            load --slow h2                | --slow is postgres or mariadb, not h2
            load --clients 0              | --clients is to be from 1 to 5,000, not 0
            """)
    void whatCanNotBeIsSaid(String words, String said) {
        StringWriter errors = new StringWriter();
        int code = command().setErr(new PrintWriter(errors)).execute(words.split(" "));
        assertEquals(2, code);
        String first = errors.toString().lines().findFirst().orElseThrow();
        assertTrue(first.startsWith(said.strip()), first);
    }
}
