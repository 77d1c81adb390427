package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Type;
import dev.latent.compiler.generated.Source.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Writes expressions, most of which may suspend. */
final class Expressions {
    static final List<String> EXCEPTIONS = List.of(
            "java.io.IOException",
            "IllegalStateException",
            "java.util.NoSuchElementException",
            "java.io.FileNotFoundException");

    private final Source s;

    /** The async methods that may be called: with {@code %s} for the world and its three arguments. */
    final List<String> methods = new ArrayList<>();

    /** Set by those. */
    Statements statements;

    Expressions(Source source) {
        s = source;
    }

    String self() {
        return s.place.self;
    }

    /** {@return a call of the world} */
    String world(String call) {
        return self() + "." + call;
    }

    String of(Type type) {
        return of(type, s.chance(12) ? 3 : s.chance(40) ? 2 : 1);
    }

    /** {@return an argument: javac attributes twice what is no cast, and once more for each call around} */
    String argument(Type type) {
        return "(" + type.text + ") " + of(type);
    }

    private String argument(Type type, int depth) {
        return "(" + type.text + ") " + of(type, depth);
    }

    /** {@return an argument of a constructor} */
    private String made(Type type, int depth) {
        if (mayBlock() && s.chance(40)) {
            s.use(NEW_AROUND_TRY);
            return blocked(type, depth);
        }
        return argument(type, depth);
    }

    String of(Type type, int depth) {
        if (depth <= 0) {
            return atom(type);
        }
        switch (s.pick(15)) {
            case 0, 1 -> {
                return atom(type);
            }
            case 2, 3, 4, 5, 6 -> {
                if (s.place.awaits) {
                    return awaited(type, depth);
                }
            }
            case 7 -> {
                s.use(TERNARY);
                return "((" + type.text + ") (" + of(Type.BOOL, depth - 1) + " ? " + of(type, depth - 1) + " : "
                        + of(type, depth - 1) + "))";
            }
            case 8 -> {
                List<Var> mutable =
                        s.mutable().stream().filter(v -> v.type() == type).toList();
                if (!mutable.isEmpty()) {
                    return assigned(s.any(mutable), depth);
                }
            }
            case 9 -> {
                return mayBlock() && s.chance(40) ? blocked(type, depth) : switched(type, depth);
            }
            default -> {}
        }
        return operation(type, depth);
    }

    private String awaited(Type type, int depth) {
        return "((" + type.text + ") await("
                + leaf(s.use(NESTED_AWAIT, "(" + type.text + ") (" + of(type, depth - 1) + ")"), type) + "))";
    }

    /** {@return a future of {@code value} that suspends up to twice, and sometimes fails} */
    String leaf(String value, Type type) {
        int pendings = s.pick(3);
        String made = world("<" + type.box + ">leaf(" + value + ", " + pendings + ")");
        switch (s.pick(10)) {
            case 0 -> {
                s.use(BY_HAND);
                return world("<" + type.box + ">wrap(" + made + ")");
            }
            case 1 -> {
                String failure = s.chance(50) ? "new " + s.any(EXCEPTIONS) + "(\"" + s.fresh("f") + "\")" : "null";
                return world("<" + type.box + ">fail(" + failure + ", " + value + ", " + pendings + ")");
            }
            default -> {
                return made;
            }
        }
    }

    private String assigned(Var v, int depth) {
        return switch (v.type()) {
            case INT, LONG, STRING -> {
                if (s.chance(50)) {
                    yield "(" + v.name() + " = " + of(v.type(), depth - 1) + ")";
                }
                yield "("
                        + s.use(
                                READ_THEN_ASSIGN,
                                v.name() + " + (" + v.name() + " = " + overWide(() -> of(v.type(), depth - 1)) + ")")
                        + ")";
            }
            default -> "(" + v.name() + " = " + of(v.type(), depth - 1) + ")";
        };
    }

