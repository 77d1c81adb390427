package dev.latent.cli.lab;

import dev.latent.cli.bench.Part;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.bench.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A language with programs in {@code lab/}: what it needs, how it is built, how its programs run. Paths are in the repository. */
enum Language {
    JAVASCRIPT("JavaScript", Part.installed(Tool.NODE)) {
        @Override
        List<String> models(Plan plan) {
            return List.of("node", "lab/javascript/models.mjs");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, List.of("node", "lab/javascript/failure.mjs"), "failure.mjs"));
        }
    },
    PYTHON("Python", Part.installed(Tool.PYTHON)) {
        @Override
        List<String> models(Plan plan) {
            return List.of("python3", "lab/python/models.py");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, List.of("python3", "lab/python/failure.py"), "failure.py"));
        }
    },
    GO(
            "Go",
            new Part(
                    "lab/go",
                    Tool.GO,
                    List.of("go", "build", "-C", "lab/go", "-o", "target/", "./..."),
                    "lab/go/target/models",
                    List.of("lab/go/go.mod", "lab/go/models", "lab/go/failure"))) {
        @Override
        List<String> models(Plan plan) {
            return List.of("lab/go/target/models");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, List.of("lab/go/target/failure"), "failure/main.go"));
        }
    },
    RUST(
            "Rust",
            new Part(
                    "lab/rust",
                    Tool.CARGO,
                    List.of("cargo", "build", "--release", "--quiet", "--manifest-path", "lab/rust/Cargo.toml"),
                    "lab/rust/target/release/models",
                    List.of("lab/rust/Cargo.toml", "lab/rust/src"))) {
        @Override
        List<String> models(Plan plan) {
            return List.of("lab/rust/target/release/models");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, List.of("lab/rust/target/release/failure"), "failure"));
        }
    },
    KOTLIN(
            "Kotlin",
            new Part(
                    "lab/kotlin",
                    Tool.MAVEN,
                    List.of("mvn", "-q", "-B", "-ntp", "-f", "lab/kotlin/pom.xml", "package"),
                    "lab/kotlin/target/latent-lab-kotlin.jar",
                    List.of("lab/kotlin/pom.xml", "lab/kotlin/src"))) {
        @Override
        List<String> models(Plan plan) {
            return java(plan, "ModelsKt");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, java(plan, "failure.FailureKt"), "Failure.kt"));
        }

        private List<String> java(Plan plan, String main) {
            return plan.java(
                    List.of(),
                    Plan.path("lab/kotlin/target/latent-lab-kotlin.jar", "lab/kotlin/target/lib/*"),
                    main,
                    List.of());
        }
    },
    JAVA("Java", null) {
        @Override
        List<String> models(Plan plan) {
            return List.of(plan.java(), "lab/java/Models.java");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(
                    new Failing(
                            "CompletableFuture",
                            List.of(plan.java(), "lab/java/CompletableFutureFailure.java"),
                            "CompletableFutureFailure.java"),
                    new Failing(
                            "virtual thread",
                            List.of(plan.java(), "lab/java/VirtualThreadFailure.java"),
                            "VirtualThreadFailure.java"));
        }
    },
    LATENT("Latent", null) {
        @Override
        List<String> models(Plan plan) {
            return run(plan, "lab/latent/Models.java");
        }

        @Override
        List<Failing> failures(Plan plan) {
            return List.of(new Failing(shown, run(plan, "lab/latent/Failure.java"), "Failure.java"));
        }

        private List<String> run(Plan plan, String file) {
            return plan.latent(List.of(), "dev.latent.cli.Main", List.of("run", file));
        }
    };

    final String shown;

    /** Null where nothing is missing. */
    final @Nullable Part part;

    Language(String shown, @Nullable Part part) {
        this.shown = shown;
        this.part = part;
    }

    /** A program that fails four frames deep. */
    record Failing(String model, List<String> command, String file) {}

    /** {@return the program that tells of the language's models} */
    abstract List<String> models(Plan plan);

    abstract List<Failing> failures(Plan plan);
}
