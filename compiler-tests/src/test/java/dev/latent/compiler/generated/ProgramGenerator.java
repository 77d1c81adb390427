package dev.latent.compiler.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes random async programs. What stands between {@code /*{} and {@code }*}{@code /} is code for the plain version only, which
 * models what a drop does; without it the two versions differ in nothing but what {@code async}, {@code await} and the like mean.
 */
final class ProgramGenerator {
    private enum Type {
        INT("int", "Integer"),
        LONG("long", "Long"),
        DOUBLE("double", "Double"),
        FLOAT("float", "Float"),
        BOOL("boolean", "Boolean"),
        BYTE("byte", "Byte"),
        CHAR("char", "Character"),
        SHORT("short", "Short"),
        STRING("String", "String"),
        BOXED("Integer", "Integer"),
        OBJECT("Object", "Object"),
        INTS("int[]", "int[]");

        final String name;
        final String box;

        Type(String name, String box) {
            this.name = name;
            this.box = box;
        }
    }

    private record Var(String name, Type type, boolean isFinal, int lambda) {}

    private record Loop(String label, boolean loop) {}

    private static final List<String> EXCEPTIONS = List.of(
            "java.io.IOException",
            "IllegalStateException",
            "java.util.NoSuchElementException",
            "java.io.FileNotFoundException");

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private List<Var> scope = new ArrayList<>();
    private List<Loop> loops = new ArrayList<>();
    private List<String> closures = new ArrayList<>();
    private int names;
    private int lambda;
    private int size;
    private int method;
    private boolean mayReturn = true;
    private boolean awaits = true;
    private boolean inCleanup;

    private ProgramGenerator(long seed) {
        random = new Random(seed);
    }

    /** {@return the source of the class {@code name}} */
    static String program(String name, long seed) {
        return new ProgramGenerator(seed).program(name);
    }

    private String program(String name) {
        line("package generated;");
        line("import dev.latent.compiler.generated.*;");
        line("import static dev.latent.compiler.generated.ASYNC.*;");
        line("@SuppressWarnings(\"all\")");
        line("public class " + name + " extends WORLD {");
        line("  int field = 3; long wide = 1L << 33;");
        line("  record Pair(Object a, int b) {}");
        line("  enum Colour { RED, GREEN, BLUE }");
        for (method = 0; method < 3; method++) {
            size = 0;
            scope = new ArrayList<>();
            scope.add(new Var("p0", Type.INT, true, 0));
            scope.add(new Var("p1", Type.STRING, true, 0));
            scope.add(new Var("p2", Type.DOUBLE, true, 0));
            line("  Future<Object> m" + method + "(int p0, String p1, double p2) {");
            line("    return async(() -> {");
            lambda++;
            line(
                    "      String s0 = \"s\"; int i0 = p0; boolean b0 = coin(); int[] a0 = {1, 2, 3}; long l0 = 5; Integer n0 = 7; Object o0 = p1; byte y0 = 1; char c0 = 'c';");
            scope.add(new Var("s0", Type.STRING, false, lambda));
            scope.add(new Var("i0", Type.INT, false, lambda));
            scope.add(new Var("b0", Type.BOOL, false, lambda));
            scope.add(new Var("a0", Type.INTS, false, lambda));
            scope.add(new Var("l0", Type.LONG, false, lambda));
            scope.add(new Var("n0", Type.BOXED, false, lambda));
            scope.add(new Var("o0", Type.OBJECT, false, lambda));
            scope.add(new Var("y0", Type.BYTE, false, lambda));
            scope.add(new Var("c0", Type.CHAR, false, lambda));
            if (block(0, 6)) {
                line("return show(" + expr(Type.OBJECT, 2) + ") + i0 + s0 + l0 + show(a0) + field;");
            }
            line("    });");
            line("  }");
            lambda--;
        }
        line("  public Future<Object> main() { return m2(" + random.nextInt(5) + ", \"main\", 2.5); }");
        line("}");
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private int pick(int n) {
        return random.nextInt(n);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String fresh(String prefix) {
        return prefix + ++names;
    }

    // ---- statements -------------------------------------------------------------------------------------------------

    /** {@return whether it can end normally} */
    private boolean block(int depth, int statements) {
        List<Var> outer = scope;
        List<String> outerClosures = closures;
        scope = new ArrayList<>(scope);
        closures = new ArrayList<>(closures);
        boolean completes = true;
        for (int n = 1 + pick(statements); n > 0 && completes; n--) {
            completes = statement(depth, n == 1);
        }
        scope = depth == 0 ? scope : outer;
        closures = outerClosures;
        return completes;
    }

    private boolean nested(int depth, int statements) {
        boolean completes = block(depth + 1, statements);
        return completes;
    }

    private boolean statement(int depth, boolean last) {
        size++;
        int kind = pick(depth > 4 || size > 14 ? 8 : 26);
        switch (kind) {
            case 0 -> line("log(\"" + fresh("at") + "\" + " + expr(Type.STRING, 2) + ");");
            case 1, 2 -> declare();
            case 3, 4 -> line(assignment(2) + ";");
            case 5 -> {
                if (last && chance(30) && depth > 0 && !inCleanup) {
                    return jump();
                }
                line("if (coin()) {");
                jump();
                line("}");
            }
            case 6 -> line("log(show(" + expr(any(List.of(Type.values())), 3) + "));");
            case 7 -> line("log(\"" + fresh("t") + "\");");
            case 8, 9 -> {
                line("if (" + expr(Type.BOOL, 3) + ") {");
                boolean a = nested(depth, 3);
                if (chance(50)) {
                    line("} else {");
                    a |= nested(depth, 3);
                } else {
                    a = true;
                }
                line("}");
                return a;
            }
            case 10, 11, 12 -> loop(depth);
            case 13, 14, 15, 16, 17 -> {
                return tryStatement(depth);
            }
            case 18, 19 -> {
                return resources(depth);
            }
            case 20 -> oldSwitch(depth);
            case 21 -> newSwitch(depth);
            case 22 -> closure(depth);
            case 23 -> {
                boolean before = awaits;
                awaits = false;
                line("synchronized (this) {");
                line("log(show(" + expr(Type.LONG, 2) + "));");
                line(assignment(1) + ";");
                line("}");
                awaits = before;
            }
            case 24 -> {
                String label = fresh("block");
                line(label + ": {");
                List<Loop> before = loops;
                loops = new ArrayList<>(loops);
                loops.add(new Loop(label, false));
                line("if (coin()) break " + label + ";");
                nested(depth, 3);
                loops = before;
                line("}");
            }
            default -> pattern(depth);
        }
        return true;
    }

    private void declare() {
        Type type = any(List.of(Type.values()));
        String name = fresh("v");
        boolean isFinal = chance(30);
        if (chance(15)) {
            line(type.name + " " + name + ";");
            line("if (" + expr(Type.BOOL, 2) + ") { " + name + " = " + expr(type, 2) + "; } else { " + name + " = "
                    + expr(type, 2) + "; }");
        } else {
            line((isFinal ? "final " : "")
                    + (chance(10) && type != Type.INTS
                            ? "var " + name + " = (" + type.name + ") "
                            : type.name + " " + name + " = ")
                    + expr(type, 3) + ";");
        }
        scope.add(new Var(name, type, isFinal, lambda));
    }

    private String assignment(int depth) {
        List<Var> mutable =
                scope.stream().filter(v -> !v.isFinal && v.lambda == lambda).toList();
        if (mutable.isEmpty() || chance(15)) {
            return chance(50) ? "field += " + expr(Type.INT, depth) : "wide = wide + " + expr(Type.LONG, depth);
        }
        Var v = any(mutable);
        return switch (v.type) {
            case INT, LONG, DOUBLE, FLOAT, BYTE, SHORT, CHAR ->
                switch (pick(3)) {
                    case 0 -> v.name + " = " + expr(v.type, depth);
                    case 1 -> v.name + " += " + expr(Type.INT, depth);
                    default -> v.name + "++";
                };
            case STRING -> v.name + (chance(50) ? " += " : " = ") + expr(Type.STRING, depth);
            case INTS -> v.name + "[" + index(depth) + "]" + (chance(50) ? " += " : " = ") + expr(Type.INT, depth);
            default -> v.name + " = " + expr(v.type, depth);
        };
    }

    private String index(int depth) {
        return "Math.abs(" + expr(Type.INT, depth - 1) + " % 2)";
    }

    private boolean jump() {
        int kind = pick(6);
        if (kind < 2 && mayReturn) {
            line("return " + expr(Type.OBJECT, 2) + ";");
            return false;
        }
        if (kind < 4 && !loops.isEmpty()) {
            Loop loop = any(loops);
            line((loop.loop && chance(60) ? "continue " : "break ") + loop.label + ";");
            return false;
        }
        line("throw new " + any(EXCEPTIONS) + "(\"" + fresh("x") + "\");");
        return false;
    }

    private void loop(int depth) {
        String label = fresh("loop");
        String count = fresh("n");
        List<Loop> before = loops;
        loops = new ArrayList<>(loops);
        List<Var> outer = scope;
        scope = new ArrayList<>(scope);
        int times = 1 + pick(3);
        String end;
        switch (pick(5)) {
            case 0 -> {
                line(label + ": for (int " + count + " = 0; " + count + " < " + times + "; " + count + "++) {");
                end = "}";
            }
            case 1 -> {
                line("int " + count + " = 0;");
                line(label + ": while (" + count + "++ < " + times + " && " + expr(Type.INT, 2) + " != 77) {");
                end = "}";
            }
            case 2 -> {
                line("int " + count + " = 0;");
                line(label + ": do {");
                line("if (coin()) break " + label + ";");
                end = "} while (" + count + "++ < " + times + " && "
                        + (awaits ? "await(" + leaf("true", Type.BOOL) + ")" : "true") + ");";
            }
            case 3 -> {
                line("int " + count + " = 0;");
                line(label + ": while (true) {");
                line("if (" + count + "++ >= " + times + ") break " + label + ";");
                end = "}";
            }
            default -> {
                String each = fresh("e");
                line("int " + count + " = 0;");
                line(label + ": for (String " + each + " : java.util.List.of(\"a\", " + expr(Type.STRING, 1) + ")) {");
                scope.add(new Var(each, Type.STRING, true, lambda));
                end = "}";
            }
        }
        scope.add(new Var(count, Type.INT, true, -1));
        loops.add(new Loop(label, true));
        nested(depth, 4);
        line(end);
        loops = before;
        scope = outer;
    }

    private boolean tryStatement(int depth) {
        String d = fresh("d");
        line("{ /*{ boolean " + d + " = unwinding(); }*/ try {");
        line("mayThrow();");
        boolean completes = nested(depth, 4);
        int catches = pick(3);
        boolean fin = catches == 0 || chance(50);
        List<String> kinds = new ArrayList<>(List.of(
                "java.io.FileNotFoundException",
                "java.io.IOException",
                "java.util.NoSuchElementException | IllegalStateException",
                "RuntimeException",
                "Exception",
                "Throwable"));
        int at = 0;
        for (int k = 0; k < catches; k++) {
            at += pick(Math.max(1, kinds.size() - at));
            if (at >= kinds.size()) {
                break;
            }
            String e = fresh("e");
            line("} catch (" + kinds.get(at++) + " " + e + ") { /*{ passing(" + d + ", " + e + "); }*/");
            line("log(\"caught \" + describe(" + e + "));");
            completes |= nested(depth, 3);
        }
        if (fin || catches == 0) {
            cleanup(depth);
        }
        line("} }");
        return completes;
    }

    private void cleanup(int depth) {
        String ok = fresh("ok");
        line("} finally { /*{ enter(); boolean " + ok + " = false; try { }*/");
        List<Loop> before = loops;
        boolean returned = mayReturn;
        loops = new ArrayList<>();
        mayReturn = false;
        if (chance(60) && awaits) {
            line("log(await(" + leaf("\"" + fresh("f") + "\"", Type.STRING) + "));");
        }
        boolean outer = inCleanup;
        inCleanup = true;
        block(depth + 1, 4);
        inCleanup = outer;
        loops = before;
        mayReturn = returned;
        line("/*{ " + ok + " = true; } finally { exit(" + ok + "); } }*/");
    }

    private boolean resources(int depth) {
        String d = fresh("d");
        List<String> made = new ArrayList<>();
        line("{ /*{ boolean " + d + " = unwinding(); }*/ try (");
        for (int n = 1 + pick(2); n > 0; n--) {
            String r = fresh("r");
            String failing = chance(25) ? "new java.io.IOException(\"close " + r + "\")" : "null";
            line(
                    switch (pick(awaits ? 5 : 1)) {
                        case 0 -> "Res " + r + " = res(\"" + r + "\", " + failing + ");";
                        case 1 -> "Res " + r + " = await(leaf(res(\"" + r + "\", " + failing + "), " + pick(2) + "));";
                        case 2 ->
                            "ARes " + r + " = coin() ? null : ares(\"" + r + "\", " + pick(3) + ", " + failing + ");";
                        case 3 -> "ARes " + r + " = new ARes(this, \"" + r + "\", " + pick(3) + ", " + failing + ");";
                        default -> "ARes " + r + " = ares(\"" + r + "\", " + pick(3) + ", " + failing + ");";
                    });
        }
        line(") {");
        line("mayThrow();");
        boolean completes = nested(depth, 4);
        if (chance(40)) {
            String e = fresh("e");
            line("} catch (" + (chance(50) ? "java.io.IOException" : "Throwable") + " " + e + ") { /*{ passing(" + d
                    + ", " + e + "); }*/");
            line("log(\"caught \" + describe(" + e + "));");
            completes |= nested(depth, 2);
        }
        if (chance(25)) {
            cleanup(depth);
        }
        line("} }");
        return completes;
    }

    private void oldSwitch(int depth) {
        boolean string = chance(50);
        String label = fresh("sw");
        List<Loop> before = loops;
        loops = new ArrayList<>(loops);
        loops.add(new Loop(label, false));
        line(label + ": switch ("
                + (string
                        ? "\"k\" + Math.abs(" + expr(Type.INT, 2) + " % 4)"
                        : "Math.abs(" + expr(Type.INT, 2) + " % 4)")
                + ") {");
        for (int k = 0; k < 3; k++) {
            line("case " + (string ? "\"k" + k + "\"" : "" + k) + ": {");
            boolean completes = nested(depth, 2);
            line("}");
            if (completes && chance(60)) {
                line("if (" + expr(Type.BOOL, 1) + ") break " + label + ";");
            }
        }
        line("}");
        loops = before;
    }

    private void newSwitch(int depth) {
        line("switch (Colour.values()[Math.abs(" + expr(Type.INT, 2) + " % 3)]) {");
        for (String colour : List.of("RED", "GREEN")) {
            line("case " + colour + " -> {");
            nested(depth, 2);
            line("}");
        }
        line("default -> log(" + expr(Type.STRING, 2) + ");");
        line("}");
    }

    private void pattern(int depth) {
        String a = fresh("pa");
        String b = fresh("pb");
        List<Var> outer = scope;
        line("if ((Object) " + expr(Type.OBJECT, 2) + " instanceof String " + a + " && " + a + ".length() < "
                + expr(Type.INT, 2) + ") {");
        scope = new ArrayList<>(scope);
        scope.add(new Var(a, Type.STRING, false, lambda));
        nested(depth, 2);
        scope = outer;
        line("}");
        line("if ((Object) new Pair(" + expr(Type.OBJECT, 2) + ", " + expr(Type.INT, 2) + ") instanceof Pair(var " + a
                + "x, int " + b + ")) {");
        scope = new ArrayList<>(scope);
        scope.add(new Var(b, Type.INT, false, lambda));
        scope.add(new Var(a + "x", Type.OBJECT, false, lambda));
        nested(depth, 2);
        scope = outer;
        line("}");
    }

    private void closure(int depth) {
        if (!awaits) {
            return;
        }
        String name = fresh("h");
        String a = fresh("ca");
        String b = fresh("cb");
        List<Var> outer = scope;
        List<Loop> outerLoops = loops;
        boolean returned = mayReturn;
        lambda++;
        scope = new ArrayList<>(
                scope.stream().filter(v -> v.isFinal && v.lambda >= 0).toList());
        scope.add(new Var(a, Type.LONG, false, lambda));
        scope.add(new Var(b, Type.STRING, false, lambda));
        loops = new ArrayList<>();
        mayReturn = false;
        line("Handler " + name + " = (" + a + ", " + b + ") -> {");
        if (block(depth + 1, 3)) {
            line("return " + expr(Type.INT, 2) + ";");
        }
        line("};");
        lambda--;
        scope = outer;
        loops = outerLoops;
        mayReturn = returned;
        closures.add(name);
    }

    // ---- expressions ------------------------------------------------------------------------------------------------

    private String leaf(String value, Type type) {
        String made = "this.<" + type.box + ">leaf(" + value + ", " + pick(3) + ")";
        return switch (pick(8)) {
            case 0 -> "wrap(" + made + ")";
            case 1 ->
                "this.<" + type.box + ">fail("
                        + (chance(30) ? "new " + any(EXCEPTIONS) + "(\"" + fresh("f") + "\")" : "null") + ", " + value
                        + ", " + pick(3) + ")";
            default -> made;
        };
    }

    private String expr(Type type, int depth) {
        if (depth <= 0) {
            return atom(type);
        }
        int kind = pick(12);
        if (kind < 3) {
            return atom(type);
        }
        if (kind < 6 && awaits) {
            if (type == Type.INTS) {
                return "((int[]) await("
                        + leaf(
                                "new int[] {" + expr(Type.INT, depth - 1) + ", 4, " + expr(Type.INT, depth - 1) + "}",
                                type)
                        + "))";
            }
            return "((" + type.name + ") await(" + leaf("(" + type.name + ") (" + expr(type, depth - 1) + ")", type)
                    + "))";
        }
        if (kind == 6) {
            return "((" + type.name + ") (" + expr(Type.BOOL, depth - 1) + " ? " + expr(type, depth - 1) + " : "
                    + expr(type, depth - 1) + "))";
        }
        if (kind == 7) {
            List<Var> mutable = scope.stream()
                    .filter(v -> !v.isFinal && v.lambda == lambda && v.type == type)
                    .toList();
            if (!mutable.isEmpty()) {
                return "(" + any(mutable).name + " = " + expr(type, depth - 1) + ")";
            }
        }
        if (kind == 8 && chance(60)) {
            String y = fresh("y");
            String s = "switch (Math.abs(" + expr(Type.INT, depth - 1) + " % 3)) { case 0 -> " + expr(type, depth - 1)
                    + "; case 1 -> { log(" + expr(Type.STRING, depth - 1) + "); " + type.name + " " + y + " = "
                    + expr(type, depth - 1) + "; yield " + y + "; } default -> " + expr(type, depth - 1) + "; }";
            return "((" + type.name + ") (" + s + "))";
        }
        return switch (type) {
            case INT ->
                switch (pick(9)) {
                    case 0 -> "(" + expr(Type.INT, depth - 1) + " + " + expr(Type.INT, depth - 1) + ")";
                    case 1 -> "(" + expr(Type.INT, depth - 1) + " * " + expr(Type.SHORT, depth - 1) + ")";
                    case 2 -> expr(Type.STRING, depth - 1) + ".length()";
                    case 3 -> "(" + expr(Type.INTS, depth - 1) + ")[" + index(depth) + "]";
                    case 4 ->
                        "new Sum(" + expr(Type.INT, depth - 1) + ", " + expr(Type.DOUBLE, depth - 1) + ", "
                                + expr(Type.LONG, depth - 1) + ").sum()";
                    case 5 ->
                        closures.isEmpty() || !awaits
                                ? "field++"
                                : any(closures) + ".handle(" + expr(Type.LONG, depth - 1) + ", "
                                        + expr(Type.STRING, depth - 1) + ")";
                    case 6 -> "(field += " + expr(Type.INT, depth - 1) + ")";
                    case 7 -> "(" + expr(Type.INT, depth - 1) + " / (" + expr(Type.INT, depth - 1) + " | 1))";
                    default ->
                        "sum(" + expr(Type.INT, depth - 1) + ", " + expr(Type.INT, depth - 1) + ", "
                                + expr(Type.INT, depth - 1) + ")";
                };
            case LONG ->
                "(" + expr(Type.LONG, depth - 1) + " - " + expr(chance(50) ? Type.INT : Type.LONG, depth - 1) + ")";
            case DOUBLE ->
                "(" + expr(Type.DOUBLE, depth - 1) + " * 0.5 + " + expr(chance(50) ? Type.FLOAT : Type.LONG, depth - 1)
                        + ")";
            case FLOAT -> "(" + expr(Type.FLOAT, depth - 1) + " + " + expr(Type.CHAR, depth - 1) + ")";
            case BOOL ->
                switch (pick(5)) {
                    case 0 -> "(" + expr(Type.BOOL, depth - 1) + " && " + expr(Type.BOOL, depth - 1) + ")";
                    case 1 -> "(" + expr(Type.BOOL, depth - 1) + " || " + expr(Type.BOOL, depth - 1) + ")";
                    case 2 -> "!(" + expr(Type.BOOL, depth - 1) + ")";
                    case 3 -> "(" + expr(Type.INT, depth - 1) + " < " + expr(Type.LONG, depth - 1) + ")";
                    default -> "((Object) " + expr(Type.OBJECT, depth - 1) + " instanceof Integer)";
                };
            case BYTE, SHORT, CHAR -> "((" + type.name + ") (" + expr(Type.INT, depth - 1) + " % 100))";
            case STRING ->
                switch (pick(5)) {
                    case 0 ->
                        "(" + expr(Type.STRING, depth - 1) + " + " + expr(Type.INT, depth - 1) + " + "
                                + expr(Type.DOUBLE, depth - 1) + ")";
                    case 1 -> "show(" + expr(Type.OBJECT, depth - 1) + ")";
                    case 2 ->
                        "new StringBuilder(" + expr(Type.STRING, depth - 1) + ").append(" + expr(Type.CHAR, depth - 1)
                                + ").append(" + expr(Type.LONG, depth - 1) + ").toString()";
                    case 3 ->
                        "String.join(" + expr(Type.STRING, depth - 1) + ", \"u\", " + expr(Type.STRING, depth - 1)
                                + ")";
                    default -> "(\"c\" + " + expr(Type.BOOL, depth - 1) + " + " + expr(Type.CHAR, depth - 1) + ")";
                };
            case BOXED -> "Integer.valueOf(" + expr(Type.INT, depth - 1) + ")";
            case OBJECT ->
                switch (pick(6)) {
                    case 0 -> expr(Type.STRING, depth - 1);
                    case 1 -> "((Object) " + expr(Type.BOXED, depth - 1) + ")";
                    case 2 ->
                        method > 0 && awaits
                                ? "((Object) await(" + (chance(20) ? "wrap(" : "(") + "m" + pick(method) + "("
                                        + expr(Type.INT, depth - 1) + ", " + expr(Type.STRING, depth - 1) + ", "
                                        + expr(Type.DOUBLE, depth - 1) + "))))"
                                : "((Object) null)";
                    case 3 -> awaits && depth > 1 ? inner(depth) : "((Object) 5)";
                    case 4 ->
                        "((Object) new Pair(" + expr(Type.OBJECT, depth - 1) + ", " + expr(Type.INT, depth - 1) + "))";
                    default ->
                        "((Object) (" + expr(Type.BOOL, depth - 1) + " ? " + expr(Type.INT, depth - 1) + " : "
                                + expr(Type.LONG, depth - 1) + "))";
                };
            case INTS -> "new int[] {" + expr(Type.INT, depth - 1) + ", " + expr(Type.INT, depth - 1) + "}";
        };
    }

    private String inner(int depth) {
        List<Var> outer = scope;
        lambda++;
        scope = new ArrayList<>(
                scope.stream().filter(v -> v.isFinal && v.lambda >= 0).toList());
        String body = "((Object) await(async(() -> { log(" + expr(Type.STRING, depth - 1) + "); return (Object) ("
                + expr(Type.OBJECT, depth - 1) + "); })))";
        lambda--;
        scope = outer;
        return body;
    }

    private String atom(Type type) {
        List<Var> vars = scope.stream()
                .filter(v -> v.type == type && (v.lambda == lambda || v.isFinal))
                .collect(Collectors.toList());
        if (!vars.isEmpty() && chance(65)) {
            return any(vars).name;
        }
        int n = pick(50);
        return switch (type) {
            case INT -> chance(10) ? "field" : "" + n;
            case LONG -> chance(20) ? "wide" : n + "L";
            case DOUBLE -> n + ".25";
            case FLOAT -> n + ".5f";
            case BOOL -> "coin()";
            case BYTE -> "((byte) " + n + ")";
            case SHORT -> "((short) " + n + ")";
            case CHAR -> "'" + (char) ('a' + n % 26) + "'";
            case STRING -> "\"" + n + "\"";
            case BOXED -> "Integer.valueOf(" + n + ")";
            case OBJECT -> chance(20) ? "((Object) null)" : "((Object) \"o" + n + "\")";
            case INTS -> "new int[] {" + n + ", 2}";
        };
    }
}