    private String switched(Type type, int depth) {
        String y = s.fresh("y");
        String block = "{ " + world("log(" + argument(Type.STRING, depth - 1)) + "); " + type.text + " " + y + " = "
                + of(type, depth - 1) + "; yield " + y + "; }";
        String text =
                switch (s.pick(4)) {
                    case 0 ->
                        "switch (" + of(Type.STRING, depth - 1) + ") { case \"c\", \"7\" -> " + of(type, depth - 1)
                                + "; case \"main\" -> " + block + " default -> " + of(type, depth - 1) + "; }";
                    case 1 ->
                        "switch (Colour.values()[" + index(depth) + "]) { case RED -> " + of(type, depth - 1)
                                + "; case GREEN -> " + block + " case BLUE, PINK -> throw new IllegalStateException(\""
                                + s.fresh("blue") + "\"); }";
                    case 2 ->
                        "switch (" + index(depth) + ") { case 0: yield ((" + of(type, depth - 1) + ")); case 1: "
                                + world("log(\"" + s.fresh("one") + "\"); ") + "default: yield ((" + of(type, depth - 1)
                                + ")); }";
                    default ->
                        "switch (" + index(depth) + ") { case 0 -> " + of(type, depth - 1) + "; case 1 -> " + block
                                + " default -> " + of(type, depth - 1) + "; }";
                };
        s.use(SWITCH_EXPRESSION);
        if (!text.startsWith("switch (Math")) {
            s.use(SWITCH_STRING);
        }
        return "((" + type.text + ") (" + text + "))";
    }

    /** {@return whether a switch with a try in it may be written here} Over a long or double javac breaks down. */
    boolean mayBlock() {
        return s.place.awaits && s.blocks > 0 && !s.place.overWide;
    }

    /** {@return what {@code write} writes where a long or double is on the operand stack} */
    String overWide(Supplier<String> write) {
        Place outer = s.enter();
        s.place.overWide = true;
        String written = write.get();
        s.leave(outer);
        return written;
    }

    /** {@return a switch expression with statements in it that begin with an empty operand stack, whatever is on it} */
    String blocked(Type type, int depth) {
        s.use(SWITCH_WITH_TRY);
        s.blocks--;
        String selector =
                s.chance(50) ? index(depth) : "Math.abs((int) await(" + leaf(atom(Type.INT), Type.INT) + ") % 3)";
        String arms = s.aside(() -> statements.arms(4, type, true));
        return "((" + type.text + ") (switch (" + selector + ") {\n" + arms + "}))";
    }

    /** {@return 0 or 1, seldom a 7} */
    String index(int depth) {
        return s.chance(5) ? "7" : "Math.abs(" + of(Type.INT, depth - 1) + " % 2)";
    }

    private String operation(Type type, int depth) {
        int d = depth - 1;
        return switch (type) {
            case INT -> integer(d);
            case LONG ->
                s.place.awaits && s.chance(4)
                        ? deep()
                        : s.use(
                                WIDE,
                                "(" + of(Type.LONG, d) + " - "
                                        + overWide(() -> of(s.chance(50) ? Type.INT : Type.LONG, d)) + ")");
            case DOUBLE ->
                s.use(
                        WIDE,
                        "(" + of(Type.DOUBLE, d) + " * 0.5 + "
                                + overWide(() -> of(s.chance(50) ? Type.FLOAT : Type.LONG, d)) + ")");
            case FLOAT -> "(" + of(Type.FLOAT, d) + " + " + of(Type.CHAR, d) + ")";
            case BOOL -> bool(d);
            case BYTE, SHORT, CHAR -> "((" + type.text + ") (" + of(Type.INT, d) + " % 100))";
            case STRING -> string(d);
            case BOXED -> "((Integer) (" + of(Type.INT, d) + "))";
            case OBJECT -> object(d);
            case SHAPE ->
                s.chance(50)
                        ? s.use(NEW, "new Box(" + made(Type.SHAPE, d) + ", " + made(Type.STRING, d) + ")")
                        : s.use(NEW, "new Line(" + made(Type.SHAPE, d) + ", " + made(Type.SHAPE, d) + ")");
            case INTS -> {
                if (s.chance(30)) {
                    yield s.use(ARRAY_DIMENSIONS, "((int[]) (new int[" + index(2) + " + 2][" + index(2) + " + 2])[0])");
                }
                s.use(ARRAY_INITIALISER);
                yield "new int[] {" + of(Type.INT, d) + ", " + of(Type.INT, d) + "}";
            }
        };
    }

