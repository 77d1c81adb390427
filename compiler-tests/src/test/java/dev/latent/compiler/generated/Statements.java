package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Target;
import dev.latent.compiler.generated.Source.Type;
import dev.latent.compiler.generated.Source.Var;
import java.util.List;
import java.util.Map;

/** Writes statements; each method that returns a boolean tells whether what it wrote can end normally. */
final class Statements {
    private static final Map<Type, Construct> LOCALS = Map.ofEntries(
            Map.entry(Type.INT, REFERENCE),
            Map.entry(Type.LONG, Construct.LONG),
            Map.entry(Type.DOUBLE, Construct.DOUBLE),
            Map.entry(Type.FLOAT, Construct.DOUBLE),
            Map.entry(Type.BOOL, BOOLEAN),
            Map.entry(Type.BYTE, Construct.BYTE),
            Map.entry(Type.CHAR, Construct.CHAR),
            Map.entry(Type.SHORT, Construct.SHORT),
            Map.entry(Type.STRING, REFERENCE),
            Map.entry(Type.BOXED, REFERENCE),
            Map.entry(Type.OBJECT, REFERENCE),
            Map.entry(Type.SHAPE, REFERENCE),
            Map.entry(Type.INTS, REFERENCE));

    private final Source s;
    private final Expressions e;
    private final Loops loops;
    private final Tries tries;
    private final Switches switches;
    private final Bodies bodies;
    private final Together together;

    Statements(Source source, Expressions expressions) {
        s = source;
        e = expressions;
        e.statements = this;
        loops = new Loops(source, expressions, this);
        tries = new Tries(source, expressions, this);
        switches = new Switches(source, expressions, this);
        bodies = new Bodies(source, expressions, this);
        together = new Together(source, expressions, this, bodies);
    }

    /** A block's statements, with a scope of their own. */
    boolean block(int depth, int statements) {
        Place outer = s.enter();
        boolean completes = open(depth, statements);
        s.leave(outer);
        return completes;
    }

    /** Statements whose declarations stay in scope. */
    boolean open(int depth, int statements) {
        boolean completes = true;
        for (int n = 1 + s.pick(statements); n > 0 && completes; n--) {
            completes = statement(depth + 1, n == 1);
        }
        return completes;
    }

    /** What is in the braces of a body that gives an Object. */
    void body(int depth) {
        if (open(depth, 3)) {
            returns();
        }
    }

    private boolean statement(int depth, boolean last) {
        boolean simple = depth > 5 || --s.budget < 0;
        switch (s.pick(simple ? 9 : 39)) {
            case 0 -> s.line(e.world("log(\"" + s.fresh("at") + "\" + " + e.of(Type.STRING) + ");"));
            case 1, 2 -> declare();
            case 3, 4 -> s.line(assignment() + ";");
            case 5 -> {
                return jumpOrNot(last && depth > 1);
            }
            case 6 ->
                s.line(e.world("log((String) " + e.world("show(" + e.of(s.any(List.of(Type.values())), 3) + "));")));
            case 7 -> s.line(e.world("log(\"" + s.fresh("t") + "\");"));
            case 8 -> small();
            case 9, 10 -> {
                return conditional(depth);
            }
            case 11, 12, 13 -> {
                return loops.write(depth, last);
            }
            case 14, 15, 16, 17, 18, 19 -> {
                return tries.write(depth);
            }
            case 20, 21 -> {
                return tries.resources(depth);
            }
            case 22, 23, 24 -> {
                return switches.write(depth);
            }
            case 25, 26 -> {
                return switches.instanceOf(depth);
            }
            case 27, 28, 29 -> bodies.write(depth);
            case 30 -> {
                return locked(depth);
            }
            case 31 -> labelled(depth);
            case 32 -> deadReference();
            case 33, 34, 35, 36, 37 -> {
                return together.write(depth);
            }
            default -> {
                return slots(depth);
            }
        }
        return true;
    }

    private void declare() {
        Type type = s.any(List.of(Type.values()));
        s.use(LOCALS.get(type));
        String name = s.fresh("v");
        boolean isFinal = s.chance(40);
        switch (s.pick(8)) {
            case 0 -> {
                s.use(CONDITIONALLY_ASSIGNED);
                s.line((isFinal ? "final " : "") + type.text + " " + name + ";");
                s.line("if (" + e.of(Type.BOOL) + ") { " + name + " = " + e.of(type) + "; } else { " + name + " = "
                        + e.of(type) + "; }");
            }
            case 1 -> {
                s.use(VAR);
                s.line((isFinal ? "final " : "") + "var " + name + " = (" + type.text + ") " + e.of(type) + ";");
            }
            default -> s.line((isFinal ? "final " : "") + type.text + " " + name + " = " + e.of(type) + ";");
        }
        s.declare(name, type, isFinal);
    }

