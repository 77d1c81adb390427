package dev.latent.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session at a terminal whose keys, and whose editor, are a script. */
class SessionTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path temporary;

    private Course course;
    private Folder folder;

    /** Does something when it is asked for a key, and presses that key then. */
    private interface Step {
        int press() throws Exception;
    }

    /** What was shown before each step. */
    private static final class Script implements Terminal {
        private final Step[] steps;
        private final StringBuilder shown = new StringBuilder();
        private int next;

        Script(Step... steps) {
            this.steps = steps;
        }

        @Override
        public int key(int millis) {
            if (next == steps.length) {
                return END;
            }
            try {
                return steps[next++].press();
            } catch (Exception e) {
                throw new AssertionError("step " + next, e);
            }
        }

        @Override
        public void print(String text) {
            shown.append(text.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", ""));
        }

        /** {@return what was shown since it was asked for last} */
        String taken() {
            String text = shown.toString();
            shown.setLength(0);
            return text;
        }

        @Override
        public void close() {}
    }

    private Script play(Script script) throws Exception {
        new Session(course, folder, new Check(30), script, folder.next().orElseThrow()).run();
        return script;
    }

    private void begin() throws Exception {
        course = Course.of(ROOT);
        folder = Folder.open(course, temporary.resolve("exercises"));
    }

    /** As an editor does: a new file takes the place of the old one. */
    private void save(String name, String text) throws Exception {
        Path file = folder.file(course.of(name));
        Path next = Files.writeString(file.resolveSibling("." + name + ".swp"), text);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private int solve(String name) throws Exception {
        save(name, course.solution(course.of(name)));
        return Terminal.NONE;
    }

    @Test
    void fiveExercises() throws Exception {
        begin();
        String[] names = {"lazy1", "lazy2", "lazy3", "lazy4", "lazy5"};
        Step[] steps = new Step[2 * names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            steps[2 * i] = () -> solve(name);
            steps[2 * i + 1] = () -> 'n';
        }
        String shown = play(new Script(steps)).taken();
        assertEquals(Set.of(names), folder.solved());
        assertEquals("lazy6", folder.next().orElseThrow().name());
        assertTrue(shown.contains("nobody has polled it"), shown);
        assertTrue(shown.contains("[latent:wrong-future]"), shown);
        assertFalse(shown.contains("no suitable method"), "what follows from that is not said");
        assertTrue(shown.contains("[latent:unused-future]"), shown);
        assertTrue(shown.contains("A future is lazy: a call makes it, and only a poll runs it."), shown);
        assertTrue(shown.contains("5 of " + course.exercises().size() + " solved"), shown);
        assertTrue(shown.contains("lazy6, 6 of "), shown);
        int last = shown.lastIndexOf("lazy6, 6 of ");
        assertTrue(shown.indexOf("[latent:use-after-move]", last) > 0, shown.substring(last));
    }

    /** For a moment, by an editor, is nothing; saved so, it is checked. */
    @Test
    void aFileThatIsEmptied() throws Exception {
        begin();
        Script[] script = new Script[1];
        Step[] steps = new Step[8];
        steps[0] = () -> {
            script[0].taken();
            save("lazy1", "");
            return Terminal.NONE;
        };
        Step nothing = () -> Terminal.NONE;
        Arrays.fill(steps, 1, 7, nothing);
        steps[3] = () -> {
            assertEquals("", script[0].taken(), "two looks");
            return Terminal.NONE;
        };
        steps[7] = () -> 'q';
        script[0] = new Script(steps);
        String shown = play(script[0]).taken();
        assertTrue(shown.contains("lazy1, 1 of "), shown);
        assertTrue(shown.contains("there is no class in it"), shown);
        assertEquals(1, shown.split("checking…", -1).length - 1, shown);
    }

    @Test
    void keys() throws Exception {
        begin();
        Script[] script = new Script[1];
        script[0] = new Script(
                () -> {
                    assertTrue(script[0].taken().startsWith("The exercises are now in "));
                    return 'h';
                },
                () -> {
                    assertTrue(script[0].taken().contains("Latent.blockOn(future)"));
                    return 'n';
                },
                () -> {
                    assertTrue(script[0].taken().contains("lazy1 is not solved yet"));
                    return 's';
                },
                () -> {
                    String shown = script[0].taken();
                    assertTrue(shown.contains("lazy1 is not solved yet"), shown);
                    assertFalse(shown.contains("void main"), shown);
                    return 'l';
                },
                () -> {
                    assertTrue(script[0].taken().contains(" > lazy1 "));
                    return '?';
                },
                () -> {
                    assertTrue(script[0].taken().contains("h: hint"));
                    return Terminal.NONE;
                },
                () -> {
                    assertEquals("", script[0].taken(), "nothing was saved, so nothing is checked");
                    return 'r';
                },
                () -> {
                    assertTrue(script[0].taken().contains("nobody has polled it"));
                    return solve("lazy1");
                },
                () -> {
                    String shown = script[0].taken();
                    assertTrue(shown.contains("solved\n"), shown);
                    assertTrue(shown.contains("n: next"), shown);
                    return 's';
                },
                () -> {
                    assertTrue(script[0].taken().contains("Latent.blockOn(future);"));
                    return 'q';
                },
                () -> {
                    throw new AssertionError("it went on after q");
                });
        play(script[0]);
        assertEquals(Set.of("lazy1"), folder.solved());
    }

    @Test
    void aFileThatIsGoneAndComesBack() throws Exception {
        begin();
        Script[] script = new Script[1];
        script[0] = new Script(
                () -> {
                    script[0].taken();
                    Files.delete(folder.file(course.of("lazy1")));
                    return Terminal.NONE;
                },
                () -> {
                    String shown = script[0].taken();
                    assertTrue(shown.contains("Lazy1.java is gone: latent learn reset lazy1 brings it back"), shown);
                    return Terminal.NONE;
                },
                () -> {
                    assertEquals("", script[0].taken(), "said once");
                    return solve("lazy1");
                },
                () -> {
                    assertTrue(script[0].taken().contains("solved\n"));
                    save("lazy1", "");
                    return Terminal.NONE;
                },
                () -> {
                    assertEquals("", script[0].taken(), "an editor is about to fill it");
                    save("lazy1", "void main() { assert false : \"not so\"; }");
                    return Terminal.NONE;
                },
                () -> {
                    assertTrue(script[0].taken().contains("not so"));
                    return Terminal.END;
                });
        play(script[0]);
        assertEquals(Set.of(), folder.solved());
    }

    @Test
    void theLastOne() throws Exception {
        begin();
        for (Exercise exercise : course.exercises()) {
            folder.mark(exercise, !exercise.name().equals("choose2"));
        }
        String shown =
                play(new Script(() -> solve("choose2"), () -> 'n', () -> 'q')).taken();
        assertTrue(folder.next().isEmpty());
        assertTrue(shown.contains("All are solved."), shown);
    }
}
