package compress;

import dev.latent.cli.Failure;
import dev.latent.cli.Job;
import dev.latent.cli.Range;
import dev.latent.cli.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent compress}. */
@Command(
        name = "compress",
        description = "Compresses one file on all cores, on threads: here is nothing to wait for.",
        footer = {
            "",
            "For instance:",
            "  latent compress -k big.log                      big.log.gz beside it, as gzip would",
            "  latent compress --algorithm zstd -o - big.log | ssh host 'cat > big.log.zst'",
            "  latent compress -d big.log.gz                   big.log again, on all cores too",
            "  latent compress --compare big.log               threads, async, one by one and pigz",
            "",
            "The exit code is 0, or 1 with a line that says why there is no output, or 2 with one that says what to look at."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class CompressCommand implements Job {
    private static final int WARNED = 2;
    private static final int MOST_THREADS = 256;

    @Parameters(index = "0", paramLabel = "FILE", description = "What to read; - is the standard input.")
    private String file = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description =
                    "What to write, - is the standard output. Without it FILE is replaced by FILE.gz or FILE.zst, or -d the other way round; the standard input goes to the standard output.")
    private @Nullable String out;

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description = "gzip or zstd. Default: gzip; -d sees it by itself.")
    private @Nullable String algorithm;

    @Option(
            names = "--level",
            paramLabel = "N",
            description = "1 is fastest; gzip goes to 9, zstd to 22. Default: 6 of gzip, 3 of zstd.")
    private @Nullable Integer level;

    @Option(names = "--threads", paramLabel = "N", description = "Default: as many as there are processors.")
    private int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--mode",
            paramLabel = "NAME",
            description =
                    "threads, sequential, async (blocks are handed to threads that compute) or spawn (blocks are tasks). Default: threads.")
    private String mode = Mode.THREADS.toString();

    @Option(
            names = {"-d", "--decompress"},
            description =
                    "Decompress, on all threads where the parts of FILE say how long they are: those of this command, bgzip, pgzip, pzstd.")
    private boolean decompress;

    @Option(
            names = {"-k", "--keep"},
            description = "Keep FILE; so does -o.")
    private boolean keep;

    @Option(
            names = {"-f", "--force"},
            description = "Replace what is there, compress what is compressed.")
    private boolean force;

    @Option(names = "--json", description = "Print the figures as JSON.")
    private boolean json;

    @Option(
            names = "--compare",
            description =
                    "Compress FILE into nothing in all modes and by pigz or zstd, three times each in turns, and print what each took.")
    private boolean compare;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** Made by picocli's frame. */
    public CompressCommand() {}

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--threads", threads, 1, MOST_THREADS);
        Format asked = one(Format.values(), algorithm == null ? Format.GZIP.command : algorithm, "--algorithm");
        Mode way = one(Mode.values(), mode, "--mode");
        int atLevel = level == null ? asked.usualLevel : level;
        Range.check(spec.commandLine(), "--level", atLevel, asked.leastLevel, asked.mostLevel);
        if (compare) {
            return compare(asked, atLevel);
        }
        String to = out != null ? out : file.equals(Input.STANDARD) ? file : null;
        if (json && Input.STANDARD.equals(to)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--json goes to the standard output, and so would the data: name a file with -o");
        }
        try (Input input = Input.open(file)) {
            return run(input, to, decompress ? Format.of(input) : asked, atLevel, way);
        }
    }

    private int run(Input input, @Nullable String to, Format format, int atLevel, Mode way) throws Exception {
        boolean replaces = to == null;
        Path source = input.regularFile();
        if (replaces) {
            if (source == null) {
                throw new Failure(file + " is no regular file: say with -o where its output goes");
            }
            if (!keep && input.isSymbolicLink()) {
                throw new Failure(file
                        + " is a symbolic link, which would be replaced: keep it with -k, or name the file itself");
            }
        }
        try (Output output = output(input, to == null ? beside(format) : to)) {
            Run run = decompress
                    ? Run.decompress(input, output, format, way, threads)
                    : Run.compress(input, output, format, atLevel, way, threads);
            boolean changed = input.hasChanged();
            boolean deletes = replaces && !keep && !changed && run.remark() == null;
            output.finish(output.isFile() ? input.attributes() : null, deletes);
            if (deletes && source != null) {
                delete(source);
            }
            tell(run, output);
            return warned(input, run, changed) ? WARNED : 0;
        }
    }

    private void tell(Run run, Output output) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("file", file);
            fields.put("output", output.name());
            fields.putAll(run.fields());
            System.out.println(JsonMapper.shared().writeValueAsString(fields));
        } else if (output.isFile()) {
            System.out.println(run.told(file, output.name()));
        }
    }

    private boolean warned(Input input, Run run, boolean changed) {
        if (run.remark() != null) {
            System.err.println("latent compress: " + input.name() + ": " + run.remark());
        }
        if (changed) {
            System.err.println("latent compress: " + input.name()
                    + " was written to while it was read: it is kept, and the output holds what was read of it");
        }
        return changed || run.remark() != null;
    }

    private Output output(Input input, String to) throws Failure, IOException {
        if (to.equals(Input.STANDARD)) {
            if (!decompress && !force && isTerminal()) {
                throw new Failure(
                        "the standard output is a terminal, which can't show what is compressed: name a file with -o, or -f if you mean it");
            }
            return Output.standard();
        }
        Path path;
        try {
            path = Path.of(to);
        } catch (IllegalArgumentException e) {
            throw new Failure("cannot write " + to + ": " + e.getMessage());
        }
        Path source = input.regularFile();
        if (source != null && Files.exists(path) && Files.isSameFile(path, source)) {
            throw new Failure(to + " is the file that is read: name another with -o");
        }
        return Output.to(path, force);
    }

    private String beside(Format format) throws Failure {
        if (!decompress) {
            for (Format any : Format.values()) {
                if (file.endsWith(any.suffix) && !force) {
                    throw new Failure(file + " is compressed already, as its name says: -f compresses it again");
                }
            }
            return file + format.suffix;
        }
        if (file.endsWith(".tgz")) {
            return file.substring(0, file.length() - ".tgz".length()) + ".tar";
        }
        String name = String.valueOf(Path.of(file).getFileName());
        if (!name.endsWith(format.suffix) || name.equals(format.suffix)) {
            throw new Failure(file + " does not end with " + format.suffix + ": name the output with -o");
        }
        return file.substring(0, file.length() - format.suffix.length());
    }

    private void delete(Path source) throws Failure {
        try {
            Files.delete(source);
        } catch (IOException e) {
            throw new Failure("the output is whole, but " + file + " can't be removed: " + e.getMessage());
        }
    }

    private int compare(Format asked, int atLevel) throws Exception {
        if (decompress || out != null || keep) {
            throw new ParameterException(spec.commandLine(), "--compare writes nothing: it goes without -d, -k and -o");
        }
        try (Input input = Input.open(file)) {
            if (input.regularFile() == null || input.size() == 0) {
                throw new Failure(file + " can't be compared: that takes a regular file that is not empty");
            }
            Comparison comparison = Comparison.of(input, asked, atLevel, threads);
            System.out.println(json ? JsonMapper.shared().writeValueAsString(comparison.fields()) : comparison.told());
        }
        return 0;
    }

    private <E> E one(E[] all, String name, String option) {
        return Arrays.stream(all)
                .filter(one -> one.toString().equals(name))
                .findAny()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        Arrays.stream(all)
                                .map(Object::toString)
                                .collect(Collectors.joining(", ", option + " is to be one of ", ", not " + name))));
    }

    private static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("/dev/(pts/|tty).*");
        } catch (IOException e) {
            return false;
        }
    }
}