    String assignment() {
        List<Var> mutable = s.mutable();
        if (mutable.isEmpty() || s.chance(15)) {
            return s.chance(50)
                    ? e.world("field += " + e.of(Type.INT))
                    : e.world("wide = ") + e.world("wide + " + e.overWide(() -> e.of(Type.LONG)));
        }
        Var v = s.any(mutable);
        return switch (v.type()) {
            case INT, LONG, DOUBLE, FLOAT, BYTE, SHORT, CHAR ->
                switch (s.pick(4)) {
                    case 0, 1 -> v.name() + " = " + e.of(v.type());
                    case 2 -> v.name() + " += " + e.overWide(() -> e.of(Type.INT));
                    default -> v.name() + "++";
                };
            case STRING -> v.name() + (s.chance(50) ? " += " : " = ") + e.of(Type.STRING);
            case INTS ->
                s.use(
                        ELEMENT_COMPOUND,
                        v.name() + "[" + e.index(2) + "]" + (s.chance(50) ? " += " : " *= ") + e.of(Type.INT));
            default -> v.name() + " = " + e.of(v.type());
        };
    }

    private void small() {
        switch (s.pick(5)) {
            case 0 -> {
                s.use(ASSERTION);
                s.line("assert " + e.of(Type.BOOL) + (s.chance(60) ? " : " + e.of(Type.STRING) : "") + ";");
            }
            case 1 -> {
                s.use(UNNAMED);
                s.line("var _ = " + e.of(Type.OBJECT) + ";");
            }
            case 2 -> {
                s.use(TEXT_BLOCK);
                s.line(e.world(
                        "log(\"\"\"\n      a \"text\"\n        block\\\n      \"\"\" + " + e.of(Type.STRING) + ");"));
            }
            case 3 -> {
                s.use(GENERIC);
                s.line(e.world("log((String) ")
                        + e.world("both(" + e.argument(Type.STRING) + ", " + e.argument(Type.STRING) + "));"));
            }
            default -> {
                s.use(NULL_MERGE);
                String name = s.fresh("o");
                s.line("Object " + name + " = null;");
                s.line("if (" + e.of(Type.BOOL) + ") " + name + " = " + e.of(Type.STRING) + ";");
                s.declare(name, Type.OBJECT, false);
            }
        }
    }

    private boolean jumpOrNot(boolean last) {
        if (last && s.chance(30) && !s.place.inCleanup) {
            return jump();
        }
        s.line("if (" + e.world("coin()") + ") {");
        jump();
        s.line("}");
        return true;
    }

    private boolean jump() {
        int kind = s.pick(6);
        if (kind < 4 && s.place.yields != null && s.chance(60)) {
            s.use(YIELD);
            yields();
            return false;
        }
        if (kind < 2 && s.place.result != null) {
            s.use(RETURN);
            if (s.place.throughFinally) {
                s.use(PENDING_JUMP);
            }
            returns();
            return false;
        }
        if (kind < 4 && !s.place.targets.isEmpty()) {
            Target target = s.any(s.place.targets);
            boolean again = target.isLoop() && s.chance(60);
            s.use(again ? CONTINUE : BREAK);
            if (target.throughFinally()) {
                s.use(PENDING_JUMP);
            }
            s.line((again ? "continue " : "break ") + target.label() + ";");
            return false;
        }
        throwing();
        return false;
    }

    void returns() {
        String result = s.place.result;
        s.line(
                result.isEmpty()
                        ? "return;"
                        : result.equals("Object")
                                ? "return " + e.of(Type.OBJECT) + ";"
                                : "return " + e.of(Type.INT) + ";");
    }

    void yields() {
        s.line("yield ((" + e.of(s.place.yields) + "));");
    }

    /** The arms of a switch expression; with {@code tries} there is something in them that needs an empty stack. */
    void arms(int depth, Type type, boolean tries) {
        // Neither return nor a jump may leave a switch expression.
        Place outer = s.enter();
        s.place.targets.clear();
        s.place.result = null;
        s.place.throughFinally = false;
        s.place.overWide = false;
        s.place.yields = type;
        if (tries && s.chance(20)) {
            s.place.awaits = false;
        }
        for (String label : List.of("case 0", "case 1")) {
            s.line(label + " -> {");
            Place inner = s.enter();
            if (tries && s.chance(70) ? tried(depth) : open(depth, 2)) {
                yields();
            }
            s.leave(inner);
            s.line("}");
        }
        s.line("default -> " + e.of(type) + ";");
        s.leave(outer);
    }

