package dev.latent.cli.learn;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One exercise, as the index has it.
 *
 * @param name what it is called by, {@code lazy1}
 * @param folder the folder of its chapter, {@code 01_lazy}
 * @param teaches the one thing that it teaches
 * @param hint what helps who is stuck
 * @param page the page that says more, from the project's root
 * @param diagnostic the id of what javac says to it as long as it is unsolved; null when it compiles
 * @param says what its run says as long as it is unsolved; null when it does not get that far
 */
public record Exercise(
        String name,
        String folder,
        String teaches,
        String hint,
        String page,
        @Nullable String diagnostic,
        @Nullable String says) {
    /** {@return the file below the folder of all exercises} */
    public Path file() {
        return Path.of(folder, fileName());
    }

    /** {@return the name of the file, which is that of its class, too} */
    public String fileName() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1) + ".java";
    }
}
