package dev.latent.compiler.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code java -jar latent-compiler.jar classes/}: weaves after compilation, for builds that have their own steps, and explains diagnostics. */
public final class Main {
    private static final String USAGE = """
            usage: java -jar latent-compiler.jar [--class-path PATH] [--output PATH] FOLDER-OR-JAR…
              weaves the async bodies of compiled classes, in place unless --output names another folder or jar
                   java -jar latent-compiler.jar explain [DIAGNOSTIC]
              tells more about a diagnostic, such as lock-across-await, or lists all there are
            """;

    private String classPath = "";
    private @Nullable Path output;
    private final List<Path> inputs = new ArrayList<>();

    private Main() {}

    /** Runs it; the exit code is 0, 1 after an error, 2 for wrong arguments. */
    public static void main(String[] args) {
        System.exit(args.length > 0 && args[0].equals("explain") ? explain(args) : weave(args));
    }

    private static int explain(String[] args) {
        if (args.length > 2) {
            System.err.println("latent explain: '" + args[2] + "' is one argument too many (try --help)");
            return 2;
        }
        try {
            boolean help = args.length == 2 && (args[1].equals("--help") || args[1].equals("-h"));
            System.out.print(help ? USAGE : args.length == 1 ? Explain.list() : Explain.rule(args[1]));
            return 0;
        } catch (BadInputException e) {
            System.err.println("latent explain: " + e.getMessage());
            return 2;
        }
    }

    private static int weave(String[] args) {
        Main main = new Main();
        int code;
        try {
            code = main.parse(List.of(args)) ? main.weave() : 0;
        } catch (IllegalArgumentException e) {
            System.err.println("latent weave: " + e.getMessage());
            code = 2;
        } catch (BadInputException e) {
            System.err.println("latent weave: " + e.getMessage());
            code = 1;
        } catch (IOException e) {
            System.err.println("latent weave: " + e);
            code = 1;
        }
        return code;
    }

    /** {@return whether there is something to do} */
    private boolean parse(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return false;
                }
                case "--class-path", "-cp" -> classPath = value(args, i++);
                case "--output", "-o" -> output = Path.of(value(args, i++));
                case String option
                when option.startsWith("-") ->
                    throw new IllegalArgumentException("there is no option " + option + " (try --help)");
                case String input -> inputs.add(Path.of(input));
            }
        }
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("a folder or jar is missing (try --help)");
        }
        if (inputs.size() > 1 && output != null) {
            throw new IllegalArgumentException("--output is for one folder or jar, not " + inputs.size());
        }
        return true;
    }

    private static String value(List<String> args, int i) {
        if (i + 1 == args.size()) {
            throw new IllegalArgumentException(args.get(i) + " lacks its value (try --help)");
        }
        return args.get(i + 1);
    }

    private int weave() throws IOException {
        boolean failed = false;
        for (Path input : inputs) {
            PostCompile.Report report =
                    PostCompile.weave(input, output == null ? input : output, classPath, (done, classes) -> {});
            report.errors().forEach(System.err::println);
            failed |= !report.errors().isEmpty();
        }
        return failed ? 1 : 0;
    }
}
