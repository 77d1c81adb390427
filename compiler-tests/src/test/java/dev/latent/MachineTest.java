package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.names.Core;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import dev.latent.io.Net;
import dev.latent.runtime.Latent;
import java.lang.reflect.Method;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what is machine says of the code what is so: all of core, io and runtime, and nothing that there is not. */
class MachineTest {
    /** One class of each module that is machine. */
    private static final List<Class<?>> MODULES = List.of(Async.class, Net.class, Latent.class);

    @Test
    void everyClassOfThemIsInIt() throws Exception {
        List<String> missing = new ArrayList<>();
        for (Class<?> module : MODULES) {
            List<String> classes = classesBeside(module);
            assertTrue(classes.contains(module.getName()), classes.toString());
            classes.stream().filter(type -> !Machine.is(type)).forEach(missing::add);
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyPackageInItIsThere() throws Exception {
        Set<String> packages = new HashSet<>();
        for (Class<?> module : MODULES) {
            classesBeside(module).forEach(type -> packages.add(type.substring(0, type.lastIndexOf('.'))));
        }
        assertEquals(packages, Machine.PACKAGES);
    }

    @Test
    void everyMethodInItIsThere() throws Exception {
        Set<String> steps = Stream.of(WovenCode.START, WovenCode.START_CALLED, WovenCode.STEP)
                .map(CoreMethod::name)
                .collect(Collectors.toSet());
        assertEquals(steps, Machine.STEPS);
        assertEquals(Core.FRAME_INFIX, Machine.FRAME_INFIX);
        assertTrue(methods(Machine.LOOP_CLASS).contains(Machine.LOOP));
        assertTrue(Machine.CHAIN.contains(Machine.LOOP_CLASS));
        Set<String> ofChain =
                Machine.CHAIN.stream().flatMap(c -> methods(c).stream()).collect(Collectors.toSet());
        assertTrue(ofChain.containsAll(Machine.ENTRANCES), ofChain.toString());
        for (String entrance : Machine.ENTRANCES) {
            assertTrue(methods(OwnedFuture.class).contains(entrance), entrance);
        }
    }

    @Test
    void aProgramIsNone() {
        assertFalse(Machine.is("Main"));
        assertFalse(Machine.is("com.acme.Shop"));
        assertFalse(Machine.is("dev.latent.web.WebServer"));
        assertFalse(Machine.is(Core.class.getName()));
        assertTrue(Machine.is("com.acme.Shop$async$checkout$0"), "a frame is called by the machine");
        assertTrue(Machine.is(Poll.Ready.class.getName()));
    }

    private static Set<String> methods(Class<?> of) {
        return Stream.of(of.getDeclaredMethods()).map(Method::getName).collect(Collectors.toSet());
    }

    /** {@return the names of all classes in the folder or jar with {@code one}} */
    private static List<String> classesBeside(Class<?> one) throws Exception {
        Path root =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(root)) {
            return classesIn(root);
        }
        try (FileSystem jar = FileSystems.newFileSystem(root)) {
            return classesIn(jar.getPath("/"));
        }
    }

    private static List<String> classesIn(Path root) throws Exception {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class")
                            && !name.endsWith("module-info.class")
                            && !name.endsWith("package-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }
}
