package dev.latent.examples.rules;

import static dev.latent.examples.rules.Thing.CHANCE;
import static dev.latent.examples.rules.Thing.FILES;
import static dev.latent.examples.rules.Thing.LOG;
import static dev.latent.examples.rules.Thing.NEW_THREADS;
import static dev.latent.examples.rules.Thing.ORDER;
import static dev.latent.examples.rules.Thing.RESOLVER;
import static dev.latent.examples.rules.Thing.SOCKETS;
import static dev.latent.examples.rules.Thing.STATIC;
import static dev.latent.examples.rules.Thing.THREAD;
import static dev.latent.examples.rules.Thing.TIME;
import static dev.latent.examples.rules.Thing.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitReference;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What comes from outside comes by the world. Who takes it elsewhere stands in the table with the reason; what the table allows and nobody
 * needs has to go from it.
 */
class OutsideTest {
    private static final List<String> MODULES = List.of("core", "io", "runtime", "resilience", "web");
    private static final Map<String, Set<Thing>> TABLE = new TreeMap<>();

    private static void allow(String why, String type, Thing first, Thing... rest) {
        assertTrue(!why.isBlank() && TABLE.put("dev.latent." + type, EnumSet.of(first, rest)) == null, type);
    }

    static {
        String system = "it is the machine's";
        allow(system, "runtime.system.SystemClock", TIME);
        allow(system, "runtime.system.SystemRandom", CHANCE);
        allow(system, "runtime.system.SystemEntropy", CHANCE, STATIC);
        allow(system, "runtime.system.SystemResolver", RESOLVER);
        allow(system, "runtime.system.SystemFiles", FILES);
        allow(system, "runtime.system.SystemTemp", FILES);
        allow(system, "runtime.system.Opening", FILES);
        allow(
                "it keeps an interrupt of the thread that polls from closing a file",
                "runtime.system.SystemFile",
                THREAD);
        allow(system, "runtime.system.SystemProcesses", FILES);
        allow(system + "; it reads whose children processes are", "runtime.system.Offspring", FILES);
        allow(system + "; a thread waits for its end", "runtime.system.SystemProcess", NEW_THREADS);
        allow("a process has one set of handlers of signals", "runtime.system.SystemSignals", STATIC);
        allow("a process has one machine, whose threads and driver are made once", "runtime.SystemWorld", STATIC);
        allow("the machine's thread of time and network", "runtime.Background", NEW_THREADS, THREAD, WAITING, STATIC);
        allow("the machine's threads for calls that block", "runtime.blocking.ThreadBlockingPool", NEW_THREADS);
        allow("the machine's threads that compute", "runtime.blocking.ForkJoinComputePool", NEW_THREADS);
        allow("it runs on such a thread, and interrupts it", "runtime.blocking.BlockingCall", THREAD);
        allow("the default failure handler is what logs", "world.LoggedFailures", LOG);

        allow("the empty one, which holds nothing", "world.World", STATIC);

        String network = "the machine's network";
        allow(network + "; it closes its sockets in any order", "runtime.driver.nio.NioDriver", SOCKETS, ORDER);
        allow(network, "runtime.driver.nio.NioTcpListener", SOCKETS);
        allow(network + "; the system moves a file into its socket", "runtime.driver.nio.NioTcpStream", SOCKETS, FILES);
        allow("its buffers are spread by thread, and nobody sees which", "runtime.driver.nio.IoBuffers", THREAD);

        String executor = "an executor asks which thread it is on, and parks it";
        allow(executor, "runtime.LocalExecutor", THREAD, WAITING);
        allow(executor, "runtime.LocalLoop", THREAD);
        allow(executor, "runtime.LocalDump", THREAD, WAITING);
        allow(executor, "runtime.WorkStealingExecutor", THREAD, WAITING, NEW_THREADS);
        allow(executor, "runtime.Worker", NEW_THREADS, WAITING);
        allow(executor, "runtime.DriverSlot", THREAD, WAITING);
        allow(executor, "runtime.driver.ParkDriver", THREAD, WAITING);
        allow(executor, "runtime.Blocking", THREAD, WAITING);
        allow(executor, "runtime.OnExecutor", THREAD);
        allow(executor, "runtime.ThreadPerCore", THREAD, NEW_THREADS);
        allow(
                "it looks at the threads of executors, from one of its own",
                "runtime.Watchdog",
                TIME,
                THREAD,
                NEW_THREADS,
                WAITING);
        allow("the mark of a thread that polls, set once as a run loop enters", "runtime.RunLoop", THREAD, STATIC);
        allow("it reads that mark", "runtime.Latent", THREAD);
        allow("for some instructions, until another thread is through", "task.TaskState", WAITING);
        allow("for some instructions, until another thread is through", "WaiterList", WAITING);
        allow("a list of executors for people, in the order of their making", "runtime.inspect.Tasks", STATIC);
        allow("what a thread does, for people", "AwaitChain", THREAD);
        allow("a thread outside any executor that waits for a future", "internal.ParkedThread", THREAD, WAITING);
        allow(
                "a list of locks for people, in the order in which they were first waited for",
                "task.Deadlocks",
                STATIC,
                ORDER);
        allow("a list of tasks for people, in the order in which they were stranded", "task.Stranded", STATIC);
        allow("whether anything was ever to be looked after, for people", "internal.Lost", STATIC);

        allow("on Linux a file tells what the JVM has loaded", "internal.Debugger", FILES);
        allow("names that never change", "NotWovenException", STATIC);

        allow("it tells one thread from others, for channels that are for one", "internal.OneThread", THREAD);
        allow("an array without elements", "channel.Messages", STATIC);

        allow("an array without elements", "io.MemoryPipe", STATIC);
        String stands = "a thread that blocks, and stays interrupted if it is";
        allow(stands, "io.ReaderStream", THREAD);
        allow(stands, "io.WriterStream", THREAD);

        allow("a mark that stands in for no message", "runtime.Inbox", STATIC);
        allow("it tells that a text is nothing but a hash, and leaves that out", "internal.Names", ORDER);

        String asked = "asked for one, never walked through";
        allow(asked, "AwaitTrace", ORDER);
        allow(asked, "JoinMap", ORDER);
        allow(asked, "web.Connections", ORDER);
        allow("the empty one, which holds nothing; and what a thread has that works for a task", "TaskLocals", STATIC);
        allow(asked + "; and an array without elements", "SharedFuture", ORDER, STATIC);
        allow(asked + "; they never change", "Machine", ORDER, STATIC);

        allow("it reads the time that a peer wrote", "web.internal.HttpCodec", TIME);
        allow("no fields", "web.http.Headers", STATIC);
        allow("arrays without elements, and ones that never change", "web.Answers", STATIC);
        allow("an array that never changes", "web.Inbound", STATIC);
        allow("arrays that never change", "web.http.PartDecoder", STATIC);
        allow("arrays that never change", "web.ResponseHead", STATIC);
        allow("an empty one, and an array without elements", "web.http.Body", STATIC);
        allow("an array without elements", "web.Http", STATIC);
        allow("an array without elements", "web.internal.HeadBuffer", STATIC);
        allow("an array that never changes", "web.Deflate", STATIC);
        allow("an array without elements", "web.Send", STATIC);
        allow("an array without elements", "web.FrameDecoder", STATIC);
        allow("an array without elements", "web.FramedSocket", STATIC);
    }

