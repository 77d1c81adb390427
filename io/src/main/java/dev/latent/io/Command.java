package dev.latent.io;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to run. No shell reads it: an argument reaches the program as it is.
 *
 * @param words the program, by its path or its name on the {@code PATH}, and its arguments
 * @param folder where it runs; null: where this program runs
 * @param environment variables that it has besides this program's, or in their place
 */
public record Command(List<String> words, @Nullable Path folder, Map<String, String> environment) {
    /** A command. */
    public Command {
        words = List.copyOf(words);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command without a program");
        }
    }

    /** {@return a command to run {@code program} with {@code arguments}} */
    public static Command of(String program, String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = program;
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return new Command(List.of(words), null, Collections.emptyMap());
    }

    /** {@return this, but run in {@code newFolder}} */
    public Command in(Path newFolder) {
        return new Command(words, newFolder, environment);
    }

    /** {@return this, but with the variable {@code name}} */
    public Command with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new Command(words, folder, more);
    }
}