    /** {@return an expression that has more and more on the operand stack, so that awaits share the code of their spills} */
    private String deep() {
        s.use(DEEP);
        StringBuilder text = new StringBuilder();
        StringBuilder end = new StringBuilder();
        for (int n = 30 + s.pick(31); n > 0; n--) {
            String value = s.chance(80)
                    ? "await(" + world("<Integer>leaf(" + atom(Type.INT) + ", " + s.pick(2) + "))")
                    : atom(Type.INT);
            String[] around =
                    switch (s.pick(6)) {
                        case 0, 1 -> new String[] {"((int) " + value + " + ", ")"};
                        case 2 -> new String[] {"((long) " + value + " - ", ")"};
                        case 3 -> new String[] {"new Sum(" + value + ", " + value + ", ", ").sum()"};
                        case 4 -> new String[] {world("sum(") + value + ", " + value + ", (int) ", ")"};
                        default -> new String[] {"(\"n\" + " + value + ").concat(\"\" + ", ").length()"};
                    };
            text.append(around[0]);
            end.insert(0, around[1]);
        }
        return "(" + text + "1L" + end + ")";
    }

    private String integer(int d) {
        return switch (s.pick(18)) {
            case 15 ->
                s.use(
                        NEW_INNER,
                        "new Outer(" + made(Type.INT, d) + ").new Inner(" + made(Type.INT, d) + ", "
                                + made(Type.STRING, d) + ").sum()");
            case 0 -> "(" + of(Type.INT, d) + " + " + of(Type.INT, d) + ")";
            case 14 -> {
                s.use(SYNCHRONIZED_METHOD);
                yield world("locked(" + argument(Type.INT, d) + ")");
            }
            case 1 -> "(" + of(Type.INT, d) + " * " + of(Type.SHORT, d) + ")";
            case 2 -> of(Type.STRING, d) + ".length()";
            case 3 -> of(Type.INTS, d) + "[" + index(d) + "]";
            case 4 -> s.use(NEW, sum(d)) + ".sum()";
            case 5 -> {
                s.use(CONDITIONAL_NEW);
                yield "(" + of(Type.BOOL, d) + " ? " + sum(d) + " : " + s.use(NESTED_NEW, nestedSum(d)) + ").sum()";
            }
            case 6 -> {
                s.use(PRIVATE_ACCESS);
                yield s.chance(50) ? world("field++") : "(" + world("field += ") + of(Type.INT, d) + ")";
            }
            case 7 -> {
                s.use(DIVISION);
                yield "(" + of(Type.INT, d) + " / (" + of(Type.INT, d) + (s.chance(30) ? " % 3))" : " | 1))");
            }
            case 8 -> element(d);
            case 9 -> {
                String to = cell() + ".n ";
                String value = of(Type.INT, Math.max(1, d));
                yield s.chance(50)
                        ? "(" + s.use(FIELD_ASSIGN, to + "= " + value) + ")"
                        : "(" + s.use(FIELD_COMPOUND, to + "+= " + value) + ")";
            }
            case 10 -> increment(d);
            case 11 -> {
                s.use(METHOD_REFERENCE);
                yield world("apply(String::length, " + argument(Type.STRING, d) + ")");
            }
            case 12 -> {
                s.use(ORDINARY_LAMBDA);
                String q = s.fresh("q");
                Place outer = s.enterBody(null);
                s.place.awaits = false;
                String body = of(Type.INT, 1);
                s.leave(outer);
                yield world(
                        "apply(" + (s.chance(30) ? "_" : q) + " -> " + body + ", " + argument(Type.STRING, d) + ")");
            }
            case 13 ->
                s.place.handlers.isEmpty() || !s.place.awaits
                        ? "((int) " + of(Type.BOXED, d) + ")"
                        : String.format(
                                s.any(s.place.handlers),
                                argument(Type.LONG, d),
                                overWide(() -> argument(Type.STRING, d)));
            default ->
                s.use(
                        ARGUMENT,
                        world("sum(" + argument(Type.INT, d) + ", " + argument(Type.INT, d) + ", "
                                + argument(Type.INT, d) + ")"));
        };
    }

