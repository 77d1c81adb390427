package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.event.VMStartEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.StepRequest;
import dev.latent.compiler.generated.PlainAsync;
import dev.latent.compiler.generated.WovenAsync;
import java.io.File;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.attribute.RuntimeInvisibleTypeAnnotationsAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A debugger over a woven program stops where it stops over the same program with {@code await} as a blocking call, and shows what it
 * shows there. A breakpoint is set in every place of a line, as IntelliJ IDEA and VS Code do, so a line of the machine would be a stop too
 * many; or in the first place of it only, as jdb does, so a line whose first place nobody comes by would be one too few.
 */
class DebuggerTest {
    /** At each line that says {@code stop} all is shown; variables that it calls dead may be missing. */
    private static final String PROGRAM = """
            IMPORTS
            import java.io.*;
            import java.util.*;
            public class Story {
                static boolean slow;
                static <T> Future<T> leaf(T value) {
                    LEAF
                }
                private int field = 7;
                Future<String> loops(int captured, String unread) {
                    long wide = captured + 1L;
                    return async(() -> {
                        int total = 0;                                   // stop
                        for (int i = 0; i < 2; i++) {
                            String before = "b" + i;                     // stop
                            String got = await(leaf("v" + i));           // stop
                            total += got.length() + before.length();     // stop
                            boolean even = i % 2 == 0;
                            for (String s : List.of("x", "y")) {
                                char c = s.charAt(0);                    // stop dead: before got even
                                await(leaf(1));
                                byte small = (byte) c;                   // stop dead: c s before got even
                                total += small;                          // stop dead: c s before got even
                            }
                        }
                        double sum = total + wide + captured + field;    // stop
                        await(leaf(2));
                        field += (int) sum;                              // stop dead: total captured wide
                        return "" + sum;                                 // stop dead: total captured wide
                    });
                }
                Future<String> handlers(int n) {
                    return async(() -> {
                        String log = "";
                        try (StringReader in = new StringReader("abc"); StringReader two = new StringReader("d")) {
                            int first = in.read();                       // stop
                            log += await(leaf((char) first));            // stop
                            int second = two.read();                     // stop dead: first in two
                            log += await(leaf(second));
                            if (n == 1) throw new IOException("bad");    // stop dead: first second in two
                        } catch (IOException e) {
                            String text = e.getMessage();                // stop dead: n
                            log += await(leaf(text));                    // stop dead: n
                            log += e.getMessage();                       // stop dead: text n
                        } finally {
                            int inFinally = log.length();                // stop dead: n
                            await(leaf(0));
                            log += inFinally;                            // stop dead: n
                            await(leaf(0));
                            log += "!";                                  // stop dead: inFinally n
                        }
                        return log;                                      // stop dead: n
                    });
                }
                sealed interface Shape permits Circle, Box {}
                record Circle(int r) implements Shape {}
                record Box(int w, String name) implements Shape {}
                static Future<Integer> switches(Shape shape, int unused) {
                    return async(() -> {
                        int area = switch (shape) {
                            case Circle(int r) -> r * await(leaf(3));    // stop dead: shape
                            case Box b when b.w() > await(leaf(1)) -> {
                                String name = b.name();                  // stop dead: shape index$2
                                int w = await(leaf(b.w()));              // stop dead: shape index$2
                                yield w * name.length();                 // stop dead: b shape index$2 selector1$temp
                            }
                            case Box b -> 0;
                        };
                        return area + 1;                                 // stop dead: shape
                    });
                }
                Future<Integer> nested(int a) {
                    return async(() -> {
                        int x = a + 1;                                   // stop
                        Future<Integer> inner = async(() -> {
                            int y = await(leaf(x)) + a;                  // stop
                            int z = await(leaf(y)) + field;              // stop dead: x
                            return y + z;                                // stop dead: x a
                        });
                        int got = await(inner);                          // stop
                        return got + x;                                  // stop dead: inner a
                    });
                }
                interface Greeter {
                    String name();
                    default Future<String> greet(String word) {
                        return async(() -> {
                            String me = name();                          // stop
                            String there = await(leaf(word));            // stop
                            return there + me;                           // stop dead: word
                        });
                    }
                }
                record Person(String name) implements Greeter {}
                static <T> Future<List<T>> generic(List<T> in) {
                    return async(() -> {
                        List<T> out = new ArrayList<>();                 // stop
                        for (T each : in) {
                            T same = await(leaf(each));                  // stop dead: in
                            out.add(same);                               // stop dead: in each
                        }
                        int n; if (out.size() > 1) n = 1; else n = 2;
                        await(leaf(n));
                        return out;                                      // stop dead: n in
                    });
                }
                Future<Integer> reused() {
                    return async(() -> {
                        { int one = await(leaf(1)); field += one; }      // stop
                        { String two = await(leaf("two")); field += two.length(); }    // stop
                        int last = field;                                // stop
                        await(leaf(0));
                        last = last + 1;                                 // stop
                        await(leaf(0));
                        last = 5;                                        // stop dead: last
                        return last;                                     // stop
                    });
                }
                Future<Integer> arguments() {
                    Handler h = (a, unread) -> {
                        long c = a;                                      // stop
                        await(leaf(1));
                        return (int) c;                                  // stop dead: a unread
                    };
                    return async(() -> h.handle(1, "u") + h.handle(2, null));
                }
                Future<Integer> steps() {
                    return async(() -> {
                        int a = await(leaf(1));                          // step
                        int b = a                                        // step
                            + await(leaf(2));                            // step
                        for (int i = 0; i < 2; i++) {                    // step
                            b += await(leaf(i));                         // step
                        }
                        return b;                                        // step
                    });
                }
                public static void main(String[] args) throws Exception {
                    slow = args[0].equals("slow");
                    Story story = new Story();
                    run(story.loops(3, "u"));
                    run(story.handlers(0));
                    run(story.handlers(1));
                    run(switches(new Circle(2), 1));
                    run(switches(new Box(5, "box"), 1));
                    run(story.nested(4));
                    run(new Person("p").greet("hi"));
                    run(generic(List.of("g", "h")));
                    run(story.reused());
                    run(story.arguments());
                    run(story.steps());
                }
                static void run(Future<?> f) throws Exception {
                    RUN
                }
            }
            """;

