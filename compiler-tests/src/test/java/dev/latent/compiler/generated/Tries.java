package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Target;
import dev.latent.compiler.generated.Source.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes try statements. What stands between {@code /*{} and {@code }*}{@code /} is the model of a drop, for the plain version:
 * a cleanup is entered and left, and a catch passes on what flies while a drop unwinds that began within its try.
 */
final class Tries {
    private final Source s;
    private final Expressions e;
    private final Statements statements;

    Tries(Source source, Expressions expressions, Statements statements) {
        s = source;
        e = expressions;
        this.statements = statements;
    }

    boolean write(int depth) {
        int catches = s.pick(3);
        boolean fin = catches == 0 || s.chance(50);
        if (fin && s.chance(8)) {
            return jumpingFinally(depth);
        }
        String before = s.fresh("d");
        s.line("{ /*{ boolean " + before + " = " + e.world("unwinding(); }*/ try {"));
        s.line(e.world("mayThrow();"));
        boolean awaited = fin && s.place.awaits && s.chance(60);
        Place outer = s.enter();
        through(awaited);
        boolean completes = statements.block(depth, 4);
        completes |= catches(depth, catches, before);
        s.leave(outer);
        if (fin) {
            completes &= cleanup(depth, awaited);
        }
        s.line("} }");
        return completes;
    }

    /** From here on jumps out of the try go through a finally that awaits. */
    private void through(boolean awaited) {
        if (awaited) {
            s.place.throughFinally = true;
            s.place.targets.replaceAll(t -> new Target(t.label(), t.isLoop(), true));
        }
    }

    private boolean catches(int depth, int catches, String before) {
        List<String> kinds = new ArrayList<>(List.of(
                "java.io.FileNotFoundException",
                "java.io.IOException",
                "java.util.NoSuchElementException | IllegalStateException",
                "RuntimeException",
                "Exception",
                "Throwable"));
        boolean completes = false;
        int at = 0;
        for (int k = 0; k < catches; k++) {
            at += s.pick(Math.max(1, kinds.size() - at));
            if (at >= kinds.size()) {
                break;
            }
            s.use(kinds.get(at).contains("|") ? MULTI_CATCH : CATCH);
            completes |= caught(depth, kinds.get(at++), before, 3);
        }
        return completes;
    }

    private boolean caught(int depth, String kind, String before, int size) {
        String x = s.fresh("e");
        s.line("} catch (" + kind + " " + x + ") { /*{ " + e.world("passing(" + before + ", " + x + "); }*/"));
        s.line(e.world("log(\"caught \" + " + e.world("describe(" + x + "));")));
        if (s.place.awaits && s.chance(40)) {
            s.use(AWAIT_IN_CATCH);
            s.use(CATCH_PARAMETER);
            s.line("await(" + e.leaf("\"c\"", Type.STRING) + ");");
            s.line(e.world("log(" + x + ".getClass().getName());"));
        }
        boolean completes = statements.block(depth, size);
        if (completes && s.chance(20)) {
            s.use(THROW);
            s.line("throw " + x + ";");
            return false;
        }
        return completes;
    }

    private boolean cleanup(int depth, boolean awaited) {
        s.use(FINALLY);
        if (s.place.inCleanup) {
            s.use(NESTED_FINALLY);
        }
        String ok = s.fresh("ok");
        s.line("} finally { /*{ " + e.world("enter(); boolean " + ok + " = false; try { }*/"));
        Place outer = s.enter();
        s.place.targets.clear();
        s.place.result = null;
        s.place.yields = null;
        s.place.inCleanup = true;
        if (awaited) {
            s.use(AWAIT_IN_FINALLY);
            s.line(e.world("log(await(" + e.leaf("\"" + s.fresh("f") + "\"", Type.STRING) + "));"));
        }
        boolean completes = statements.block(depth, 4);
        s.leave(outer);
        if (completes && s.chance(6)) {
            s.use(FINALLY_THROWS);
            s.line("throw new " + s.any(Expressions.EXCEPTIONS) + "(\"" + s.fresh("always") + "\");");
            s.line("/*{ } finally { " + e.world("exit(" + ok + "); } }*/"));
            return false;
        }
        s.line("/*{ " + (completes ? ok + " = true; " : "") + "} finally { " + e.world("exit(" + ok + "); } }*/"));
        return completes;
    }

    /** A finally may leave by a jump only where no await is around. */
    private boolean jumpingFinally(int depth) {
        s.use(FINALLY_JUMPS);
        Place outer = s.enter();
        s.place.awaits = false;
        s.line("try {");
        s.line(e.world("mayThrow();"));
        boolean completes = statements.block(depth, 2);
        s.line("} finally {");
        s.line("if (" + e.world("coin()") + ") {");
        if (s.place.result != null && s.chance(60)) {
            statements.returns();
        } else if (s.place.yields != null && s.chance(60)) {
            statements.yields();
        } else if (!s.place.targets.isEmpty()) {
            s.line("break " + s.any(s.place.targets).label() + ";");
        } else {
            statements.throwing();
        }
        s.line("}");
        s.line("}");
        s.leave(outer);
        return completes;
    }

    boolean resources(int depth) {
        String before = s.fresh("d");
        s.line("{ /*{ boolean " + before + " = " + e.world("unwinding(); }*/ try ("));
        Place outer = s.enter();
        for (int n = 1 + s.pick(2); n > 0; n--) {
            s.line(resource());
        }
        s.line(") {");
        s.line(e.world("mayThrow();"));
        boolean completes = statements.block(depth, 4);
        if (s.chance(40)) {
            completes |= caught(depth, s.chance(50) ? "java.io.IOException" : "Throwable", before, 2);
        }
        s.leave(outer);
        if (s.chance(25)) {
            completes &= cleanup(depth, s.place.awaits && s.chance(60));
        }
        s.line("} }");
        return completes;
    }

    private String resource() {
        String r = s.fresh("r");
        String failing = "null";
        if (s.chance(30)) {
            s.use(FAILING_CLOSE);
            failing = "new java.io.IOException(\"close " + r + "\")";
        }
        int kind = s.pick(s.place.awaits ? 5 : 1);
        s.use(kind < 2 ? RESOURCE : ASYNC_RESOURCE);
        String name = "(\"" + r + "\", ";
        String made = "ares" + name + s.pick(3) + ", " + failing + ")";
        return switch (kind) {
            case 0 -> "Res " + r + " = " + e.world("res" + name + failing + ");");
            case 1 ->
                "var " + r + " = await("
                        + e.world("leaf(" + e.world("res" + name + failing + "), ") + s.pick(2) + "));");
            case 2 -> "ARes " + r + " = " + e.world("coin() ? null : ") + e.world(made + ";");
            case 3 -> "ARes " + r + " = new ARes(" + e.self() + ", \"" + r + "\", " + s.pick(3) + ", " + failing + ");";
            default -> "ARes " + r + " = " + e.world(made + ";");
        };
    }
}
