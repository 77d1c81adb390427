package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.WayIn;
import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Type;
import java.util.Map;

/**
 * Writes a random async program: a class with a few async methods, each in another place where Java lets a body stand, the later ones
 * calling the earlier. {@link Expressions} and {@link Statements} write what is in them.
 */
final class ProgramGenerator {
    /** A program, as it is compiled against {@link WovenAsync} and {@link PlainAsync}. */
    record Program(String name, String woven, String plain, Map<Construct, Integer> used) {
        /** {@return whether several futures may run at the same time} */
        boolean together() {
            return used.keySet().stream().anyMatch(c -> c.family == Construct.Family.TOGETHER);
        }
    }

    private static final String PARAMETERS = "int p0, String p1, double p2";

    private final Source s;
    private final Expressions e;
    private final Statements statements;
    private final String name;

    private ProgramGenerator(String name, long seed) {
        this.name = name;
        s = new Source(name, seed);
        e = new Expressions(s);
        statements = new Statements(s, e);
    }

    static Program program(String name, long seed) {
        ProgramGenerator generator = new ProgramGenerator(name, seed);
        generator.write();
        String text = generator.s.text();
        return new Program(
                name,
                text.replaceAll("(?s)/\\*\\{.*?}\\*/", "")
                        .replace("ASYNC", "static dev.latent.Async.*; import dev.latent.*; import dev.latent.Future")
                        .replace("TYPES", "WovenAsync.*")
                        .replace("WORLD", "WovenWorld"),
                text.replace("/*{", "")
                        .replace("}*/", "")
                        .replace("ASYNC", "static dev.latent.compiler.generated.PlainAsync.*")
                        .replace("TYPES", "PlainAsync.*")
                        .replace("WORLD", "PlainWorld"),
                generator.s.used);
    }

    private void write() {
        s.line("package generated;");
        s.line("import dev.latent.compiler.generated.*;");
        s.line("import dev.latent.compiler.generated.Shapes.*;");
        s.line("import dev.latent.compiler.generated.World.*;");
        s.line("import dev.latent.First; import dev.latent.Second;");
        s.line("import ASYNC;");
        s.line("import dev.latent.compiler.generated.TYPES;");
        s.line("@SuppressWarnings(\"all\")");
        s.line("public class " + name + " extends WORLD {");
        s.line("private int field = 3;");
        s.line("private long wide = 1L << 33;");
        s.line("@AsyncClosure interface Own { int handle(long a, String b) throws Exception; }");
        int methods = 1 + s.pick(s.chance(20) ? 3 : 2);
        s.budget = 1 + s.pick(s.chance(8) ? 30 : 7);
        // What Eclipse's compiler makes of them does not verify.
        s.blocks = WayIn.HERE == WayIn.ECJ ? 0 : s.pick(5);
        for (int m = 0; m < methods; m++) {
            int all = s.budget;
            s.budget = all / (methods - m);
            int mine = s.budget;
            method(m);
            s.budget = all - mine + Math.max(0, s.budget);
        }
        s.line("public Future<Object> main() { return "
                + String.format(e.methods.getLast(), "this", s.pick(5), "\"main\"", "2.5") + "; }");
        s.line("}");
    }

