package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.Origin;
import dev.latent.cli.TemporaryFolder;
import dev.latent.cli.bench.Numbers;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.lab.Findings.Quote;
import dev.latent.cli.lab.Language.Failing;
import dev.latent.cli.lab.program.Costs;
import dev.latent.compiler.tool.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What async costs: the state machine, dispatch, switching, compile time, and how well a failure can be read. */
final class FiveCosts implements Experiment {
    private static final double NANOS = 1e9;

    @Override
    public String name() {
        return "costs";
    }

    @Override
    public String question() {
        return "What do the state machine, dynamic dispatch, a switch, javac and a stack trace cost?";
    }

    @Override
    public String claim() {
        return "Async isn't free: states, indirection, a scheduler, longer compiles, traces that are harder to read.";
    }

    @Override
    public Findings run(Lab lab) throws Failure, InterruptedException {
        Findings findings = new Findings(this);
        Map<String, JsonNode> at = new LinkedHashMap<>();
        grid(
                lab,
                findings,
                at,
                "a suspended body: making, suspending and resuming it, for each frame",
                true,
                machine());
        grid(lab, findings, at, "an await of a body that is ready", true, dispatch());
        grid(lab, findings, at, "a switch from one to another and back, each way", false, switches());
        @Nullable Double compiled = compile(lab, findings);
        String traces = traces(lab, findings);
        findings.verdict =
                "A frame takes %.0f ns and %.0f bytes while it waits, a hundred deep as much as ten; through an interface of eight classes an await takes %.1f ns, direct %.1f; a task switch %.0f ns, where a thread's takes %,.0f and a virtual thread's %.0f;%s %s"
                        .formatted(
                                ns(at, "depth-100"),
                                at.getOrDefault("depth-100", Lab.NOTHING)
                                        .path("bytes")
                                        .asDouble(),
                                ns(at, "interface-8"),
                                ns(at, "direct"),
                                ns(at, "switch-task"),
                                ns(at, "switch-thread"),
                                ns(at, "switch-virtual"),
                                compiled == null ? "" : " javac takes %.2f× with the weaver;".formatted(compiled),
                                traces);
        return findings;
    }

    private static double ns(Map<String, JsonNode> at, String what) {
        return at.getOrDefault(what, Lab.NOTHING).path("ns").asDouble();
    }

    // ---- in a JVM of their own --------------------------------------------------------------------------------------

