package dev.latent.cli.learn;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The folder of who learns: a copy of each exercise, and a file that lists those that are solved. What is in it is never overwritten unasked. */
public final class Folder {
    private static final String PROGRESS = ".latent-learn";
    private static final String HEAD = "# Solved exercises of latent learn, one a line.";

    private final Course course;
    private final Path path;
    private final boolean isNew;

    private Folder(Course course, Path path, boolean isNew) {
        this.course = course;
        this.path = path;
        this.isNew = isNew;
    }

    /**
     * {@return the folder at {@code path}, made if it is not there yet}
     *
     * @throws Failure when it can't be made, or holds what is none of ours
     */
    public static Folder open(Course course, Path path) throws Failure {
        boolean isNew = !Files.exists(path.resolve(PROGRESS));
        Folder folder = new Folder(course, path, isNew);
        if (isNew) {
            folder.make();
        }
        return folder;
    }

    /** {@return whether that is the folder of who learns, made before} */
    public static boolean isOne(Path path) {
        return Files.exists(path.resolve(PROGRESS));
    }

    private void make() throws Failure {
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new Failure("cannot put the exercises into " + path + ": it is a file; name a folder with --dir");
            }
            Files.createDirectories(path);
            try (Stream<Path> inside = Files.list(path)) {
                if (inside.findAny().isPresent()) {
                    throw new Failure("cannot put the exercises into " + path
                            + ": it holds other things; name a new folder, or an empty one, with --dir");
                }
            }
            for (Exercise exercise : course.exercises()) {
                Path file = file(exercise);
                Files.createDirectories(file.resolveSibling(""));
                Files.writeString(file, course.unsolved(exercise), StandardOpenOption.CREATE_NEW);
            }
            write(Set.of());
        } catch (IOException e) {
            throw new Failure(
                    "cannot put the exercises into " + path + ": " + reason(e) + "; name another folder with --dir");
        }
    }

    /** {@return whether it was made just now} */
    public boolean isNew() {
        return isNew;
    }

    /** {@return where who learns edits that exercise} */
    public Path file(Exercise exercise) {
        return path.resolve(exercise.file());
    }

    /** {@return what is there, nothing if it is gone} */
    Optional<String> text(Exercise exercise) throws Failure {
        try {
            return Optional.of(new String(Files.readAllBytes(file(exercise)), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Failure("cannot read " + file(exercise) + ": " + reason(e));
        }
    }

    /** {@return the names of those that are solved} */
    public Set<String> solved() throws Failure {
        try {
            Set<String> names = new TreeSet<>();
            course.exercises().forEach(exercise -> names.add(exercise.name()));
            names.retainAll(new TreeSet<>(Files.readAllLines(path.resolve(PROGRESS))));
            return names;
        } catch (IOException e) {
            throw new Failure("cannot read " + path.resolve(PROGRESS) + ": " + reason(e));
        }
    }

    /** {@return the first one that is not solved} */
    public Optional<Exercise> next() throws Failure {
        Set<String> solved = solved();
        return course.exercises().stream()
                .filter(one -> !solved.contains(one.name()))
                .findFirst();
    }

    /** Remembers whether it is solved. */
    public void mark(Exercise exercise, boolean isSolved) throws Failure {
        Set<String> solved = new LinkedHashSet<>(solved());
        if (isSolved ? solved.add(exercise.name()) : solved.remove(exercise.name())) {
            try {
                write(solved);
            } catch (IOException e) {
                throw new Failure("cannot write " + path.resolve(PROGRESS) + ": " + reason(e));
            }
        }
    }

    /** In one step, so that an interruption leaves what was there before. */
    private void write(Set<String> solved) throws IOException {
        Path next = path.resolve(PROGRESS + ".new");
        Files.write(next, Stream.concat(Stream.of(HEAD), solved.stream()).toList());
        Files.move(next, path.resolve(PROGRESS), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Puts the exercise back as it was given. */
    public void reset(Exercise exercise) throws Failure {
        try {
            Path file = file(exercise);
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, course.unsolved(exercise));
        } catch (IOException e) {
            throw new Failure("cannot write " + file(exercise) + ": " + reason(e));
        }
        mark(exercise, false);
    }

    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such file";
            case FileAlreadyExistsException there -> there.getFile() + " is in the way";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** {@return the path of its folder} */
    public Path path() {
        return path;
    }
}
