package dev.latent.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    Path temporary;

    private Course course() throws Failure {
        return Course.of(Path.of("..").toAbsolutePath().normalize());
    }

    @Test
    void whatTheLearnerWroteStays() throws Exception {
        Course course = course();
        Exercise first = course.exercises().getFirst();
        Path path = temporary.resolve("mine");
        Folder folder = Folder.open(course, path);
        assertTrue(folder.isNew());
        Files.writeString(folder.file(first), "mine");
        Files.delete(folder.file(course.exercises().get(1)));
        folder.mark(first, true);
        Folder again = Folder.open(course, path);
        assertFalse(again.isNew());
        assertEquals("mine", again.text(first).orElseThrow());
        assertTrue(again.text(course.exercises().get(1)).isEmpty(), "what was deleted does not come back unasked");
        assertEquals(Set.of(first.name()), again.solved());
        again.reset(first);
        assertEquals(course.unsolved(first), again.text(first).orElseThrow());
        assertEquals(Set.of(), again.solved());
    }

    /** Lines that nobody knows, from another version perhaps, are no harm. */
    @Test
    void progressWithOtherLines() throws Exception {
        Course course = course();
        Folder folder = Folder.open(course, temporary.resolve("mine"));
        Files.writeString(folder.path().resolve(".latent-learn"), "nosuch\n\nlazy2\n# lazy3\n");
        assertEquals(Set.of("lazy2"), folder.solved());
        assertEquals("lazy1", folder.next().orElseThrow().name());
    }

    @Test
    void aFolderOfOthers() throws Exception {
        Path notes = Files.writeString(temporary.resolve("notes.txt"), "mine");
        Failure others = assertThrows(Failure.class, () -> Folder.open(course(), temporary));
        assertTrue(others.getMessage().contains("it holds other things"), others.getMessage());
        Failure file = assertThrows(Failure.class, () -> Folder.open(course(), notes));
        assertTrue(file.getMessage().contains("it is a file"), file.getMessage());
        Failure below = assertThrows(Failure.class, () -> Folder.open(course(), notes.resolve("below")));
        assertTrue(below.getMessage().startsWith("cannot put the exercises into "), below.getMessage());
        assertEquals("mine", Files.readString(notes));
    }

    /** Also for who may do all: nobody can write a file where a folder is. */
    @Test
    void progressThatCannotBeKept() throws Exception {
        Course course = course();
        Folder folder = Folder.open(course, temporary.resolve("mine"));
        Files.createDirectory(folder.path().resolve(".latent-learn.new"));
        Failure failure =
                assertThrows(Failure.class, () -> folder.mark(course.exercises().getFirst(), true));
        assertTrue(failure.getMessage().startsWith("cannot write " + folder.path()), failure.getMessage());
    }

    @Test
    void namesAndTheirFiles() throws Exception {
        Course course = course();
        assertEquals("drop2", course.of("drop2").name());
        assertEquals("drop2", course.of("Drop2").name());
        assertEquals("drop2", course.of("latent-exercises/02_drop/Drop2.java").name());
        assertEquals(
                "there is no exercise dorp2; did you mean drop2?",
                assertThrows(Failure.class, () -> course.of("dorp2")).getMessage());
        assertEquals(
                "there is no exercise xyz; latent learn list shows all",
                assertThrows(Failure.class, () -> course.of("xyz")).getMessage());
    }
}