    private static Map<String, String> machine() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("depth-1", "one body, no locals");
        rows.put("locals-4", "one body, 4 live locals");
        rows.put("locals-16", "one body, 16 live locals");
        rows.put("depth-10", "a chain of 10");
        rows.put("depth-100", "a chain of 100");
        return rows;
    }

    private static Map<String, String> dispatch() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("direct", "called directly");
        rows.put("interface-1", "through an interface of one class");
        rows.put("interface-2", "through an interface of 2 classes");
        rows.put("interface-8", "through an interface of 8 classes");
        rows.put("boxed", "made before, kept in a list, of 8 classes");
        return rows;
    }

    private static Map<String, String> switches() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("switch-task", "two tasks of one executor");
        rows.put("switch-virtual", "two virtual threads, by a SynchronousQueue");
        rows.put("switch-thread", "two threads, by a SynchronousQueue");
        return rows;
    }

    private void grid(
            Lab lab,
            Findings findings,
            Map<String, JsonNode> at,
            String title,
            boolean allocates,
            Map<String, String> rows)
            throws Failure, InterruptedException {
        Grid grid = allocates ? Grid.of(title, "", "ns", "bytes") : Grid.of(title, "", "ns");
        for (Map.Entry<String, String> row : rows.entrySet()) {
            lab.now(this, title + ": " + row.getValue());
            JsonNode figures = lab.figures(Costs.class, row.getKey());
            at.put(row.getKey(), figures);
            List<String> cells = new ArrayList<>(
                    List.of(row.getValue(), Numbers.shown(figures.path("ns").asDouble())));
            if (allocates) {
                cells.add(Numbers.shown(figures.path("bytes").asDouble()));
            }
            grid.rows().add(cells);
        }
        findings.grids.add(grid);
    }

    // ---- javac ------------------------------------------------------------------------------------------------------

    /** {@return how much longer javac takes with the weaver; null where it can't compile the sources} */
    private @Nullable Double compile(Lab lab, Findings findings) throws Failure, InterruptedException {
        Path sources = lab.sources() == null ? lab.root().resolve("examples/src/main/java") : lab.sources();
        List<String> files = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.of("latent-lab")) {
            Path out = folder.path();
            try (Stream<Path> all = Files.walk(sources)) {
                all.map(Path::toString)
                        .filter(file -> file.endsWith(".java") && !file.endsWith("module-info.java"))
                        .forEach(files::add);
            }
            if (files.isEmpty()) {
                throw new Failure("there is no .java file in " + sources);
            }
            List<Double> plain = new ArrayList<>();
            List<Double> woven = new ArrayList<>();
            for (int i = 0; i < (lab.isQuick() ? 1 : 5); i++) {
                lab.now(this, "javac of " + sources);
                plain.add(seconds(lab, javac(lab, out, files, withoutProcessor(out))));
                woven.add(seconds(
                        lab,
                        javac(
                                lab,
                                out,
                                files,
                                List.of(
                                        "-processorpath",
                                        Origin.of(Main.class).toString(),
                                        "-processor",
                                        "dev.latent.compiler.javac.LatentProcessor"))));
            }
            double ratio = Lab.median(woven) / Lab.median(plain);
            findings.grids.add(Grid.of("javac of %,d files in %s".formatted(files.size(), sources), "", "s")
                    .row("without a processor", Numbers.shown(Lab.median(plain)))
                    .row("with the weaver", Numbers.shown(Lab.median(woven))));
            return ratio;
        } catch (IOException e) {
            throw new Failure("cannot read the sources in " + sources + ": " + e.getMessage());
        } catch (Failure e) {
            lab.stopIfClosing();
            findings.notes.add("javac: " + e.getMessage()
                    + "; name other sources by --sources, and what they need by --class-path");
            return null;
        }
    }

    /** {@return javac's options for no processor; on a path without them the weaver is not found, which would refuse to be left out} */
    static List<String> withoutProcessor(Path empty) {
        return List.of("-proc:none", "-processorpath", empty.toString());
    }

    private static List<String> javac(Lab lab, Path out, List<String> files, List<String> processing) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(lab.plan().java()).resolveSibling("javac").toString(), "-nowarn", "-d", out.toString(), "-cp"));
        command.add(Plan.path(lab.classPath(), lab.plan().classPath()));
        command.addAll(processing);
        command.addAll(files);
        return command;
    }

    private static double seconds(Lab lab, List<String> command) throws Failure, InterruptedException {
        long start = System.nanoTime();
        lab.children().run(command);
        return (System.nanoTime() - start) / NANOS;
    }

    // ---- traces -----------------------------------------------------------------------------------------------------

    private String traces(Lab lab, Findings findings) throws Failure, InterruptedException {
        Grid grid = Grid.of(
                "the same failure four frames deep, as it is printed",
                "model",
                "lines",
                "of the program",
                "of its frames");
        String ours = "";
        for (Language language : Language.values()) {
            String missing = lab.missing(language, this);
            if (missing != null) {
                findings.notes.add(language.shown + ": no trace, " + missing);
                continue;
            }
            for (Failing failing : language.failures(lab.plan())) {
                lab.now(this, "a failure in " + failing.model());
                List<String> said = Traces.lines(lab.said(failing.command()));
                long frames = Traces.named(said);
                long own = Traces.own(said, failing.file());
                grid.row(failing.model(), String.valueOf(said.size()), String.valueOf(own), frames + " of 4");
                findings.quotes.add(new Quote(failing.model(), String.join("\n", said)));
                if (language == Language.LATENT) {
                    ours = "of Latent's trace %d lines of %d are the program's, and %d of the 4 frames are named."
                            .formatted(own, said.size(), frames);
                }
            }
        }
        findings.grids.add(grid);
        return ours;
    }
}
