package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.Origin;
import dev.latent.cli.bench.Row.Aim;
import dev.latent.compiler.tool.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CPU time of javac as a whole process, with the weaver on its processor path, with an empty processor (any processor makes javac
 * enter all classes twice), and with none. What the weaver says of code that has no async body is a false alarm, and fails the run.
 */
final class CompileCases {
    static final String FOLDER = "bench/target/compile";
    private static final String EMPTY = FOLDER + "/empty";
    private static final String PLAIN = "no processor";
    private static final String PROCESSING = "an empty one";

    /** Ticks of /proc in a second; the same on every Linux of today. */
    private static final double TICKS = 100;

    private CompileCases() {}

    static List<Case> compile(Plan plan) {
        CompileSources sources = new CompileSources(plan);
        List<Case> cases = new ArrayList<>();
        for (CompileSources.Project project : sources.projects()) {
            Row row = Row.lower("compile", "javac of " + project.name(), "s").aims(Map.of(PLAIN, Aim.atMost(1.1)));
            List<Subject> subjects = List.of(
                    new Javac(
                            plan,
                            Row.LATENT,
                            List.of(
                                    "-proc:full",
                                    "-processorpath",
                                    weaver(),
                                    "-processor",
                                    "dev.latent.compiler.javac.LatentProcessor"),
                            project,
                            row),
                    new Javac(plan, PLAIN, List.of("-proc:none", "-processorpath", EMPTY), project, row),
                    new Javac(
                            plan,
                            PROCESSING,
                            List.of("-proc:full", "-processorpath", EMPTY, "-processor", "EmptyProcessor"),
                            project,
                            row));
            cases.add(new Case("compile", "javac of " + project.name(), List.of(row), subjects));
        }
        return cases;
    }

    private static String weaver() {
        return Origin.of(Main.class).toString();
    }

    private record Javac(Plan plan, String name, List<String> processing, CompileSources.Project project, Row row)
            implements Subject {
        private static final String JAVAC = "javac";

        @Override
        public List<Part> parts() {
            return project.parts();
        }

        private List<String> command() {
            List<String> command = new ArrayList<>(List.of(javac(), "-Xmaxwarns", "10000", "-d", FOLDER + "/out"));
            command.addAll(List.of("-cp", Plan.path(plan.classPath(), CompileSources.JARS + "/*")));
            command.addAll(processing);
            command.add("@" + project.listing());
            return command;
        }

        private String javac() {
            return Path.of(plan.java()).resolveSibling(JAVAC).toString();
        }

        @Override
        public List<String> commands() {
            return List.of(Plan.shown(command()));
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try {
                project.prepare();
                if (!Files.exists(plan.root().resolve(EMPTY + "/EmptyProcessor.class"))) {
                    children.run(
                            List.of(javac(), "-proc:none", "-d", EMPTY, "bench/compile/empty/EmptyProcessor.java"));
                }
                Path out = plan.root().resolve(FOLDER + "/out");
                CompileSources.delete(out);
                Files.createDirectories(out);
                double before = childrensCpuSeconds();
                List<String> said = children.run(command());
                double seconds = childrensCpuSeconds() - before;
                if (name.equals(Row.LATENT) && !project.isAsync()) {
                    for (String line : said) {
                        if (line.contains("[latent:")) {
                            throw new Failure("a false alarm: " + line);
                        }
                    }
                }
                return List.of(new Value(row, name, seconds, "%,d lines".formatted(project.lines())));
            } catch (IOException e) {
                throw new Failure("the sources of " + project.name() + " can't be had: " + e.getMessage());
            }
        }
    }

    /** {@return user and system time of all processes that this one has started and seen end} */
    private static double childrensCpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS;
    }
}
