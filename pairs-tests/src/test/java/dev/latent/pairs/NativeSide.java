package dev.latent.pairs;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is done in Rust and in Go: one program for all of a page, where the machine has their tools and what they need. */
final class NativeSide {
    private static final String MARK = "== ";

    /** A first build compiles all that the programs need. */
    private static final int LONGEST_MINUTES = 10;

    private NativeSide() {}

    static Side rust(PairsPage page, Path folder) throws Exception {
        StringBuilder source = new StringBuilder("#![allow(unused)]\n" + page.all("rust", PairsPage.Kind.IMPORTS));
        source.append(page.all("rust", PairsPage.Kind.ONCE));
        StringBuilder main = new StringBuilder("fn main() {\n");
        List<PairsPage.Block> sides = page.sides("rust");
        for (int i = 0; i < sides.size(); i++) {
            boolean async = sides.get(i).kind() == PairsPage.Kind.BODY;
            source.append(async ? "async " : "").append("fn pair").append(i);
            source.append("() -> Result<(), Box<dyn std::error::Error>> {\n");
            source.append(sides.get(i).text()).append("Ok(())\n}\n");
            String call = "pair" + i + "()";
            main.append("println!(\"").append(MARK).append(i).append("\");\n");
            main.append(
                    async
                            ? "tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on("
                                    + call + ").unwrap();\n"
                            : call + ".unwrap();\n");
        }
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("src/main.rs"), source.append(main).append("}\n"));
        copy(Path.of("rust"), folder);
        tool("cargo", folder, "cargo", "fetch", "--quiet");
        build(folder, "cargo", "build", "--quiet");
        return ran(page, sides, folder.resolve("target/debug/latent-pairs"));
    }

    static Side go(PairsPage page, Path folder) throws Exception {
        StringBuilder source = new StringBuilder("package main\n" + page.all("go", PairsPage.Kind.IMPORTS));
        source.append(page.all("go", PairsPage.Kind.ONCE));
        StringBuilder main = new StringBuilder("func main() {\n");
        List<PairsPage.Block> sides = page.sides("go");
        for (int i = 0; i < sides.size(); i++) {
            source.append("func pair")
                    .append(i)
                    .append("() {\n")
                    .append(sides.get(i).text());
            source.append("}\n");
            main.append("fmt.Println(\"").append(MARK).append(i).append("\")\npair");
            main.append(i).append("()\n");
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("main.go"), source.append(main).append("}\n"));
        copy(Path.of("go"), folder);
        tool("go", folder, "go", "mod", "download");
        build(folder, "go", "build", "-o", "latent-pairs", ".");
        return ran(page, sides, folder.resolve("latent-pairs"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(to.resolve(file.getFileName().toString()), Files.readString(file));
            }
        }
    }

    /** The tool, and what it has to download, may be missing: then there is nothing to run, and that is said. */
    private static void tool(String tool, Path folder, String... fetch) throws Exception {
        String path = System.getenv("PATH");
        boolean there = Stream.of(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(p -> Path.of(p.isEmpty() ? "." : p, tool))
                .anyMatch(file -> Files.isExecutable(file) && !Files.isDirectory(file));
        assumeTrue(there, "there is no " + tool + " on the PATH, so the other side of these pairs is not run");
        Ended fetched = Ended.of(folder, fetch);
        if (fetched.code != 0) {
            abort(tool + " is too old, or can't get what it needs, so the other side of these pairs is not run:\n"
                    + fetched.output);
        }
    }

    private static void build(Path folder, String... command) throws Exception {
        Ended built = Ended.of(folder, command);
        if (built.code != 0) {
            throw new AssertionError(folder + " does not compile:\n" + built.output);
        }
    }

    /** Runs it, once; each heading then has what it printed. */
    private static Side ran(PairsPage page, List<PairsPage.Block> sides, Path program) throws Exception {
        Ended ended = Ended.of(
                program.toAbsolutePath().getParent(), program.toAbsolutePath().toString());
        Map<String, String> printed = new HashMap<>();
        for (String part : ended.output.split("(?m)^" + MARK)) {
            int line = part.indexOf('\n');
            if (line > 0) {
                printed.put(sides.get(Integer.parseInt(part.substring(0, line))).heading(), part.substring(line + 1));
            }
        }
        if (ended.code != 0) {
            throw new AssertionError(page.name() + ": ended with " + ended.code + "\n" + ended.output);
        }
        return printed::get;
    }

    private record Ended(int code, String output) {
        static Ended of(Path folder, String... command) throws IOException, InterruptedException {
            Path output = folder.resolve("output.txt");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
                return new Ended(ended ? process.exitValue() : -1, Files.readString(output));
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
