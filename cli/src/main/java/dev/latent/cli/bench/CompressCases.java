package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** One large file compressed by {@code latent compress}, on two threads, beside the command that everybody has for it, at the same level. */
final class CompressCases {
    private static final String NAME = "compress";
    private static final String THREADS = "2";
    private static final String MODULE = "examples/compress";
    private static final String JAR = MODULE + "/target/compress.jar";
    private static final String FOLDER = "bench/target/compress";
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    private CompressCases() {}

    static List<Case> compress(Plan plan) {
        Part file = file(plan);
        return List.of(
                of(
                        plan,
                        file,
                        "gzip",
                        "6",
                        Tool.PIGZ,
                        List.of("-c", "-p", THREADS),
                        Map.of(Tool.PIGZ.command(), Aim.atLeast(0.95))),
                of(plan, file, "zstd", "3", Tool.ZSTD, List.of("-q", "-c", "-T" + THREADS), Map.of()));
    }

    /** {@return the classes of the JDK, several times: far more than a window apart, so that nothing is found again} */
    private static Part file(Plan plan) {
        String modules = Path.of(plan.java())
                .resolveSibling("../lib/modules")
                .normalize()
                .toString();
        int times = plan.either(1, 4);
        String made = FOLDER + "/classes-" + times;
        String all = String.join(" ", Collections.nCopies(times, Plan.shown(List.of(modules))));
        String command = "mkdir -p " + FOLDER + " && cat " + all + " >" + made + ".new && mv " + made + ".new " + made;
        return new Part(made, Tool.DD, List.of("sh", "-c", command), made, List.of());
    }

    private static Case of(
            Plan plan, Part file, String format, String level, Tool tool, List<String> options, Map<String, Aim> aims) {
        String what = "%s level %s, two threads".formatted(format, level);
        List<Row> rows = List.of(
                Row.higher(NAME, what, "MB/s").aims(aims),
                Row.lower(NAME, what + ": CPU of a GB", "s"),
                Row.lower(NAME, what + ": memory", "MB"),
                Row.lower(NAME, what + ": size", "%"));
        List<String> theirs = new ArrayList<>(List.of(tool.command()));
        theirs.addAll(options);
        theirs.addAll(List.of("-" + level, "--", file.artifact()));
        List<String> ours = plan.java(
                ManagementFactory.getRuntimeMXBean().getInputArguments(), // as ./latent starts this
                Plan.path(plan.classPath(), JAR),
                "dev.latent.cli.Main",
                List.of(
                        NAME,
                        "--algorithm",
                        format,
                        "--level",
                        level,
                        "--threads",
                        THREADS,
                        "-o",
                        "-",
                        file.artifact()));
        return new Case(
                NAME,
                what,
                rows,
                List.of(
                        new Compressor(plan, Row.LATENT, List.of(module(), file), ours, file, rows),
                        new Compressor(plan, tool.command(), List.of(Part.installed(tool), file), theirs, file, rows)));
    }

    /** {@return the command's module, which the script builds when it is first used} */
    private static Part module() {
        return new Part(
                MODULE,
                Tool.MAVEN,
                List.of("./latent", NAME, "--version"),
                JAR,
                List.of(MODULE + "/pom.xml", MODULE + "/src/main"));
    }

    private record Compressor(Plan plan, String name, List<Part> parts, List<String> command, Part file, List<Row> rows)
            implements Subject {
        @Override
        public List<String> commands() {
            return List.of(Plan.shown(command) + " >/dev/null");
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            long size = plan.root().resolve(file.artifact()).toFile().length();
            Measured run = Measured.of(children, name, command);
            return List.of(
                    new Value(rows.get(0), name, size / MEGA / run.seconds()),
                    new Value(rows.get(1), name, run.cpuSeconds() * GIGA / size),
                    new Value(rows.get(2), name, run.peakMemory() / MEGA),
                    new Value(rows.get(3), name, 100.0 * run.written() / size));
        }
    }
}
