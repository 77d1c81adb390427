package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The tests that are woven themselves, compiled and woven in every other way, each in a JVM of its own. */
@EnabledIf("isPlugin")
class WaysInTest {
    private static final List<String> CORPUS = List.of(
            "OperandStackTest",
            "ConstructorArgumentsTest",
            "NowOrTest",
            "HandedToTest",
            "LocalsTest",
            "ControlFlowTest",
            "DeclarationsTest",
            "DropTest",
            "FinallyTest",
            "UndeliveredTest",
            "WovenTest",
            "ClosingTest",
            "SameAsPlainTest",
            "generated.GeneratedProgramsTest");

    @TempDir
    Path classes;

    static boolean isPlugin() {
        return WayIn.HERE == WayIn.PLUGIN;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLUGIN")
    void corpus(WayIn way) throws Exception {
        Path sources = Path.of("src/test/java");
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !Path.of(part)
                        .equals(sources.resolve("../../../target/test-classes")
                                .toAbsolutePath()
                                .normalize()))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> options = new ArrayList<>(List.of("-sourcepath", sources.toString()));
        Path here = sources.resolve("dev/latent/compiler");
        Stream.concat(corpusOf(way).stream(), Stream.of("WaysInTest", "generated.WovenAsync", "generated.PlainAsync"))
                .map(name -> here.resolve(name.replace('.', '/') + ".java").toString())
                .forEach(options::add);
        way.compile(options, classPath, classes);
        run(way, classes + File.pathSeparator + classPath);
    }

    /** Where an object without its constructor is in a local, Eclipse's compiler makes classes that do not verify. */
    private static List<String> corpusOf(WayIn way) {
        return CORPUS.stream()
                .filter(name -> way != WayIn.ECJ || !name.equals("ConstructorArgumentsTest"))
                .toList();
    }

    private void run(WayIn way, String classPath) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (way.isByAgent()) {
            command.add("-javaagent:" + WayIn.agent());
        }
        command.addAll(List.of(
                "-Dlatent.way=" + way,
                "-Dlatent.programs=" + Integer.getInteger("latent.programs", 10),
                "-cp",
                classPath,
                WaysInTest.class.getName()));
        Path out = Scratch.file("way", ".txt");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
        assertEquals(0, code, Files.readString(out));
    }

    /** In the other JVM. */
    public static void main(String[] args) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(corpusOf(WayIn.HERE).stream()
                                        .map(name -> DiscoverySelectors.selectClass("dev.latent.compiler." + name))
                                        .toList())
                                .build(),
                        summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out, true), 40);
        long found = summary.getSummary().getTestsFoundCount();
        System.exit(found > CORPUS.size() && summary.getSummary().getTestsSucceededCount() == found ? 0 : 1);
    }
}
