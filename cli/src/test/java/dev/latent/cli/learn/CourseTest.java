package dev.latent.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Program;
import dev.latent.cli.learn.Verdict.Complaint;
import dev.latent.cli.learn.Verdict.Ran;
import dev.latent.cli.learn.Verdict.Refused;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every exercise fails in the way that it says, and is solved by its solution. All of them run in this JVM. */
class CourseTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    private static Course course() throws Exception {
        return Course.of(ROOT);
    }

    static List<Exercise> exercises() throws Exception {
        return course().exercises();
    }

    private static Verdict check(Path file) throws Exception {
        return new Check(LIMIT_SECONDS).of(file, (source, compiled) -> {
            try {
                return here(source, Program.asserting(source, compiled));
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** What it prints is nobody's concern. */
    private static Run here(Path source, Program program) throws Exception {
        PrintStream out = System.out;
        Executor thread = task -> Thread.ofPlatform().daemon().start(task);
        System.setOut(new PrintStream(PrintStream.nullOutputStream()));
        try {
            Ending ending = CompletableFuture.supplyAsync(() -> Trial.run(program, source), thread)
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return new Run(ending, List.of(), 0);
        } finally {
            System.setOut(out);
        }
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void theSolutionIsOne(Exercise exercise) throws Exception {
        Verdict verdict = check(course().solutionFile(exercise));
        assertTrue(verdict.isSolved(), exercise.name() + ": " + verdict);
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void unsolvedItFailsAsItSays(Exercise exercise) throws Exception {
        Verdict verdict = check(course().unsolvedFile(exercise));
        assertFalse(verdict.isSolved(), exercise.name());
        if (exercise.diagnostic() != null) {
            Refused refused = assertInstanceOf(Refused.class, verdict);
            Set<String> ids = refused.complaints().stream()
                    .map(Complaint::id)
                    .filter(id -> !id.isEmpty())
                    .collect(Collectors.toSet());
            assertEquals(Set.of(exercise.diagnostic()), ids);
            DiagnosticPage page = course().page(exercise.diagnostic());
            assertFalse(page.why().isEmpty() || page.fix().isEmpty(), page.toString());
        } else {
            Ran ran = assertInstanceOf(Ran.class, verdict, verdict.toString());
            String message = ran.run().ending().message();
            assertTrue(message.contains(String.valueOf(exercise.says())), exercise.name() + ": " + message);
            assertTrue(ran.run().ending().line() > 0, exercise.name());
        }
    }

    /** What is to be so does not change on the way to a solution. */
    @ParameterizedTest
    @MethodSource("exercises")
    void theSolutionAssertsTheSame(Exercise exercise) throws Exception {
        List<String> given = asserts(course().unsolved(exercise));
        assertEquals(given, asserts(course().solution(exercise)));
        assertFalse(given.isEmpty());
    }

    private static List<String> asserts(String source) {
        return source.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("assert "))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void itSaysWhatItIsAbout(Exercise exercise) throws Exception {
        String source = course().unsolved(exercise);
        assertTrue(source.startsWith("// "), exercise.name());
        String head = source.lines().takeWhile(line -> line.startsWith("//")).collect(Collectors.joining("\n"));
        assertTrue(course().solution(exercise).startsWith(head), exercise.name());
        assertFalse(exercise.teaches().isEmpty() || exercise.hint().isEmpty(), exercise.name());
        assertTrue(Files.exists(ROOT.resolve(exercise.page())), exercise.page());
        assertTrue((exercise.diagnostic() == null) != (exercise.says() == null), exercise.name());
        assertTrue(source.lines().allMatch(line -> line.length() <= 120), exercise.name());
    }

    /** Of all that one may answer to one of the four jobs, one pair is right. */
    @Test
    void theFourJobsHaveOneAnswerEach() throws Exception {
        String solution = course().solution(course().of("choose2"));
        Matcher right = Pattern.compile("Answer (\\w+) = new Answer\\(Use\\.(\\w+), Because\\.(\\w+)\\);")
                .matcher(solution);
        List<String> said = new ArrayList<>();
        while (right.find()) {
            said.add(right.group(1) + " " + right.group(2));
            for (String use : new String[] {"ASYNC", "THREADS", "SYNC"}) {
                String because = right.group(3);
                String other = because.equals("MANY_WAITS") ? "COMPUTING_ON_TIME" : "MANY_WAITS";
                assertEquals(use.equals(right.group(2)), isRight(solution, right, use, because), right.group() + use);
                assertFalse(isRight(solution, right, use, other), right.group() + other);
            }
        }
        assertEquals(List.of("webSockets ASYNC", "compress THREADS", "databases ASYNC", "physics THREADS"), said);
    }

    private boolean isRight(String solution, Matcher answer, String use, String because) throws Exception {
        String other = "Answer %s = new Answer(Use.%s, Because.%s);".formatted(answer.group(1), use, because);
        Path file = Files.writeString(folder.resolve("Choose2.java"), solution.replace(answer.group(), other));
        return check(file).isSolved();
    }

    @Test
    void everyFileIsInTheIndexOnce() throws Exception {
        List<String> indexed = new ArrayList<>();
        for (Exercise exercise : exercises()) {
            indexed.add(exercise.file().toString());
        }
        assertEquals(new TreeSet<>(indexed).size(), indexed.size());
        for (String folder : new String[] {"exercises", "solutions"}) {
            Path top = ROOT.resolve("learn").resolve(folder);
            try (Stream<Path> files = Files.walk(top)) {
                assertEquals(
                        new TreeSet<>(indexed),
                        files.filter(Files::isRegularFile)
                                .map(file -> top.relativize(file).toString())
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
    }

    /** From the first to the last chapter of the guide, none left out. */
    @Test
    void everyChapterOfTheGuideHasItsExercises() throws Exception {
        Set<String> pages = exercises().stream().map(Exercise::page).collect(Collectors.toSet());
        try (Stream<Path> guide = Files.list(ROOT.resolve("docs/guide"))) {
            assertEquals(
                    Set.of(),
                    guide.map(file -> "docs/guide/" + file.getFileName())
                            .filter(page -> !page.endsWith("README.md") && !pages.contains(page))
                            .collect(Collectors.toSet()));
        }
    }
}
