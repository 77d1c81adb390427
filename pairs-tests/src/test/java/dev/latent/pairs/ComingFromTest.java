package dev.latent.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Both sides of every pair in {@code docs/coming-from} compile as they stand there, and print what the page says. */
class ComingFromTest {
    private static final Path DOCS = Path.of(System.getProperty("latent.docs", "../docs"), "coming-from");
    private static final Path SCRATCH = Path.of("target", "pairs").toAbsolutePath();
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @TestFactory
    Stream<DynamicContainer> pages() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(DOCS)) {
            files = all.filter(p -> p.toString().endsWith(".md")).sorted().toList();
        }
        assertEquals(4, files.size());
        List<DynamicContainer> pages = new ArrayList<>();
        for (Path file : files) {
            PairsPage page = PairsPage.read(file);
            List<DynamicTest> tests = new ArrayList<>();
            tests.add(DynamicTest.dynamicTest("has pairs", () -> hasPairs(page)));
            add(tests, page, PairsPage.OURS);
            page.others().forEach(language -> add(tests, page, language));
            pages.add(DynamicContainer.dynamicContainer(page.name(), tests));
        }
        return pages.stream();
    }

    private static void hasPairs(PairsPage page) {
        assertTrue(page.pairs().size() >= 12, page.pairs().size() + " pairs");
        for (String pair : page.pairs()) {
            assertEquals(
                    1,
                    page.sides(PairsPage.OURS).stream()
                            .filter(b -> b.heading().equals(pair))
                            .count(),
                    "ours: " + pair);
            assertEquals(
                    1,
                    page.others().stream()
                            .flatMap(language -> page.sides(language).stream())
                            .filter(b -> b.heading().equals(pair))
                            .count(),
                    "theirs: " + pair);
        }
        long sides = page.blocks().stream().filter(PairsPage.Block::isSide).count();
        assertEquals(2L * page.pairs().size(), sides, "a side without a result");
    }

    private static void add(List<DynamicTest> tests, PairsPage page, String language) {
        Callable<Side> built = once(() -> built(page, language));
        for (PairsPage.Block side : page.sides(language)) {
            tests.add(DynamicTest.dynamicTest(language + ": " + side.heading(), () -> {
                Side program = built.call();
                assertEquals(
                        page.result(side.heading()),
                        assertTimeoutPreemptively(LONGEST, () -> program.run(side.heading())));
            }));
        }
    }

    private static Side built(PairsPage page, String language) throws Exception {
        Path folder = Files.createDirectories(
                SCRATCH.resolve(page.name().replace(".md", "")).resolve(language.replace(' ', '-')));
        return switch (language) {
            case PairsPage.OURS -> JavaSide.ours(page, folder);
            case "java theirs" -> JavaSide.theirs(page, folder);
            case "kotlin" -> KotlinSide.of(page, folder);
            case "rust" -> NativeSide.rust(page, folder);
            case "go" -> NativeSide.go(page, folder);
            default -> throw new AssertionError(language);
        };
    }

    /** Builds when the first pair asks; what came of that is told to all of them. */
    private static Callable<Side> once(Callable<Side> build) {
        return new Callable<>() {
            private Side side;
            private Throwable failure;

            @Override
            public synchronized Side call() throws Exception {
                if (side == null && failure == null) {
                    try {
                        side = build.call();
                    } catch (Throwable t) {
                        failure = t;
                    }
                }
                if (failure instanceof Exception e) {
                    throw e;
                }
                if (failure instanceof Error e) {
                    throw e;
                }
                return side;
            }
        };
    }
}