    private boolean tried(int depth) {
        return switch (s.pick(5)) {
            case 0 -> locked(depth);
            case 1 -> tries.resources(depth);
            default -> tries.write(depth);
        };
    }

    void throwing() {
        s.use(THROW);
        if (e.mayBlock() && s.chance(30)) {
            s.use(THROW_SWITCH);
            s.line("throw new " + s.any(Expressions.EXCEPTIONS) + "(" + e.blocked(Type.STRING, 1) + ");");
            return;
        }
        if (s.place.awaits && s.chance(30)) {
            s.use(UNREACHABLE);
            s.line(e.world("log(" + "await(" + e.leaf("\"" + s.fresh("u") + "\"", Type.STRING) + "));"));
        }
        s.line("throw new " + s.any(Expressions.EXCEPTIONS) + "(\"" + s.fresh("x") + "\");");
    }

    private boolean conditional(int depth) {
        s.use(IF);
        s.line("if (" + e.of(Type.BOOL, 3) + ") {");
        boolean completes = block(depth, 3);
        if (s.chance(50)) {
            s.line("} else {");
            completes |= block(depth, 3);
        } else {
            completes = true;
        }
        s.line("}");
        return completes;
    }

    /** No awaits within. */
    private boolean locked(int depth) {
        s.use(SYNCHRONIZED);
        Place outer = s.enter();
        s.place.awaits = false;
        s.line("synchronized (" + e.self() + ") {");
        if (s.chance(30)) {
            s.line("synchronized (\"lock\") {");
            s.line(assignment() + ";");
            s.line("}");
        }
        boolean completes = open(depth, 2);
        if (completes && s.chance(20)) {
            s.line("if (" + e.world("coin()") + ") {");
            jump();
            s.line("}");
        }
        s.line("}");
        s.leave(outer);
        return completes;
    }

    private void labelled(int depth) {
        s.use(LABELLED_BLOCK);
        String label = s.fresh("block");
        s.line(label + ": {");
        Place outer = s.enter();
        s.place.targets.add(new Target(label, false, false));
        s.line("if (" + e.world("coin()") + ") break " + label + ";");
        open(depth, 3);
        s.leave(outer);
        s.line("}");
    }

    /** What is dead must not be held by a suspended frame: the leaf {@code watch} looks. */
    private void deadReference() {
        if (!s.place.awaits) {
            return;
        }
        s.use(DEAD_REFERENCE);
        String t = s.fresh("token");
        String id = s.fresh("id");
        String watch = "await(" + e.world("watch(" + id + ", " + (1 + s.pick(2)) + "));");
        s.line("{ Object " + t + " = " + e.world("token(); int ") + id + " = " + e.world("number(" + t + ");"));
        switch (s.pick(5)) {
            case 0 -> s.line(watch);
            case 1 -> {
                s.line("await(" + e.leaf(e.world("number(" + t + ")"), Type.INT) + ");");
                s.line(watch);
            }
            case 2 -> {
                s.line("await(" + e.leaf(e.world("number(" + t + ")"), Type.INT) + ");");
                s.line(t + " = null; " + watch + " " + e.world("log((String) " + e.world("show(" + t + "));")));
            }
            case 3 -> {
                String c = s.fresh("captured");
                s.line("final Object " + c + " = " + t + "; " + t + " = null;");
                s.line("await(async(() -> { " + e.world("log(\"\" + " + e.world("number(" + c + "));")) + " " + watch
                        + " }));");
                s.line("}");
                return;
            }
            default -> {
                s.line("for (Object each : new Object[] {" + t + "}) { await("
                        + e.leaf(e.world("number(each)"), Type.INT) + "); }");
                s.line(t + " = \"x\"; " + watch);
            }
        }
        s.line("}");
    }

    private boolean slots(int depth) {
        s.use(SLOT_REUSE);
        for (int k = 0; k < 2; k++) {
            Type type = s.any(List.of(Type.values()));
            s.line("{ " + type.text + " " + s.fresh("r") + " = " + e.of(type) + "; " + e.world("log(")
                    + e.world("show(") + e.of(Type.OBJECT) + "));");
            boolean completes = block(depth, 2);
            s.line("}");
            if (!completes) {
                return false;
            }
        }
        return true;
    }
}