    private String sum(int d) {
        return "new Sum(" + made(Type.INT, d) + ", " + made(Type.DOUBLE, d) + ", " + overWide(() -> made(Type.LONG, d))
                + ")";
    }

    private String nestedSum(int d) {
        return "new Sum(" + atom(Type.INT) + ", " + sum(d) + ".sum(), " + overWide(() -> made(Type.LONG, d)) + ")";
    }

    private String element(int d) {
        List<Var> arrays =
                s.mutable().stream().filter(v -> v.type() == Type.INTS).toList();
        String array = arrays.isEmpty() || s.chance(10)
                ? world("array()")
                : s.any(arrays).name();
        return switch (s.pick(3)) {
            case 0 -> "(" + s.use(ELEMENT_ASSIGN, array + "[" + index(d) + "] = " + of(Type.INT, Math.max(1, d))) + ")";
            case 1 -> "(" + s.use(ELEMENT_COMPOUND, array + "[" + index(d) + "] += " + of(Type.INT, d)) + ")";
            default -> array + "[" + index(d) + "]++";
        };
    }

    private String increment(int d) {
        List<Var> ints = s.mutable().stream().filter(v -> v.type() == Type.INT).toList();
        if (ints.isEmpty()) {
            return "(" + world("field--") + " + " + of(Type.INT, d) + ")";
        }
        s.use(INCREMENT);
        String v = s.any(ints).name();
        return s.chance(50) ? "(" + v + "++ + " + of(Type.INT, d) + ")" : "(" + of(Type.INT, d) + " - --" + v + ")";
    }

    private String cell() {
        return world(s.chance(8) ? "noCell()" : "cell()");
    }

    private String bool(int d) {
        return switch (s.pick(5)) {
            case 0 -> s.use(SHORT_CIRCUIT, "(" + of(Type.BOOL, d) + " && " + of(Type.BOOL, d) + ")");
            case 1 -> s.use(SHORT_CIRCUIT, "(" + of(Type.BOOL, d) + " || " + of(Type.BOOL, d) + ")");
            case 2 -> "!(" + of(Type.BOOL, d) + ")";
            case 3 -> "(" + of(Type.INT, d) + " < " + overWide(() -> of(Type.LONG, d)) + ")";
            default -> {
                s.use(PATTERN_BINDING);
                String x = s.fresh("x");
                yield "((Object) " + of(Type.OBJECT, d) + " instanceof Integer " + x + " && " + x + " < "
                        + of(Type.INT, d) + ")";
            }
        };
    }

    private String string(int d) {
        return switch (s.pick(10)) {
            case 8 ->
                s.use(
                        NEW_SUBCLASS,
                        "new Base(" + made(Type.STRING, d) + ") { String told() { return base + \"told\"; } }.told()");
            case 7 -> stream(d);
            case 0, 1 ->
                s.use(
                        CONCAT,
                        "(" + of(Type.STRING, d) + " + " + overWide(() -> of(Type.INT, d) + " + " + of(Type.DOUBLE, d))
                                + ")");
            case 2 -> world("show(" + argument(Type.OBJECT, d) + ")");
            case 3 ->
                s.use(
                        ARGUMENT,
                        "new StringBuilder(" + argument(Type.STRING, d) + ").append(" + argument(Type.CHAR, d)
                                + ").append(" + argument(Type.LONG, d) + ").toString()");
            case 4 ->
                s.use(
                        ARGUMENT,
                        "String.join(" + argument(Type.STRING, d) + ", \"u\", " + argument(Type.STRING, d) + ")");
            case 5 -> s.use(CONCAT, "(\"c\" + " + of(Type.BOOL, d) + " + " + of(Type.CHAR, d) + ")");
            case 6 -> {
                if (s.place.superclass == null) {
                    yield world("show(" + argument(Type.SHAPE, d) + ")");
                }
                s.use(SUPER_CALL);
                yield s.place.superclass + ".greet(" + argument(Type.STRING, d) + ", " + argument(Type.LONG, d) + ")";
            }
            default -> {
                s.use(PROTECTED_ACCESS);
                yield s.chance(50) ? world("shown") : "(" + world("shown = ") + of(Type.STRING, d) + ")";
            }
        };
    }

