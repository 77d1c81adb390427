package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Target;
import dev.latent.compiler.generated.Source.Type;
import java.util.List;

/** Writes switches and patterns. */
final class Switches {
    private final Source s;
    private final Expressions e;
    private final Statements statements;

    Switches(Source source, Expressions expressions, Statements statements) {
        s = source;
        e = expressions;
        this.statements = statements;
    }

    boolean write(int depth) {
        switch (s.pick(4)) {
            case 0 -> old(depth);
            case 1 -> arrows(depth);
            case 2 -> {
                return sealed(depth);
            }
            default -> yielding(depth);
        }
        return true;
    }

    private void old(int depth) {
        String label = s.fresh("sw");
        Place outer = s.enter();
        s.place.targets.add(new Target(label, false, false));
        int kind = s.pick(3);
        s.use(List.of(OLD_SWITCH_INT, OLD_SWITCH_STRING, OLD_SWITCH_ENUM).get(kind));
        String index = e.index(3);
        s.line(label + ": switch ("
                + switch (kind) {
                    case 0 -> index;
                    case 1 -> "\"k\" + " + index;
                    default -> "Colour.values()[" + index + "]";
                }
                + ") {");
        for (int k = 0; k < 3; k++) {
            s.line((k == 2 && s.chance(50)
                            ? "default"
                            : "case "
                                    + switch (kind) {
                                        case 0 -> "" + k;
                                        case 1 -> "\"k" + k + "\"";
                                        default ->
                                            List.of("RED", "GREEN", "BLUE").get(k);
                                    })
                    + ": {");
            boolean completes = statements.block(depth, 2);
            s.line("}");
            // A way out, so that what follows the switch is reachable.
            if (completes && s.chance(60)) {
                s.line("if (" + e.of(Type.BOOL, 1) + ") break " + label + ";");
            }
        }
        s.line("case "
                + switch (kind) {
                    case 0 -> "9";
                    case 1 -> "\"k9\"";
                    default -> "PINK";
                }
                + ":");
        s.line("}");
        s.leave(outer);
    }

    private void arrows(int depth) {
        s.use(ARROW_SWITCH);
        s.line("switch (Colour.values()[" + e.index(3) + "]) {");
        s.line("case RED, PINK -> {");
        statements.block(depth, 2);
        s.line("}");
        s.line("case GREEN -> {");
        statements.block(depth, 2);
        s.line("}");
        s.line("default -> " + e.world("log(" + e.argument(Type.STRING) + ");"));
        s.line("}");
    }

    /** A guard must neither assign nor use what may change. */
    private String guard() {
        if (s.chance(40)) {
            return "";
        }
        Place outer = s.enter();
        s.place.scope.removeIf(v -> !v.isFinal() || v.body() < 0);
        String condition = s.place.awaits
                ? "await(" + e.leaf(e.atom(Type.BOOL), Type.BOOL) + ") || " + e.atom(Type.INT) + " < (int) await("
                        + e.leaf(e.atom(Type.INT), Type.INT) + ")"
                : e.atom(Type.BOOL);
        s.leave(outer);
        return " when " + s.use(GUARD, condition);
    }

