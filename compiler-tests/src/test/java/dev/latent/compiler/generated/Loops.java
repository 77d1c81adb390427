package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Target;
import dev.latent.compiler.generated.Source.Type;

/** Writes loops; each runs a few times, and counts its steps, so that a fault can't make it endless. */
final class Loops {
    private final Source s;
    private final Expressions e;
    private final Statements statements;

    Loops(Source source, Expressions expressions, Statements statements) {
        s = source;
        e = expressions;
        this.statements = statements;
    }

    boolean write(int depth, boolean last) {
        String label = s.fresh("loop");
        String count = s.fresh("n");
        int times = 1 + s.pick(3);
        Place outer = s.enter();
        s.place.targets.add(new Target(label, true, false));
        boolean completes = true;
        switch (s.pick(last && !s.place.inCleanup ? 7 : 6)) {
            case 0 -> {
                s.use(FOR);
                String step = s.chance(50) ? count + "++" : count + " += 1 + 0 * " + e.of(Type.INT, 1);
                s.line(label + ": for (int " + count + " = 0; " + count + " < " + times + "; " + step + ") {");
                body(depth, count);
                s.line("}");
            }
            case 1 -> {
                s.use(WHILE);
                s.line("int " + count + " = 0;");
                s.line(label + ": while (" + count + "++ < " + times + " && " + e.of(Type.INT) + " != 77) {");
                body(depth, count);
                s.line("}");
            }
            case 2 -> {
                s.use(DO_WHILE);
                s.line("int " + count + " = 0;");
                s.line(label + ": do {");
                s.line("if (" + e.world("coin()") + ") break " + label + ";");
                body(depth, count);
                s.line("} while (" + count + "++ < " + times + " && "
                        + (s.place.awaits ? "await(" + e.leaf("true", Type.BOOL) + ")" : "true") + ");");
            }
            case 3 -> {
                s.use(INFINITE_LOOP);
                s.line("int " + count + " = 0;");
                s.line(label + ": " + (s.chance(50) ? "while (true)" : "for (;;)") + " {");
                s.line("if (" + count + "++ >= " + times + ") break " + label + ";");
                body(depth, count);
                s.line("}");
            }
            case 4 -> {
                s.use(FOR_EACH);
                String each = s.fresh("e");
                s.line("int " + count + " = 0;");
                s.line(label + ": for (" + (s.chance(30) ? "var " : "String ") + each + " : java.util.List.of(\"a\", "
                        + e.of(Type.STRING) + ")) {");
                s.declare(each, Type.STRING, true);
                body(depth, count);
                s.line("}");
            }
            case 5 -> {
                s.use(FOR_EACH_ARRAY);
                String each = s.fresh("e");
                s.line("int " + count + " = 0;");
                s.line(label + ": for (int " + each + " : " + e.of(Type.INTS) + ") {");
                s.declare(each, Type.INT, true);
                body(depth, count);
                s.line("}");
            }
            default -> {
                // No break may leave it, or javac would take what follows for reachable.
                s.place.targets.removeLast();
                s.use(ENDLESS_LOOP);
                s.line("int " + count + " = 0;");
                s.line(label + ": while (true) {");
                s.line("if (" + count + "++ >= " + times + ") {");
                if (s.place.result != null && s.chance(60)) {
                    statements.returns();
                } else {
                    statements.throwing();
                }
                s.line("}");
                body(depth, count);
                s.line("}");
                completes = false;
            }
        }
        s.leave(outer);
        return completes;
    }

    private void body(int depth, String count) {
        s.line(e.world("step();"));
        s.declareCounter(count);
        statements.block(depth, 4);
    }
}
