package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Type;

/** Writes async bodies within a body: closures of each kind, and futures that are kept, dropped, or never polled. */
final class Bodies {
    private final Source s;
    private final Expressions e;
    private final Statements statements;

    Bodies(Source source, Expressions expressions, Statements statements) {
        s = source;
        e = expressions;
        this.statements = statements;
    }

    void write(int depth) {
        if (!s.place.awaits) {
            return;
        }
        switch (s.pick(9)) {
            case 0 -> handler(depth, "Handler", CLOSURE);
            case 1 -> handler(depth, "Own", OWN_CLOSURE);
            case 2 -> primitives(depth);
            case 3 -> generic(depth);
            case 4 -> voidBody(depth);
            case 5 -> kept(depth);
            case 6 -> unpolled(depth);
            case 7 -> inLambda(depth);
            default -> callable(depth);
        }
    }

    /** A body's block; it gives a {@code result}. */
    private void body(int depth, String result) {
        if (statements.open(depth, 3) && !result.isEmpty()) {
            statements.returns();
        }
    }

    private void handler(int depth, String type, Construct construct) {
        s.use(construct);
        String name = s.fresh("h");
        String a = s.fresh("ca");
        String b = s.fresh("cb");
        Place outer = s.enterBody("int");
        s.declare(a, Type.LONG, false);
        s.declare(b, Type.STRING, false);
        s.line(type + " " + name + " = (" + a + ", " + b + ") -> {");
        body(depth, "int");
        s.line("};");
        s.leave(outer);
        s.place.handlers.add(name + ".handle(%s, %s)");
    }

    private void primitives(int depth) {
        s.use(PRIMITIVE_CLOSURE);
        String name = s.fresh("h");
        String[] p = new String[8];
        Type[] types = {Type.BYTE, Type.CHAR, Type.BOOL, Type.SHORT, Type.FLOAT, Type.INT, Type.LONG, Type.DOUBLE};
        Place outer = s.enterBody("int");
        for (int k = 0; k < p.length; k++) {
            p[k] = s.fresh("c");
            s.declare(p[k], types[k], false);
        }
        s.line("Primitives " + name + " = (" + String.join(", ", p) + ") -> {");
        body(depth, "int");
        s.line("};");
        s.leave(outer);
        s.line(e.world("log(\"\" + " + name + ".handle((byte) 3, 'x', " + e.of(Type.BOOL) + ", (short) 4, 1.5f, "
                + e.of(Type.INT) + ", " + e.of(Type.LONG) + ", " + e.overWide(() -> e.of(Type.STRING))
                + ".length()));"));
    }

    private void generic(int depth) {
        s.use(GENERIC_CLOSURE);
        String name = s.fresh("h");
        String a = s.fresh("c");
        boolean wide = s.chance(30);
        Place outer = s.enterBody("Object");
        s.declare(a, wide ? Type.LONG : Type.STRING, false);
        s.line("Op<" + (wide ? "Long" : "String") + ", Object> " + name + " = " + a + " -> {");
        if (wide) {
            // A Long, not a long: what is declared of it is a copy.
            s.place.scope.removeLast();
            String copy = s.fresh("v");
            s.line("long " + copy + " = " + a + ";");
            s.declare(copy, Type.LONG, false);
        }
        body(depth, "Object");
        s.line("};");
        s.leave(outer);
        s.line(e.world("log((String) ")
                + e.world("show(" + name + ".apply(" + e.of(wide ? Type.LONG : Type.STRING) + ")));"));
    }

    private void voidBody(int depth) {
        s.use(VOID_BODY);
        Place outer = s.enterBody("");
        s.line("await(async(" + s.closure("AsyncRunnable") + "() -> {");
        s.line(e.world("log(\"" + s.fresh("void") + "\");"));
        s.line("if (" + e.world("coin()") + ") return;");
        body(depth, "");
        s.line("}));");
        s.leave(outer);
    }

    /** Made here, awaited after something else. */
    private void kept(int depth) {
        s.use(SPLICED);
        String f = s.fresh("f");
        Place outer = s.enterBody("Object");
        s.line("Future<Object> " + f + " = async(" + s.closure("AsyncCallable<Object>") + "() -> {");
        body(depth, "Object");
        s.line("});");
        s.leave(outer);
        s.line(e.world("log(" + e.argument(Type.STRING) + ");"));
        s.line(e.world("log((String) ")
                + e.world("show(await(" + (s.chance(30) ? e.world("wrap(" + f + ")") : f) + ")));"));
    }

    private void unpolled(int depth) {
        s.use(UNPOLLED);
        if (s.chance(40)) {
            s.line(owning(depth) + ".drop();");
            return;
        }
        String f = s.fresh("f");
        Place outer = s.enterBody("Object");
        s.line("Future<Object> " + f + " = async(" + s.closure("AsyncCallable<Object>") + "() -> {");
        s.line(e.world("log(\"WRONG: it ran\");"));
        body(depth, "Object");
        s.line("});");
        s.leave(outer);
        s.line(e.world("log(" + e.argument(Type.STRING) + ");"));
        s.line(f + ".drop();");
    }

    /** {@return a future} whose body takes resources over, and closes them too if it never runs. */
    String owning(int depth) {
        s.use(OWNS_CAPTURES);
        String f = s.fresh("f");
        String a = s.fresh("r");
        String b = s.fresh("r");
        for (String r : new String[] {a, b}) {
            s.line("Res " + r + " = " + e.world("res(\"" + r + "\", null);"));
        }
        Place outer = s.enterBody("Object");
        s.line("Future<Object> " + f + " = " + e.world("owns(async((AsyncCallable<Object>) () -> {"));
        s.line("try (" + a + "; " + b + ") {");
        s.line(e.world("mayThrow();"));
        boolean completes = statements.block(depth, 3);
        s.line("}");
        if (completes) {
            statements.returns();
        }
        s.line("}), " + a + ", " + b + ");");
        s.leave(outer);
        return f;
    }

    private void inLambda(int depth) {
        s.use(IN_LAMBDA);
        String f = s.fresh("make");
        Place outer = s.enterBody("Object");
        String x = s.fresh("x");
        s.line("java.util.function.IntFunction<Future<Object>> " + f + " = " + x + " -> async("
                + s.closure("AsyncCallable<Object>") + "() -> {");
        s.declare(x, Type.INT, true);
        // The lambda's parameter is captured by the body.
        body(depth, "Object");
        s.line("});");
        s.leave(outer);
        s.line(e.world("log((String) ") + e.world("show(await(" + f + ".apply(" + e.of(Type.INT) + "))));"));
    }

    private void callable(int depth) {
        s.use(IN_BODY);
        String f = s.fresh("body");
        Place outer = s.enterBody("Object");
        s.line("AsyncCallable<Object> " + f + " = () -> {");
        body(depth, "Object");
        s.line("};");
        s.leave(outer);
        s.line(e.world("log((String) ") + e.world("show(await(async(" + f + "))));"));
        if (s.chance(40)) {
            s.line(e.world("log((String) ") + e.world("show(" + f + ".call()));"));
        }
        s.place.bodies.add(f);
    }
}