    private boolean sealed(int depth) {
        s.use(PATTERN_SWITCH);
        boolean nulls = s.chance(40);
        boolean completes = false;
        String subject = nulls ? "(" + e.of(Type.BOOL) + " ? null : " + e.of(Type.SHAPE) + ")" : e.of(Type.SHAPE);
        s.line("switch ((Shape) " + subject + ") {");
        if (nulls) {
            s.use(NULL_CASE);
            s.line("case null -> {");
            completes |= statements.block(depth, 2);
            s.line("}");
        }
        String a = s.fresh("b");
        String b = s.fresh("b");
        s.use(RECORD_PATTERN);
        completes |= arm(depth, "Box(Dot(var " + a + "), String " + b + ")", true, a, Type.INT, b, Type.STRING);
        a = s.fresh("b");
        b = s.fresh("b");
        if (s.chance(50)) {
            s.use(UNNAMED);
            completes |= arm(depth, "Line(Box(_, var " + a + "), Shape _)", true, a, Type.STRING);
        } else {
            completes |= arm(depth, "Line(Shape " + a + ", Shape " + b + ")", true, a, Type.SHAPE, b, Type.SHAPE);
        }
        a = s.fresh("b");
        if (s.chance(50)) {
            completes |= arm(depth, "Dot " + a, false, a, Type.SHAPE);
            s.line("case Box _, Line _ -> " + e.world("log(\"" + s.fresh("other") + "\");"));
            s.line("}");
            return true;
        }
        completes |= arm(depth, "Shape " + a, false, a, Type.SHAPE);
        s.line("}");
        return completes;
    }

    private boolean arm(int depth, String pattern, boolean guarded, Object... bindings) {
        Place outer = s.enter();
        String guard = guarded ? guard() : "";
        for (int k = 0; k < bindings.length; k += 2) {
            // Never assigned: its static type may be narrower.
            s.declare((String) bindings[k], (Type) bindings[k + 1], bindings[k + 1] == Type.SHAPE);
        }
        s.line("case " + pattern + guard + " -> {");
        boolean completes = statements.block(depth, 2);
        s.line("}");
        s.leave(outer);
        return completes;
    }

    /** A switch expression whose blocks hold statements. */
    private void yielding(int depth) {
        s.use(SWITCH_EXPRESSION);
        Type type = s.any(List.of(Type.values()));
        String v = s.fresh("v");
        s.line(type.text + " " + v + " = switch (" + e.index(3) + ") {");
        statements.arms(depth, type, false);
        s.line("};");
        s.declare(v, type, false);
    }

    boolean instanceOf(int depth) {
        switch (s.pick(3)) {
            case 0 -> {
                s.use(PATTERN_BINDING);
                String a = s.fresh("b");
                s.line("if ((Object) " + e.of(Type.OBJECT) + " instanceof String " + a + " && " + a + ".length() < "
                        + e.of(Type.INT) + ") {");
                bound(depth, a, Type.STRING);
            }
            case 1 -> {
                s.use(RECORD_PATTERN);
                String a = s.fresh("b");
                String b = s.fresh("b");
                s.line("if ((Object) " + e.of(Type.OBJECT) + " instanceof Pair<?, ?>(Pair<?, ?>(var _, Integer " + a
                        + "), Object " + b + ") || " + e.world("coin()") + ") {");
                statements.block(depth, 2);
                s.line("} else {");
                s.line(e.world("log(\"" + s.fresh("else") + "\");"));
                s.line("}");
                s.line("if (new Pair<Object, Integer>(" + e.of(Type.OBJECT) + ", " + e.of(Type.INT)
                        + ") instanceof Pair<Object, Integer>(var " + a + "x, Integer " + b + "x)) {");
                Place outer = s.enter();
                s.declare(a + "x", Type.OBJECT, false);
                s.declare(b + "x", Type.BOXED, false);
                statements.block(depth, 2);
                s.leave(outer);
                s.line("}");
            }
            default -> {
                s.use(PATTERN_SCOPE);
                String a = s.fresh("b");
                String subject = s.chance(20) ? e.of(Type.SHAPE) : "new Box(" + e.of(Type.SHAPE) + ", \"b\")";
                s.line("if (!((Shape) " + subject + " instanceof Box(var " + a + ", String _))) {");
                Place outer = s.enter();
                if (statements.block(depth, 2)) {
                    statements.throwing();
                }
                s.leave(outer);
                s.line("}");
                s.declare(a, Type.SHAPE, false);
            }
        }
        return true;
    }

    private void bound(int depth, String name, Type type) {
        Place outer = s.enter();
        s.declare(name, type, false);
        statements.block(depth, 2);
        s.leave(outer);
        s.line("}");
    }
}