    private static final String WOVEN = PROGRAM.replace(
                    "IMPORTS",
                    "import dev.latent.*; import dev.latent.Future; import static dev.latent.Async.*; import static "
                            + WovenAsync.class.getName() + ".*;")
            .replace(
                    "LEAF",
                    "return new Future<T>() { boolean polled; public Poll<T> poll(Context cx) {"
                            + " if (polled || !slow) return Poll.ready(value); polled = true; cx.waker().wake(); return Poll.pending(); }"
                            + " public void drop() {} };")
            .replace("RUN", "dev.latent.runtime.Latent.blockOn(f);");

    private static final String PLAIN = PROGRAM.replace(
                    "IMPORTS", "import static " + PlainAsync.class.getName() + ".*;")
            .replace("LEAF", "return () -> value;")
            .replace("RUN", "f.run();");

    /** A stop: the line, {@code this}, and the visible variables. */
    private record Stop(String where, Map<String, String> variables) {}

    /** Where a breakpoint on a line is set. */
    private enum Places {
        ALL,
        FIRST
    }

    @ParameterizedTest
    @EnumSource
    void stopsAndVariables(Places places) throws Exception {
        List<Stop> plain = debug(List.of("-g"), PLAIN, "plain", "// stop", places);
        assertTrue(plain.size() > 60, () -> "" + plain.size());
        for (String speed : List.of("fast", "slow")) {
            List<Stop> woven = debug(List.of("-g"), WOVEN, speed, "// stop", places);
            assertEquals(lines(plain), lines(woven), speed);
            for (int i = 0; i < plain.size(); i++) {
                Stop w = woven.get(i);
                assertEquals(expected(plain.get(i), w.variables.keySet()), w.variables, speed + " " + w.where);
            }
        }
    }

