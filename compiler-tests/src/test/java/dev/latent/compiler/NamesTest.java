package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.compiler.names.Calls;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.names.CoreMethod;
import dev.latent.compiler.names.WovenCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler knows of core and runtime by name is so, and stands in one place. */
class NamesTest {
    /** Those of {@link Core} that name no class. */
    private static final Set<String> NO_CLASS = Set.of("PACKAGE", "FRAME_INFIX", "AGENT_PROPERTY");

    @Test
    void theClassesAreThere() throws Exception {
        List<String> names = new ArrayList<>();
        for (Field field : constants(Core.class, String.class)) {
            if (!NO_CLASS.contains(field.getName())) {
                names.add((String) field.get(null));
            }
        }
        assertTrue(names.size() > 20, names.toString());
        for (String name : names) {
            assertEquals(name, type(name).getName());
        }
        assertEquals(Core.PACKAGE, dev.latent.Async.class.getPackageName());
        assertTrue(Core.isInPackage(dev.latent.Async.class.getName()));
        assertFalse(Core.isInPackage(Core.LATENT));
    }

    @Test
    void theNamesThatAreNoClassesAreCoresToo() throws Exception {
        Field agent = Class.forName("dev.latent.NotWovenException").getDeclaredField("AGENT");
        agent.setAccessible(true);
        assertEquals(Core.AGENT_PROPERTY, agent.get(null));
        assertEquals(Core.MAX_AWAITS, dev.latent.AsyncFrame.MAX_POINTS);
    }

    @Test
    void whatWovenCodeCallsAndOverridesIsThere() throws Exception {
        int seen = 0;
        for (Field field : constants(WovenCode.class, CoreMethod.class)) {
            CoreMethod known = (CoreMethod) field.get(null);
            Class<?> owner = type(named(known.owner().descriptorString()));
            Method method = Stream.of(owner.getDeclaredMethods())
                    .filter(m -> m.getName().equals(known.name()))
                    .filter(m -> known.type().descriptorString().equals(descriptor(m)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(known + " is not there"));
            int flags = method.getModifiers();
            boolean overridden = owner == dev.latent.AsyncFrame.class;
            boolean ofAnObject = overridden || owner.isInterface() || owner == dev.latent.TaskLocal.class;
            assertEquals(ofAnObject, !Modifier.isStatic(flags), known + " is called otherwise");
            assertTrue(Modifier.isPublic(flags) || overridden && Modifier.isProtected(flags), known + " is hidden");
            assertFalse(overridden && Modifier.isFinal(flags), known + " is final");
            seen++;
        }
        assertTrue(seen > 30, "" + seen);
        for (String constant : List.of(WovenCode.SUSPENDED, WovenCode.PENDING)) {
            assertTrue(Modifier.isPublic(type(Core.WOVEN).getField(constant).getModifiers()));
        }
    }

    @Test
    void whatLintsKnowIsThere() throws Exception {
        int seen = 0;
        for (Field field : constants(Calls.class, Calls.class)) {
            Calls known = (Calls) field.get(null);
            List<Set<String>> methods = new ArrayList<>();
            for (String type : known.types()) {
                Set<String> ofType = new HashSet<>();
                for (Class<?> c = type(type); c != null; c = c.getSuperclass()) {
                    Arrays.stream(c.getDeclaredMethods()).map(Method::getName).forEach(ofType::add);
                }
                assertTrue(ofType.stream().anyMatch(known::has), field.getName() + ": " + type + " has none of them");
                methods.add(ofType);
            }
            for (String name : known.names()) {
                assertTrue(methods.stream().anyMatch(m -> m.contains(name)), field.getName() + ": there is no " + name);
            }
            seen++;
        }
        assertTrue(seen > 15, "" + seen);
        for (Field field : constants(Calls.class, Set.class)) {
            for (Object type : (Set<?>) field.get(null)) {
                type((String) type);
            }
        }
    }

    /** In Java and in the lists beside it: a name outside of the package would be forgotten when its class moves. */
    @Test
    void noNameStandsElsewhere() throws IOException {
        Pattern literal = Pattern.compile("\"[^\"\n]*dev[./]latent[./](?!compiler)[^\"\n]*\"");
        Path main = Path.of("../compiler/src/main");
        List<String> found = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.walk(main)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                boolean java = file.toString().endsWith(".java");
                boolean list = file.toString().endsWith(".txt");
                if (!java && !list || file.startsWith(main.resolve("java/dev/latent/compiler/names"))) {
                    continue;
                }
                files++;
                String text = Files.readString(file);
                if (java && literal.matcher(text).find()) {
                    found.add(file.toString());
                }
                if (list) {
                    found.addAll(missing(text));
                }
            }
        }
        assertTrue(files > 70, "" + files);
        assertEquals(List.of(), found);
    }

    /** {@return the methods of Latent's own that a published list names, and that are not there} */
    private static List<String> missing(String list) {
        List<String> missing = new ArrayList<>();
        Matcher name = Pattern.compile("(dev\\.latent\\.[\\w.]+)#(\\w+)").matcher(list);
        while (name.find()) {
            try {
                if (Stream.of(Class.forName(name.group(1)).getMethods())
                        .noneMatch(m -> m.getName().equals(name.group(2)))) {
                    missing.add(name.group());
                }
            } catch (ClassNotFoundException e) {
                missing.add(name.group());
            }
        }
        return missing;
    }

    private static List<Field> constants(Class<?> of, Class<?> type) {
        List<Field> constants = Stream.of(of.getFields())
                .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == type)
                .toList();
        assertFalse(constants.isEmpty());
        return constants;
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, false, NamesTest.class.getClassLoader());
    }

    private static String named(String descriptor) {
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private static String descriptor(Method method) {
        return java.lang.invoke.MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
    }
}