    /** Writes a method {@code m} with a body of its own somewhere in the class. */
    private void method(int m) {
        s.place = new Place();
        s.place.superclass = "super";
        String c = "C" + m;
        String method = "Future<Object> m" + m + "(" + PARAMETERS + ")";
        String withWorld = "Future<Object> m" + m + "(" + name + " w, " + PARAMETERS + ")";
        switch (s.pick(15)) {
            case 0 -> {
                s.use(STATIC_METHOD);
                world("w");
                wrapped("private static " + withWorld + " {", "}");
                e.methods.add(name + ".m" + m + "(%s, %s, %s, %s)");
            }
            case 1 -> {
                s.use(CONSTRUCTOR);
                world(name + ".this");
                s.line("class " + c + " extends Base { final Future<Object> made; " + c + "(" + PARAMETERS + ") {");
                s.line("final int before = p0 * 2; if (before == 77) throw new IllegalStateException(\"77\");");
                s.line("super(p1 + before);");
                s.declare("before", Type.INT, true);
                body("made = ", "log(show(base));");
                s.line("} }");
                e.methods.add("%s.new " + c + "(%s, %s, %s).made");
            }
            case 2 -> {
                s.use(DEFAULT_METHOD);
                world("w()");
                s.line("interface " + c + " { " + name + " w();");
                wrapped("default " + method + " {", "} }");
                e.methods.add("((" + c + ") () -> %s).m" + m + "(%s, %s, %s)");
            }
            case 3 -> {
                s.use(INTERFACE_STATIC);
                world("w");
                s.line("interface " + c + " {");
                wrapped("static " + withWorld + " {", "} }");
                e.methods.add(c + ".m" + m + "(%s, %s, %s, %s)");
            }
            case 4 -> {
                s.use(INTERFACE_PRIVATE);
                world("w");
                s.line("interface " + c + " { static Future<Object> go(" + name + " w, " + PARAMETERS + ") { return (("
                        + c + ") new " + c + "() {}).m" + m + "(w, p0, p1, p2); }");
                wrapped("private " + withWorld + " {", "} }");
                e.methods.add(c + ".go(%s, %s, %s, %s)");
            }
            case 5 -> {
                s.use(ENUM_CONSTANT);
                world("w");
                s.line("enum " + c + " { FIRST { int n = 1; ");
                wrapped(withWorld + " {", "} }, SECOND {");
                s.line(withWorld + " { return FIRST.m" + m + "(w, p0, p1, p2); } };");
                s.line("abstract " + withWorld + "; }");
                e.methods.add(c + (s.chance(50) ? ".FIRST" : ".SECOND") + ".m" + m + "(%s, %s, %s, %s)");
            }
            case 6 -> {
                s.use(RECORD);
                world("w");
                s.line("record " + c + "(" + name + " w, int p0) {");
                wrapped("Future<Object> m" + m + "(String p1, double p2) {", "} }");
                e.methods.add("new " + c + "(%s, %s).m" + m + "(%s, %s)");
            }
            case 7 -> {
                s.use(LOCAL_CLASS);
                world(name + ".this");
                s.line(method + " {");
                s.line("class Local<T extends CharSequence & Comparable<T>> { final T own; Local(T own) { this.own ="
                        + " own; }");
                s.line("Future<Object> go() {");
                body(
                        "return ",
                        "T t = await(" + name
                                + ".this.<T>leaf(own, 1)); log(\"\" + t.length() + t.compareTo(own) + t);");
                s.line("} } return new Local<>(p1).go(); }");
                e.methods.add("%s.m" + m + "(%s, %s, %s)");
            }
            case 8 -> {
                s.use(ANONYMOUS_CLASS);
                world(name + ".this");
                s.line(method + " { return new Object() { private int seen = p0; Future<Object> go() {");
                body("return ", "log(\"\" + seen++ + await(leaf(seen, 1)));");
                s.line("} }.go(); }");
                e.methods.add("%s.m" + m + "(%s, %s, %s)");
            }
            case 9 -> {
                s.use(INNER_CLASS);
                world(name + ".this");
                s.line("private class " + c + " {");
                wrapped(method + " {", "} }");
                e.methods.add("%s.new " + c + "().m" + m + "(%s, %s, %s)");
            }
            case 10 -> {
                s.use(IN_LAMBDA);
                s.line(method + " { java.util.function.Supplier<Future<Object>> made = () -> ");
                body("", "");
                s.line("return made.get(); }");
                e.methods.add("%s.m" + m + "(%s, %s, %s)");
            }
            case 11 -> {
                s.use(GENERIC);
                world("w");
                s.line("static <T extends CharSequence & Comparable<T>> Future<Object> m" + m + "(" + name
                        + " w, int p0, T own, double p2) { String p1 = own.toString();");
                body("return ", "T t = await(w.<T>leaf(own, 1)); w.log(\"\" + t.length() + t.compareTo(own) + t);");
                s.line("}");
                e.methods.add(name + ".m" + m + "(%s, %s, %s, %s)");
            }
            case 12 -> {
                s.use(RECURSION);
                recursive(m, method);
                e.methods.add("%s.m" + m + "(%s, %s, %s)");
            }
            default -> {
                s.use(INSTANCE_METHOD);
                String modifiers = "private ";
                if (s.chance(30)) {
                    s.use(SYNCHRONIZED_ASYNC);
                    modifiers += "synchronized ";
                }
                wrapped(modifiers + method + " {", "}");
                e.methods.add("%s.m" + m + "(%s, %s, %s)");
            }
        }
        s.place = new Place();
    }

    /** A method whose body calls it again, a few times with cleanups, or many times. */
    private void recursive(int m, String method) {
        boolean deep = s.chance(25);
        s.line(method + " { return r" + m + "(" + (deep ? 300 : 1 + s.pick(5)) + ", p0, p1, p2); }");
        s.line("private Future<Object> r" + m + "(int n, " + PARAMETERS + ") {");
        String next = "await(this.r" + m + "(n - 1, p0, p1, p2))";
        body(
                "return ",
                deep
                        ? "if (n > 0) return " + next + ";"
                        : "if (n > 0) { this.log(\"down\" + n); try { return " + next
                                + "; } finally { /*{ this.enter(); boolean ok = false; try { }*/"
                                + " this.log(\"up\" + await(this.<Integer>leaf(n, n % 2)));"
                                + " /*{ ok = true; } finally { this.exit(ok); } }*/ } }");
        s.line("}");
    }

    private void world(String self) {
        s.place.self = self;
        s.place.superclass = self.endsWith(".this") ? name + ".super" : null;
    }

    private void wrapped(String before, String after) {
        s.line(before);
        body("return ", "");
        s.line(after);
    }

    /** The body, as an expression statement that begins with {@code use}. */
    private void body(String use, String first) {
        s.declare("p0", Type.INT, true);
        s.declare("p1", Type.STRING, true);
        s.declare("p2", Type.DOUBLE, true);
        Place outer = s.enterBody("Object");
        s.line(use + "async(" + s.closure("AsyncCallable<Object>") + "() -> {");
        s.line(first);
        locals();
        if (statements.open(0, 4)) {
            s.line("return " + e.world("show(" + e.of(Type.OBJECT) + ") + ") + e.world("field;"));
        }
        s.line("});");
        s.leave(outer);
    }

    private void locals() {
        Map<Type, String> values = Map.of(
                Type.STRING, "\"s\"",
                Type.INT, "p0",
                Type.BOOL, e.world("coin()"),
                Type.INTS, "{1, 2, 3}",
                Type.LONG, "5",
                Type.BOXED, "7",
                Type.OBJECT, "p1",
                Type.BYTE, "1",
                Type.CHAR, "'c'",
                Type.SHAPE, "new Box(new Dot(1), p1)");
        StringBuilder line = new StringBuilder();
        for (Type type : Type.values()) {
            String value = values.get(type);
            if (value != null && (type == Type.INT || s.chance(35))) {
                String v = s.fresh("v");
                line.append(type.text)
                        .append(' ')
                        .append(v)
                        .append(" = ")
                        .append(value)
                        .append("; ");
                s.declare(v, type, false);
            }
        }
        s.line(line.toString());
    }
}
