package dev.latent.cli;

import dev.latent.compiler.tool.BadInputException;
import dev.latent.compiler.tool.Finding;
import dev.latent.compiler.tool.PostCompile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent weave}. */
@Command(
        name = "weave",
        description = "Weaves the async bodies of classes that are compiled already.",
        footer = "Exit code 0 when all is woven, 1 when something can't be; then nothing is written.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class WeaveCommand implements Callable<Integer> {
    /** Classes between two words of progress. */
    private static final int STEP = 100;

    @Parameters(index = "0", paramLabel = "FOLDER-OR-JAR", description = "The compiled classes.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path input;

    @Option(
            names = {"-cp", "--class-path"},
            paramLabel = "PATH",
            defaultValue = "",
            description = "Where the types are that these classes use, as for java. Latent's own are known.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String classPath;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description = "Another folder or jar for the result. Default: in place.")
    private @Nullable Path output;

    @Option(names = "--json", description = "Print one line of JSON instead of the text.")
    private boolean json;

    @Override
    public Integer call() throws Failure, IOException {
        PostCompile.Report report = weave();
        if (json) {
            System.out.print(json(report));
        } else {
            report.errors().forEach(System.err::println);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %,d woven, %s%s%s%n",
                    count(report.classes(), "class", "classes"),
                    report.woven(),
                    count(report.frames(), "frame", "frames"),
                    report.removed() == 0 ? "" : ", %,d left over and removed".formatted(report.removed()),
                    report.errors().isEmpty()
                            ? ""
                            : "; " + count(report.errors().size(), "error", "errors") + ", so nothing is written");
        }
        System.out.flush();
        if (!report.missing().isEmpty()) {
            System.err.println("latent weave: not found, so taken for ordinary types: "
                    + report.missing().stream().limit(5).collect(Collectors.joining(", "))
                    + (report.missing().size() > 5
                            ? ", and %,d more".formatted(report.missing().size() - 5)
                            : "")
                    + "; if one is an @AsyncClosure or an AsyncCloseable, add it with --class-path");
        }
        return report.errors().isEmpty() ? 0 : 1;
    }

    private static String count(int n, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : many);
    }

    private PostCompile.Report weave() throws Failure, IOException {
        Progress progress = new Progress();
        try {
            return PostCompile.weave(input, output == null ? input : output, classPath, (done, classes) -> {
                if (done % STEP == 0) {
                    progress.now("weaving: %,d of %,d classes".formatted(done, classes));
                }
            });
        } catch (BadInputException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } finally {
            progress.end();
        }
    }

    private static String json(PostCompile.Report report) {
        return String.format(
                Locale.ROOT,
                "{\"classes\":%d,\"woven\":%d,\"frames\":%d,\"removed\":%d,\"errors\":[%s],\"missing\":[%s]}%n",
                report.classes(),
                report.woven(),
                report.frames(),
                report.removed(),
                report.errors().stream().map(WeaveCommand::json).collect(Collectors.joining(",")),
                report.missing().stream().map(WeaveCommand::quoted).collect(Collectors.joining(",")));
    }

    private static String json(Finding finding) {
        return "{\"file\":%s,\"line\":%d,\"id\":%s,\"message\":%s}"
                .formatted(
                        quoted(finding.file()),
                        finding.line(),
                        quoted(finding.rule().id()),
                        quoted(finding.message()));
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
