package dev.latent.cli.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything is, and how long it may take.
 *
 * @param root the repository, in which all commands run
 * @param java the command
 * @param classPath of Latent and its benchmark programs
 * @param quick whether short runs are wanted
 */
public record Plan(Path root, String java, String classPath, boolean quick) {
    /** {@return the plan of this process} */
    public static Plan of(Path root, boolean quick) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Plan(root, java, System.getProperty("java.class.path"), quick);
    }

    /** {@return one of two values} */
    public <T> T either(T whenQuick, T whenFull) {
        return quick ? whenQuick : whenFull;
    }

    /** {@return the command of a main class of {@link #classPath}} */
    public List<String> latent(List<String> flags, String main, List<String> arguments) {
        return java(flags, classPath, main, arguments);
    }

    /** {@return the command of a main class} */
    public List<String> java(List<String> flags, String path, String main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(flags);
        command.addAll(List.of("-cp", path, main));
        command.addAll(arguments);
        return command;
    }

    /** {@return a class path} */
    public static String path(String... entries) {
        return String.join(File.pathSeparator, entries);
    }

    /** {@return a command as one would type it} */
    public static String shown(List<String> command) {
        List<String> words = new ArrayList<>();
        for (String word : command) {
            words.add(word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return String.join(" ", words);
    }
}
