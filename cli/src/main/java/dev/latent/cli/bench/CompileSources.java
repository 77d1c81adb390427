package dev.latent.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What {@link CompileCases} compiles: published libraries without an async body, copies of Latent's own examples, a very large body. */
final class CompileSources {
    static final String JARS = CompileCases.FOLDER + "/jars";
    private static final String EXAMPLES = "examples/src/main/java/dev/latent/examples";
    private static final int AWAITS = 1_000;

    private static final Part LIBRARIES = new Part(
            "the libraries' sources",
            Tool.MAVEN,
            List.of("mvn", "-q", "-B", "-ntp", "-f", "bench/compile/pom.xml", "package"),
            JARS + "/guava-33.5.0-jre-sources.jar",
            List.of());

    private final Plan plan;
    private final Path folder;

    CompileSources(Plan plan) {
        this.plan = plan;
        this.folder = plan.root().resolve(CompileCases.FOLDER);
    }

    List<Project> projects() {
        Project lang = new Project("commons-lang3", List.of(LIBRARIES), false, () -> unpack("commons-lang3"));
        Project async = new Project("async code", List.of(), true, () -> copies(plan.either(5, 25)));
        if (plan.quick()) {
            return List.of(lang, async);
        }
        Project guava = new Project("guava", List.of(LIBRARIES), false, () -> unpack("guava"));
        Project jackson = new Project("jackson-databind", List.of(LIBRARIES), false, () -> unpack("jackson-databind"));
        // One compilation of everything: as a large project of which a part is async.
        Project all = new Project("all of these at once", List.of(LIBRARIES), true, () -> {
            List<Path> files = new ArrayList<>();
            for (Project project : List.of(lang, guava, jackson, async)) {
                files.addAll(project.files());
            }
            return files;
        });
        return List.of(
                lang,
                guava,
                jackson,
                async,
                all,
                new Project("one body of 1,000 awaits", List.of(), true, () -> List.of(largeBody())));
    }

    private interface Source {
        List<Path> files() throws IOException;
    }

    /** Files that are compiled together. */
    final class Project {
        private final String name;
        private final List<Part> parts;
        private final boolean isAsync;
        private final Source source;
        private List<Path> files = List.of();
        private long lines;

        Project(String name, List<Part> parts, boolean isAsync, Source source) {
            this.name = name;
            this.parts = parts;
            this.isAsync = isAsync;
            this.source = source;
        }

        String name() {
            return name;
        }

        List<Part> parts() {
            return parts;
        }

        boolean isAsync() {
            return isAsync;
        }

        long lines() {
            return lines;
        }

        List<Path> files() throws IOException {
            if (files.isEmpty()) {
                files = source.files();
            }
            return files;
        }

        /** {@return the file that names all files, in the repository} */
        String listing() {
            return CompileCases.FOLDER + "/" + name.replaceAll("\\W+", "-") + ".txt";
        }

        /** Writes what it is made of, unless that is there. */
        void prepare() throws IOException {
            if (lines > 0) {
                return;
            }
            Files.createDirectories(folder);
            Files.write(
                    plan.root().resolve(listing()),
                    files().stream().map(file -> '"' + file.toString() + '"').toList());
            long count = 0;
            for (Path file : files()) {
                byte[] bytes = Files.readAllBytes(file);
                count += IntStream.range(0, bytes.length)
                        .filter(i -> bytes[i] == '\n')
                        .count();
            }
            lines = count;
        }
    }

    private List<Path> unpack(String library) throws IOException {
        Path jar;
        try (Stream<Path> jars = Files.list(plan.root().resolve(JARS))) {
            jar = jars.filter(file -> String.valueOf(file.getFileName()).matches(library + "-.*-sources\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchFileException(library + "-*-sources.jar"));
        }
        Path target = folder.resolve(library);
        List<Path> files = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path file = target.resolve(entry.getName()).normalize();
                if (entry.getName().endsWith(".java")
                        && !entry.getName().endsWith("module-info.java")
                        && file.startsWith(target)) {
                    files.add(file);
                    if (!Files.exists(file)) {
                        Files.createDirectories(target.resolve(entry.getName()).resolve(".."));
                        try (InputStream in = zip.getInputStream(entry)) {
                            Files.copy(in, file);
                        }
                    }
                }
            }
        }
        Collections.sort(files);
        return files;
    }

    /** The same async classes many times over, in packages of their own. */
    private List<Path> copies(int copies) throws IOException {
        delete(folder.resolve("async"));
        List<Path> files = new ArrayList<>();
        for (String part : List.of("chat", "bench")) {
            for (Path source : sources(plan.root().resolve(EXAMPLES).resolve(part))) {
                String text = Files.readString(source);
                for (int k = 0; k < copies; k++) {
                    Path target =
                            folder.resolve("async/async" + k).resolve(part).resolve(source.getFileName());
                    Files.createDirectories(target.resolveSibling("."));
                    Files.writeString(
                            target, text.replaceAll("dev\\.latent\\.examples\\.(chat|bench)", "async" + k + ".$1"));
                    files.add(target);
                }
            }
        }
        return files;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    private Path largeBody() throws IOException {
        Path file = folder.resolve("large/Large.java");
        Files.createDirectories(folder.resolve("large"));
        String awaits = IntStream.range(0, AWAITS)
                .mapToObj(i -> "            sum += await(step(sum + " + i + "));\n")
                .collect(Collectors.joining());
        return Files.writeString(file, """
                import static dev.latent.Async.*;
                import dev.latent.Future;
                class Large {
                    static Future<Integer> step(int i) { return async(() -> i); }
                    static Future<Integer> body(int from) {
                        return async(() -> {
                            int sum = from;
                %s            return sum;
                        });
                    }
                }
                """.formatted(awaits));
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