    /** Its lambda runs within the expression. */
    private String stream(int d) {
        s.use(STREAM);
        String q = s.fresh("q");
        String from = of(Type.INTS, d);
        Place outer = s.enterBody(null);
        s.place.awaits = false;
        s.declare(q, Type.INT, true);
        String mapped = of(Type.STRING, 1);
        s.leave(outer);
        return "java.util.Arrays.stream((int[]) " + from + ").mapToObj(" + q + " -> " + mapped
                + ").collect(java.util.stream.Collectors.joining(" + argument(Type.STRING, d) + "))";
    }

    private String object(int d) {
        return switch (s.pick(9)) {
            case 0 -> {
                if (s.place.awaits && !s.place.bodies.isEmpty()) {
                    s.use(CALLABLE_CAPTURED);
                    yield "((Object) await(async(" + s.any(s.place.bodies) + ")))";
                }
                yield of(Type.STRING, d);
            }
            case 1 -> "((Object) " + of(Type.BOXED, d) + ")";
            case 2, 3 ->
                methods.isEmpty() || !s.place.awaits
                        ? "((Object) " + of(Type.SHAPE, d) + ")"
                        : "((Object) await((Future<Object>) " + call(d) + "))";
            case 4 -> s.place.awaits && d > 0 ? inner(d) : "((Object) 5)";
            case 5 -> s.use(NEW, "((Object) new Pair<>(" + made(Type.OBJECT, d) + ", " + made(Type.INT, d) + "))");
            case 6 -> {
                s.use(TERNARY_BOXED);
                yield "((Object) (" + of(Type.BOOL, d) + " ? " + of(Type.INT, d) + " : " + of(Type.CHAR, d) + "))";
            }
            case 7 -> {
                s.use(TERNARY_BOXED);
                yield "((Object) (" + of(Type.BOOL, d) + " ? " + of(Type.BOXED, d) + " : " + of(Type.DOUBLE, d) + "))";
            }
            default -> {
                s.use(CAST);
                yield s.chance(70) ? of(Type.SHAPE, d) : "((Integer) (Object) " + of(Type.OBJECT, d) + ")";
            }
        };
    }

    /** {@return a call of one of the {@link #methods}} */
    String call() {
        return call(1);
    }

    private String call(int d) {
        return String.format(
                s.any(methods), self(), argument(Type.INT, d), argument(Type.STRING, d), argument(Type.DOUBLE, d));
    }

    private String inner(int d) {
        s.use(IN_BODY);
        Place outer = s.enterBody("Object");
        String body = "((Object) await(async(" + s.closure("AsyncCallable<Object>") + "() -> { "
                + world("log(" + argument(Type.STRING, d)) + "); return (Object) (" + of(Type.OBJECT, d) + "); })))";
        s.leave(outer);
        return body;
    }

    String atom(Type type) {
        List<Var> vars = s.readable(type);
        if (!vars.isEmpty() && s.chance(65)) {
            Var v = s.any(vars);
            if (v.body() >= 0 && v.body() != s.place.body) {
                s.use(CAPTURE);
            }
            return v.name();
        }
        int n = s.pick(50);
        return switch (type) {
            case INT -> s.chance(10) ? world("field") : "" + n;
            case LONG -> s.chance(20) ? world("wide") : n + "L";
            case DOUBLE -> n + ".25";
            case FLOAT -> n + ".5f";
            case BOOL -> world("coin()");
            case BYTE -> "((byte) " + n + ")";
            case SHORT -> "((short) " + n + ")";
            case CHAR -> "'" + (char) ('a' + n % 26) + "'";
            case STRING -> "\"" + n + "\"";
            case BOXED -> s.chance(4) ? "((Integer) null)" : "Integer.valueOf(" + n + ")";
            case OBJECT -> s.chance(20) ? "((Object) null)" : "((Object) \"o" + n + "\")";
            case SHAPE -> "new Dot(" + n + ")";
            case INTS -> "new int[] {" + n + ", 2}";
        };
    }
}