    /** javac writes lines, but no variables, if nobody says what to write. */
    @ParameterizedTest
    @EnumSource
    void stopsWithoutVariables(Places places) throws Exception {
        List<String> plain = lines(debug(List.of(), PLAIN, "plain", "// stop", places));
        assertEquals(plain, lines(debug(List.of(), WOVEN, "fast", "// stop", places)));
        assertEquals(plain, lines(debug(List.of(), WOVEN, "slow", "// stop", places)));
    }

    private static Map<String, String> expected(Stop plain, Set<String> shown) {
        int line = Integer.parseInt(plain.where.split(" ")[0]);
        String[] dead = PROGRAM.lines().toList().get(line - 1).split("dead: ");
        Set<String> mayMiss =
                dead.length == 1 ? Set.of() : Set.of(dead[1].strip().split(" "));
        Map<String, String> expected = new TreeMap<>(plain.variables);
        expected.keySet().removeIf(name -> mayMiss.contains(name) && !shown.contains(name));
        return expected;
    }

    /** Stepping stays on the thread as long as nothing suspends; after a suspension the next line's breakpoint is hit. */
    @Test
    void steps() throws Exception {
        List<Stop> plain = debug(List.of("-g"), PLAIN, "plain", "// step", Places.ALL);
        assertEquals(lines(plain), lines(debug(List.of("-g"), WOVEN, "fast", "// step", Places.ALL)));
        List<Stop> slow = debug(List.of("-g"), WOVEN, "slow", "// step", Places.ALL);
        slow.removeIf(s -> s.where.startsWith("stepped"));
        plain.removeIf(s -> s.where.startsWith("stepped"));
        assertEquals(lines(plain), lines(slow));
    }

    @Test
    void annotationsOfLocalsStay() throws Exception {
        Javac.Result result = Javac.compile(List.of("-g"), Map.of("Noted", """
                import static dev.latent.Async.*;
                import dev.latent.*;
                import java.lang.annotation.*;
                class Noted {
                    @Target(ElementType.TYPE_USE) @interface Mark {}
                    static Future<String> go(Future<String> f) {
                        return async(() -> {
                            int i = 1;
                            @Mark String s = await(f);
                            return s + i;
                        });
                    }
                }
                """));
        assertEquals(List.of(), result.errors());
        ClassModel noted = ClassFile.of().parse(result.classes().resolve("Noted.class"));
        List<String> marked = new ArrayList<>();
        for (MethodModel method : noted.methods()) {
            for (CodeElement e : method.code().orElseThrow().elementList()) {
                if (e instanceof RuntimeInvisibleTypeAnnotationsAttribute a
                        && a.annotations().getFirst().targetInfo() instanceof TypeAnnotation.LocalVarTarget target) {
                    int slot = target.table().getFirst().index();
                    method.code().get().elementStream().forEach(v -> {
                        if (v instanceof java.lang.classfile.instruction.LocalVariable local && local.slot() == slot) {
                            marked.add(local.name().stringValue());
                        }
                    });
                }
            }
        }
        assertEquals(List.of("s", "s"), marked, "in the first run and where it is resumed");
    }

    private static List<String> lines(List<Stop> stops) {
        return stops.stream().map(Stop::where).toList();
    }

    // ---- the debugger -----------------------------------------------------------------------------------------------

    private static List<Stop> debug(List<String> options, String source, String argument, String mark, Places places)
            throws Exception {
        Javac.Result result = Javac.compile(options, Map.of("Story", source));
        assertEquals(List.of(), result.errors());
        List<Integer> lines = new ArrayList<>();
        List<String> text = source.lines().toList();
        for (int i = 0; i < text.size(); i++) {
            if (text.get(i).contains(mark)) {
                lines.add(i + 1);
            }
        }
        VirtualMachine vm =
                launch(result.classes() + File.pathSeparator + System.getProperty("java.class.path"), argument);
        try {
            return new Session(vm, lines, mark.contains("step"), places).run();
        } finally {
            vm.process().destroyForcibly();
        }
    }

