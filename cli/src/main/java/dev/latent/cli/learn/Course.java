package dev.latent.cli.learn;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All exercises in their order, as {@code learn/index.json} and the folders beside it have them. */
public final class Course {
    private final Path root;
    private final List<Exercise> exercises;

    private Course(Path root, List<Exercise> exercises) {
        this.root = root;
        this.exercises = exercises;
    }

    /** {@return the course of the project in that folder} */
    public static Course of(Path root) throws Failure {
        Path index = root.resolve("learn/index.json");
        try {
            List<Exercise> all = new ArrayList<>();
            for (JsonNode chapter : JsonMapper.shared().readTree(Files.readString(index))) {
                for (JsonNode one : chapter.path("exercises")) {
                    all.add(new Exercise(
                            one.path("name").asString(),
                            chapter.path("folder").asString(),
                            one.path("teaches").asString(),
                            one.path("hint").asString(),
                            chapter.path("page").asString(),
                            one.path("diagnostic").asString(null),
                            one.path("says").asString(null)));
                }
            }
            return new Course(root, List.copyOf(all));
        } catch (IOException | JacksonException e) {
            throw new Failure("the exercises can't be read: " + e.getMessage());
        }
    }

    /** {@return all, in their order} */
    public List<Exercise> exercises() {
        return exercises;
    }

    /** {@return the number of an exercise, from 1} */
    public int number(Exercise exercise) {
        return exercises.indexOf(exercise) + 1;
    }

    /** {@return the exercise of that name, or of a file with that name} */
    public Exercise of(String name) throws Failure {
        return of(name, List.of());
    }

    /**
     * {@return the same}
     *
     * @param others what else may have been meant
     */
    public Exercise of(String name, Collection<String> others) throws Failure {
        String file = String.valueOf(Path.of(name).getFileName());
        for (Exercise exercise : exercises) {
            if (exercise.name().equalsIgnoreCase(name) || exercise.fileName().equalsIgnoreCase(file)) {
                return exercise;
            }
        }
        List<String> names = new ArrayList<>(others);
        exercises.forEach(exercise -> names.add(exercise.name()));
        throw new Failure("there is no exercise " + name
                + Names.nearest(name, names)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("; latent learn list shows all"));
    }

    /** {@return the exercise as it is given to who learns} */
    public String unsolved(Exercise exercise) throws Failure {
        return text(unsolvedFile(exercise));
    }

    /** {@return where that stands} */
    public Path unsolvedFile(Exercise exercise) {
        return root.resolve("learn/exercises").resolve(exercise.file());
    }

    /** {@return a solution} */
    public String solution(Exercise exercise) throws Failure {
        return text(solutionFile(exercise));
    }

    /** {@return where that stands} */
    public Path solutionFile(Exercise exercise) {
        return root.resolve("learn/solutions").resolve(exercise.file());
    }

    /** {@return what is to be said of a diagnostic, beside what javac says} */
    public DiagnosticPage page(String id) {
        return DiagnosticPage.of(root, id);
    }

    private static String text(Path file) throws Failure {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Failure("cannot read " + file + ": " + Folder.reason(e));
        }
    }
}
