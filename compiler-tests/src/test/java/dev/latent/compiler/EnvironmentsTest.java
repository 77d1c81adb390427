package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.javac.LatentProcessor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The weaver in the set-ups of javac that build tools, editors and people come with. */
class EnvironmentsTest {
    private static final String USER = """
            package app;
            import static dev.latent.Async.*;
            import dev.latent.*;
            public class User {
                public static Future<?> main() { return async(() -> "user " + await(Futures.ready(1))); }
            }
            """;

    @TempDir
    Path folder;

    private static void works(Javac.Result result) throws Exception {
        assertEquals(List.of(), result.diagnostics());
        assertEquals(OptionsTest.RESULT, OptionsTest.run(result.loader(), "app.Main"));
    }

    private static String only(List<String> messages) {
        assertEquals(1, messages.size(), messages::toString);
        return messages.getFirst();
    }

    /** {@return the names of the class files under {@code root}} */
    private static Set<String> classes(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return new TreeSet<>(files.filter(f -> f.toString().endsWith(".class"))
                    .map(f -> root.relativize(f).toString().replace('\\', '/'))
                    .toList());
        }
    }

    private static Set<String> frames(Path root) throws IOException {
        Set<String> frames = classes(root);
        frames.removeIf(name -> !name.contains("$async$"));
        return frames;
    }

    // ---- build tools ------------------------------------------------------------------------------------------------

    @Test
    void gradle() throws Exception {
        Gradle gradle = new Gradle();
        Javac.Result result = Build.woven()
                .processors(gradle.processors(Javac.weaver()))
                .add("-Xlint:all,-try", "-Werror")
                .compile(OptionsTest.program());
        works(result);
        assertEquals(List.of(), gradle.rebuildCauses);
        assertTrue(
                gradle.made.keySet().containsAll(frames(result.classes())), () -> "frames are booked: " + gradle.made);
        gradle.made.forEach((file, origin) ->
                assertTrue(file.startsWith(origin.replace('.', '/')), () -> file + " is booked on " + origin));
    }

    @Test
    void intelliJsProxies() throws Exception {
        works(Build.woven()
                .processors(List.of(IntelliJ.wrap(new LatentProcessor())))
                .compile(OptionsTest.program()));
    }

    @Test
    void classesThatCannotBeReadBack() throws Exception {
        IntelliJ build = new IntelliJ();
        Javac.Result result = Build.woven()
                .processors(List.of(IntelliJ.wrap(new LatentProcessor())))
                .through(standard -> build.consuming(standard, folder))
                .compile(Map.of("app.User", USER));
        assertEquals(List.of("User.class"), build.consumed);
        String message = only(result.errors());
        assertTrue(message.contains("[latent:not-woven]") && message.contains("IntelliJ"), message);
    }

    @Test
    void classesInMemoryThatOnlyJavacKnowsOf() throws Exception {
        Build build = Build.woven().through(standard -> new ForwardingJavaFileManager<>(standard) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("mem:///" + name + ".class"), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return OutputStream.nullOutputStream();
                    }
                };
            }
        });
        assertEquals(List.of(), build.compile(Map.of("Plain", "class Plain {}")).diagnostics());
        String message = only(build.compile(Map.of("app.User", USER)).errors());
        assertTrue(message.contains("User.java:5: [latent:not-woven]") && message.contains("read back"), message);
    }

    @Test
    void fileManagersAroundFileManagers() throws Exception {
        works(Build.woven()
                .through(standard -> new ForwardingJavaFileManager<>(new ForwardingJavaFileManager<>(standard) {}) {})
                .compile(OptionsTest.program()));
    }

    @Test
    void nextToOtherCompilationsOfTheSameThreadAndOfOthers() throws Exception {
        Callable<Void> nested = () -> {
            works(Build.woven()
                    .processors(List.of(new Nesting(), new LatentProcessor()))
                    .compile(OptionsTest.program()));
            works(Build.woven()
                    .processors(List.of(new LatentProcessor(), new Nesting()))
                    .compile(OptionsTest.program()));
            return null;
        };
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var each : threads.invokeAll(List.of(nested, nested))) {
                each.get();
            }
        }
    }

    /** Compiles something else, woven, unwoven and wrong, in the middle of its round. */
    @SupportedAnnotationTypes("*")
    private static final class Nesting extends AbstractProcessor {
        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (round.processingOver()) {
                return false;
            }
            try {
                works(Build.woven().compile(OptionsTest.program()));
                assertTrue(only(Build.woven()
                                .add("-proc:none")
                                .compile(Map.of("app.User", USER))
                                .errors())
                        .contains("latent:not-woven"));
                return false;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    // ---- where the weaver is found, and where it is not -------------------------------------------------------------

    @Test
    void onTheClassPath() throws Exception {
        String classPath = Build.path(Build.core(), Javac.weaver());
        works(Build.plain().classPath(classPath).add("-proc:full").compile(OptionsTest.program()));

        String message = only(Build.plain()
                .classPath(classPath)
                .compile(Map.of("app.User", USER))
                .errors());
        assertTrue(message.contains("User.java:5: [latent:not-woven]") && message.contains("is off"), message);
    }

    @Test
    void beforeAndBehindAProcessorThatClaimsEverything() throws Exception {
        Path service = folder.resolve("META-INF/services/javax.annotation.processing.Processor");
        Files.createDirectories(service.getParent());
        Files.writeString(service, Greedy.class.getName());

        works(Build.woven().processorPath(Javac.weaver(), folder, Build.tests()).compile(OptionsTest.program()));
        for (Build build : List.of(
                Build.woven().processorPath(folder, Build.tests(), Javac.weaver()),
                Build.woven().processorPath(Javac.weaver(), Build.tests()).add("-processor", Greedy.class.getName()))) {
            Javac.Result result = build.compile(Map.of("app.User", USER));
            String message = only(result.errors());
            assertTrue(message.contains("User.java:5: [latent:not-woven]") && message.contains("claims"), message);
            assertEquals(Set.of(), classes(result.classes()), "nothing unwoven is left to be run");
        }
    }

    /** Leaves no annotation to the processors behind it. */
    @SupportedAnnotationTypes("*")
    public static final class Greedy extends AbstractProcessor {
        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            return true;
        }
    }

    @Test
    void nothingIsSaidOfAnnotationsThatNobodyClaims() throws Exception {
        Map<String, String> sources = new LinkedHashMap<>(OptionsTest.program());
        sources.put("app.Marked", "package app; @Marked @interface Marked {}");
        works(Build.woven().add("-Xlint:all,-try", "-Werror").compile(sources));
    }

    @Test
    void withoutAnOutputFolder() throws Exception {
        List<String> files = write(folder, OptionsTest.program());
        javac(files, "-cp", Build.core(), "-processorpath", Javac.weaver(), "-Xlint:all,-try", "-Werror");
        assertEquals(OptionsTest.RESULT, run(folder));
        assertFalse(frames(folder).isEmpty());
    }

    private static List<String> write(Path root, Map<String, String> sources) throws IOException {
        List<String> files = new ArrayList<>();
        for (var source : sources.entrySet()) {
            Path file = root.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, source.getValue()).toString());
        }
        return files;
    }

    private static void javac(List<String> files, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/javac"));
        command.addAll(List.of(arguments));
        command.addAll(files);
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertEquals("", new String(javac.getInputStream().readAllBytes()));
        assertEquals(0, javac.waitFor());
    }

    private static String run(Path classes) throws Exception {
        return OptionsTest.run(
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, EnvironmentsTest.class.getClassLoader()),
                "app.Main");
    }

    @Test
    void inAnotherCompiler() throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        List<String> arguments = new ArrayList<>(write(folder, Map.of("app.User", USER)));
        arguments.addAll(
                List.of("--release", "25", "-d", "" + folder, "-cp", Build.core(), "-processorpath", Javac.weaver()));
        assertTrue(BatchCompiler.compile(arguments.toArray(String[]::new), out, out, null), said::toString);
        assertTrue(said.toString().contains("Latent weaves nothing here"), said::toString);
    }

    // ---- modules ----------------------------------------------------------------------------------------------------

    @Test
    void modules() throws Exception {
        LinkedHashMap<String, String> sources = OptionsTest.program();
        sources.put("module-info", "module shop { requires transitive dev.latent.core; exports app; exports base; }");
        List<String> files = write(folder, sources);
        for (String path : List.of("-processorpath", "--processor-module-path")) {
            Path out = folder.resolve("out" + path);
            javac(
                    files,
                    "-d",
                    "" + out,
                    "-p",
                    Build.core(),
                    path,
                    Javac.weaver(),
                    "-Xlint:all,-try,-missing-explicit-ctor",
                    "-Werror");
            assertEquals(OptionsTest.RESULT, run(out));
        }
    }

    @Test
    void severalModulesAtOnce() throws Exception {
        Path out = folder.resolve("out");
        List<String> files = new ArrayList<>();
        for (String module : List.of("one", "two")) {
            files.addAll(write(
                    folder.resolve(module),
                    Map.of("module-info", "module " + module + " { requires dev.latent.core; }", "app.User", USER)));
        }
        javac(
                files,
                "-d",
                "" + out,
                "-p",
                Build.core(),
                "-processorpath",
                Javac.weaver(),
                "--module-source-path",
                "" + folder);
        for (String module : List.of("one", "two")) {
            assertEquals(
                    Set.of("module-info.class", "app/User.class", "app/User$async$main$0.class"),
                    classes(out.resolve(module)));
        }
    }

    // ---- sources from elsewhere -------------------------------------------------------------------------------------

    @Test
    void sourcesThatAProcessorGenerates() throws Exception {
        works(Build.woven()
                .processors(List.of(new Generating(), new LatentProcessor()))
                .compile(Map.of("app.Other", "package app; class Other {}")));
    }

    /** Generates the program in its first round, class by class. */
    @SupportedAnnotationTypes("*")
    private static final class Generating extends AbstractProcessor {
        private final Map<String, String> left = OptionsTest.program();

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latest();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!left.isEmpty()) {
                String name = left.keySet().iterator().next();
                try (Writer out =
                        processingEnv.getFiler().createSourceFile(name).openWriter()) {
                    out.write(left.remove(name));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return false;
        }
    }

    @Test
    void sourcesThatJavacFindsByItself() throws Exception {
        Map<String, String> sources = OptionsTest.program();
        String base = sources.remove("base.Base");
        write(
                folder,
                Map.of(
                        "base.Base",
                        base.replace(
                                "protected String show",
                                "Future<?> implicit() { return Async.async(() -> 1); } protected String show")));
        Javac.Result result =
                Build.woven().add("-sourcepath", "" + folder, "-implicit:class").compile(sources);
        works(result);
        assertTrue(frames(result.classes()).contains("base/Base$async$implicit$0.class"));
    }

    // ---- other processors -------------------------------------------------------------------------------------------

    private static final Map<String, String> LOMBOK = Map.of("app.Main", """
            package app;
            import static dev.latent.Async.*;
            import dev.latent.*;
            import lombok.*;
            public class Main {
                @Value @Builder static class Order { String what; int count; }
                @RequiredArgsConstructor static class Shop {
                    private final String name;
                    @Getter private int sold;
                    @SneakyThrows private String close() { throw new java.io.IOException("closed " + name); }
                    Future<String> sell(@NonNull Order order) {
                        return async(() -> {
                            val count = await(Futures.ready(order.getCount()));
                            sold += count;
                            try { return close(); } catch (Exception e) { return e.getMessage() + " after " + getSold(); }
                        });
                    }
                }
                public static Future<?> main() {
                    return new Shop("tea").sell(Order.builder().what("oolong").count(3).build());
                }
            }
            """);

    @Test
    void lombok() throws Exception {
        String lombok = Build.jar("lombok");
        for (String path : List.of(Build.path(lombok, Javac.weaver()), Build.path(Javac.weaver(), lombok))) {
            Javac.Result result = Build.plain()
                    .classPath(Build.core(), lombok)
                    .processorPath(path)
                    .compile(LOMBOK);
            assertEquals(List.of(), result.diagnostics());
            assertEquals("closed tea after 3", OptionsTest.run(result.loader(), "app.Main"));
        }
    }

    @Test
    void mapStruct() throws Exception {
        String classPath = Build.path(Build.core(), Build.jar("mapstruct"));
        String mapStruct = Build.jar("mapstruct-processor");
        for (String path : List.of(Build.path(mapStruct, Javac.weaver()), Build.path(Javac.weaver(), mapStruct))) {
            Javac.Result result =
                    Build.plain().classPath(classPath).processorPath(path).compile(Map.of("app.Main", """
                    package app;
                    import static dev.latent.Async.*;
                    import dev.latent.*;
                    import org.mapstruct.*;
                    import org.mapstruct.factory.Mappers;
                    public class Main {
                        public record Car(String make, int seats) {}
                        public record CarDto(String make, int seatCount) {}
                        @Mapper public interface CarMapper {
                            @Mapping(source = "seats", target = "seatCount") CarDto toDto(Car car);
                            default Future<CarDto> fetch(Future<Car> car) { return async(() -> toDto(await(car))); }
                        }
                        public static Future<?> main() {
                            return Mappers.getMapper(CarMapper.class).fetch(Futures.ready(new Car("tram", 80)));
                        }
                    }
                    """));
            assertEquals(List.of(), result.diagnostics());
            assertEquals("CarDto[make=tram, seatCount=80]", OptionsTest.run(result.loader(), "app.Main"));
        }
    }

    // ---- the same from the same -------------------------------------------------------------------------------------

    @Test
    void theSameSourcesGiveTheSameClassFilesInAnyOrder() throws Exception {
        LinkedHashMap<String, String> sources = OptionsTest.program();
        sources.put("app.User", USER);
        Map<String, List<Byte>> expected =
                contents(Build.woven().compile(sources).classes());
        assertTrue(expected.size() > 8, expected.keySet()::toString);
        for (String policy : List.of("simple", "byfile", "bytodo")) {
            Map<String, String> reversed = new LinkedHashMap<>();
            sources.sequencedEntrySet().reversed().forEach(e -> reversed.put(e.getKey(), e.getValue()));
            assertEquals(
                    expected,
                    contents(Build.woven()
                            .add("-XDcompilePolicy=" + policy)
                            .compile(reversed)
                            .classes()));
        }
        Path oneByOne = folder.resolve("one-by-one");
        Files.createDirectories(oneByOne);
        for (var source : sources.entrySet()) {
            Build.wovenInto(oneByOne)
                    .classPath(Build.core(), oneByOne)
                    .compile(Map.of(source.getKey(), source.getValue()));
        }
        assertEquals(expected, contents(oneByOne));
    }

    private static Map<String, List<Byte>> contents(Path root) throws IOException {
        Map<String, List<Byte>> contents = new TreeMap<>();
        for (String name : classes(root)) {
            List<Byte> bytes = new ArrayList<>();
            for (byte b : Files.readAllBytes(root.resolve(name))) {
                bytes.add(b);
            }
            contents.put(name, bytes);
        }
        return contents;
    }
}