    private static VirtualMachine launch(String classPath, String argument) throws Exception {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("home").setValue(System.getProperty("java.home"));
        arguments.get("options").setValue("-Xshare:auto -XX:TieredStopAtLevel=1 -cp \"" + classPath + "\"");
        arguments.get("main").setValue("Story " + argument);
        return connector.launch(arguments);
    }

    private record Session(VirtualMachine vm, List<Integer> lines, boolean stepping, Places places) {
        List<Stop> run() throws Exception {
            for (String pattern : List.of("Story", "Story$*")) {
                ClassPrepareRequest loaded = vm.eventRequestManager().createClassPrepareRequest();
                loaded.addClassFilter(pattern);
                loaded.enable();
            }
            List<Stop> stops = new ArrayList<>();
            while (true) {
                EventSet events = vm.eventQueue().remove();
                for (Event event : events) {
                    switch (event) {
                        case ClassPrepareEvent e -> prepare(e.referenceType());
                        case BreakpointEvent e -> {
                            stops.add(stop("", e.thread()));
                            if (stepping) {
                                step(e.thread());
                            }
                        }
                        case StepEvent e -> {
                            vm.eventRequestManager().deleteEventRequest(e.request());
                            if (lines.contains(e.location().lineNumber()) || isBody(e.location())) {
                                stops.add(stop("stepped ", e.thread()));
                            }
                        }
                        case VMDeathEvent e -> {
                            return stops;
                        }
                        case VMDisconnectEvent e -> {
                            return stops;
                        }
                        case VMStartEvent e -> {}
                        default -> throw new AssertionError("" + event);
                    }
                }
                events.resume();
            }
        }

        private void prepare(ReferenceType type) {
            for (int line : lines) {
                try {
                    List<Location> all = type.locationsOfLine(line);
                    for (Location at : all.subList(0, places == Places.ALL ? all.size() : Math.min(1, all.size()))) {
                        vm.eventRequestManager().createBreakpointRequest(at).enable();
                    }
                } catch (AbsentInformationException e) {
                    return; // a class without lines: a frame's, or an interface without bodies
                }
            }
        }

        /** As opposed to what called it: that differs. */
        private static boolean isBody(Location at) {
            return at.method().name().startsWith("lambda$");
        }

        private void step(ThreadReference thread) {
            List<StepRequest> before = vm.eventRequestManager().stepRequests();
            vm.eventRequestManager().deleteEventRequests(before);
            StepRequest step =
                    vm.eventRequestManager().createStepRequest(thread, StepRequest.STEP_LINE, StepRequest.STEP_OVER);
            step.addClassExclusionFilter("java.*");
            step.addClassExclusionFilter("dev.latent.*");
            step.addCountFilter(1);
            step.enable();
        }

        private static Stop stop(String how, ThreadReference thread) throws Exception {
            StackFrame frame = thread.frame(0);
            Map<String, String> variables = new TreeMap<>();
            for (LocalVariable variable : visible(frame)) {
                String type = variable.typeName().replaceAll(".*Future$", "Future");
                variables.put(variable.name(), type + " " + text(frame.getValue(variable)));
            }
            Location at = frame.location();
            return new Stop(
                    how + at.lineNumber() + " in " + at.sourceName() + ", this "
                            + (frame.thisObject() == null
                                    ? "none"
                                    : frame.thisObject().referenceType().name()),
                    variables);
        }

        private static List<LocalVariable> visible(StackFrame frame) {
            try {
                return frame.visibleVariables();
            } catch (AbsentInformationException e) {
                return List.of();
            }
        }

        private static String text(Value value) {
            return switch (value) {
                case null -> "null";
                case StringReference s -> "\"" + s.value() + "\"";
                case com.sun.jdi.PrimitiveValue p -> p.toString();
                default -> value.type().name().replaceAll(".*(\\$\\$Lambda|\\$async\\$).*", "a body");
            };
        }
    }
}