    @Test
    void onlyTheSystemsWorldKnowsTheOutside() {
        Map<String, Set<Thing>> used = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.latent")) {
            if (MODULES.contains(Layers.of(type.getPackageName()))) {
                String owner = topLevel(type);
                Map<Thing, Set<String>> things = things(type);
                used.computeIfAbsent(owner, _ -> EnumSet.noneOf(Thing.class)).addAll(things.keySet());
                things.forEach((thing, members) -> {
                    if (!TABLE.getOrDefault(owner, Set.of()).contains(thing)) {
                        wrong.add(type.getName() + " uses " + members + " (" + thing + "): " + thing.instead());
                    }
                });
            }
        }
        TABLE.forEach((owner, things) -> {
            for (Thing thing : things) {
                if (!used.getOrDefault(owner, Set.of()).contains(thing)) {
                    wrong.add(owner + " does not need " + thing + ": take it out of the table");
                }
            }
        });
        assertEquals(List.of(), wrong, String.join("\n", wrong));
        assertTrue(used.containsKey("dev.latent.Future"), "core was read");
    }

    @Test
    void theRuleFindsEveryThing() {
        Map<Thing, Set<String>> found = new TreeMap<>();
        new ClassFileImporter().importClasses(Offender.class).forEach(type -> found.putAll(things(type)));
        assertEquals(EnumSet.allOf(Thing.class), found.keySet());
        assertEquals(
                Set.of("changing", "list", "self", "lazily"),
                new TreeSet<>(found.get(STATIC)),
                "and of statics those that may change");
    }

    private static Map<Thing, Set<String>> things(JavaClass type) {
        Map<Thing, Set<String>> found = new TreeMap<>();
        Stream.concat(
                        type.getAccessesFromSelf().stream().map(JavaAccess::getTarget),
                        type.getCodeUnitReferencesFromSelf().stream().map(JavaCodeUnitReference::getTarget))
                .forEach(target -> note(found, target));
        for (JavaField field : type.getFields()) {
            if (isShared(field)) {
                found.computeIfAbsent(STATIC, _ -> new TreeSet<>()).add(field.getName());
            }
        }
        return found;
    }

    private static void note(Map<Thing, Set<String>> found, AccessTarget target) {
        for (Thing thing : Thing.values()) {
            if (thing.isIn(target.getOwner().getName(), target.getName())) {
                found.computeIfAbsent(thing, _ -> new TreeSet<>())
                        .add(target.getOwner().getSimpleName() + "." + target.getName());
            }
        }
    }

    private static String topLevel(JavaClass type) {
        return type.getEnclosingClass().map(OutsideTest::topLevel).orElse(type.getName());
    }

    private static boolean isShared(JavaField field) {
        Set<JavaModifier> modifiers = field.getModifiers();
        // A body's frame class keeps whether the body has ever suspended: a guess, of which nothing but speed depends.
        if (field.getName().equals("suspends") && field.getOwner().getName().contains("$async$")) {
            return false;
        }
        return modifiers.contains(JavaModifier.STATIC)
                && !modifiers.contains(JavaModifier.SYNTHETIC)
                && (!modifiers.contains(JavaModifier.FINAL) || mayChange(field.getRawType(), new TreeSet<>()));
    }

    /** By the type alone; what an interface hides is not seen, except that a world holds parts that change. */
    private static boolean mayChange(JavaClass type, Set<String> asked) {
        if (type.isArray() || !asked.add(type.getName())) {
            return type.isArray();
        }
        if (!type.getPackageName().startsWith("dev.latent")) {
            return Stream.of(Collection.class, Map.class, Executor.class, ThreadLocal.class, java.util.Random.class)
                            .anyMatch(type::isAssignableTo)
                    || type.getPackageName().equals("java.util.concurrent.atomic")
                    || type.getPackageName().equals("java.util.concurrent.locks")
                    || type.isEquivalentTo(StringBuilder.class);
        }
        return type.isEquivalentTo(World.class)
                || type.getAllFields().stream()
                        .filter(f -> f.getOwner().getPackageName().startsWith("dev.latent"))
                        .filter(f -> !f.getModifiers().contains(JavaModifier.STATIC))
                        .anyMatch(f ->
                                !f.getModifiers().contains(JavaModifier.FINAL) || mayChange(f.getRawType(), asked));
    }
}
