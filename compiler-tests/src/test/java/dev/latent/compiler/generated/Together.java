package dev.latent.compiler.generated;

import static dev.latent.compiler.generated.Construct.*;

import dev.latent.compiler.generated.Source.Place;
import dev.latent.compiler.generated.Source.Target;
import dev.latent.compiler.generated.Source.Type;

/** Writes futures that run at the same time: joins, selects, timeouts, and what is pinned over several selects. */
final class Together {
    private final Source s;
    private final Expressions e;
    private final Statements statements;
    private final Bodies bodies;

    Together(Source source, Expressions expressions, Statements statements, Bodies bodies) {
        s = source;
        e = expressions;
        this.statements = statements;
        this.bodies = bodies;
    }

    /** {@return whether what it wrote can end normally} */
    boolean write(int depth) {
        if (!s.place.awaits) {
            return true;
        }
        switch (s.pick(9)) {
            case 0 -> {
                s.use(JOIN);
                show("show", together("join(" + child(depth) + ", " + child(depth) + ")"));
            }
            case 1 -> {
                s.use(JOIN);
                show("show", together("join(" + child(depth) + ", " + child(depth) + ", " + child(depth) + ")"));
            }
            case 2 -> {
                s.use(JOIN_ALL);
                joinAll(depth);
            }
            case 3, 4 -> {
                s.use(SELECT_IN_BODY);
                return select(depth);
            }
            case 5 -> {
                s.use(TIMEOUT_IN_BODY);
                show("show", timeout(child(depth)));
            }
            case 6 -> pinned(depth);
            case 7 -> shared(depth);
            default -> {
                if (s.chance(50)) {
                    s.use(YIELD_NOW);
                    s.line("await(" + e.world("yieldNow()") + ");");
                } else {
                    s.use(SETTLE);
                    show("outcome", e.world("settle(" + child(depth) + ")"));
                }
            }
        }
        return true;
    }

    private String together(String call) {
        return e.world("together()." + call);
    }

    private void show(String how, String future) {
        s.line(e.world("log((String) ") + e.world(how + "(await(" + future + ")));"));
    }

    private String timeout(String future) {
        return together("withTimeout(" + s.pick(4) + ", " + future + ")");
    }

    /** {@return a future of an Object}, a local where it is a body. */
    private String child(int depth) {
        switch (s.pick(10)) {
            case 0 -> {
                return e.leaf(e.of(Type.OBJECT), Type.OBJECT);
            }
            case 1, 2 -> {
                if (!e.methods.isEmpty()) {
                    return e.call();
                }
            }
            case 3 -> {
                return bodies.owning(depth);
            }
            case 4 -> {
                if (depth < 5 && s.budget > 0) {
                    s.use(NESTED_TOGETHER);
                    s.budget--;
                    return s.chance(50)
                            ? together((s.chance(50) ? "join(" : selected()) + child(depth + 1) + ", "
                                    + child(depth + 1) + ")")
                            : timeout(child(depth + 1));
                }
            }
            default -> {}
        }
        String f = s.fresh("f");
        Place outer = s.enterBody("Object");
        s.line("Future<Object> " + f + " = async(" + s.closure("AsyncCallable<Object>") + "() -> {");
        statements.body(depth);
        s.line("});");
        s.leave(outer);
        return s.chance(15) ? e.world("wrap(" + f + ")") : f;
    }

    private String selected() {
        return s.chance(50) ? "select(" : "selectBiased(";
    }

    /** Of futures that do not fail: in which order it drops the others is not told. */
    private void joinAll(int depth) {
        StringBuilder all = new StringBuilder();
        for (int n = 1 + s.pick(3); n > 0; n--) {
            all.append(e.world("settle(" + child(depth) + ")")).append(n > 1 ? ", " : "");
        }
        String each = s.fresh("each");
        s.line("for (var " + each + " : await(" + together("join(java.util.List.of(" + all + "))") + ")) {");
        s.line(e.world("log((String) ") + e.world("outcome(" + each + "));"));
        s.line("}");
    }

    private boolean select(int depth) {
        String select = together(selected() + child(depth) + ", " + child(depth) + ")");
        if (s.chance(40)) {
            show("show", select);
            return true;
        }
        s.line("switch (await(" + select + ")) {");
        boolean completes = false;
        for (String which : new String[] {"First", "Second"}) {
            String x = s.fresh("x");
            s.line("case " + which + "(var " + x + ") -> {");
            s.line(e.world("log(\"" + which + "\" + ") + e.world("show(" + x + "));"));
            completes |= statements.block(depth, 2);
            s.line("}");
        }
        s.line("}");
        return completes;
    }

    /** Not awaited again where a drop of its last awaiter has ended it. */
    private void shared(int depth) {
        s.use(SHARED);
        String shared = s.fresh("shared");
        String work = child(depth);
        s.line("var " + shared + " = " + together("shared(" + work + ")") + ";");
        String[] both = {s.fresh("f"), s.fresh("f")};
        for (String f : both) {
            String x = s.fresh("x");
            Place outer = s.enterBody("Object");
            s.line("Future<Object> " + f + " = async((AsyncCallable<Object>) () -> {");
            boolean completes = statements.open(depth, 2);
            if (completes) {
                s.line("Object " + x + " = await(" + shared + ");");
                s.line(e.world("log((String) ") + e.world("show(" + x + "));"));
                s.line("return " + x + ";");
            }
            s.line("});");
            s.leave(outer);
        }
        show("show", together("join(" + both[0] + ", " + both[1] + ")"));
        show("show", "" + shared);
    }

    /** Lent to a select in each round, and dropped at the end. */
    private void pinned(int depth) {
        s.use(PINNED);
        String p = s.fresh("pinned");
        String count = s.fresh("n");
        String label = s.fresh("loop");
        String x = s.fresh("x");
        String work = child(depth);
        s.line("try (var " + p + " = " + together("pin(" + work + ")") + ") {");
        s.line(e.world("mayThrow();"));
        s.line("int " + count + " = 0;");
        s.line(label + ": while (" + count + "++ < " + (1 + s.pick(4)) + ") {");
        s.line(e.world("step();"));
        Place outer = s.enter();
        s.place.targets.add(new Target(label, true, false));
        s.declareCounter(count);
        s.line("switch (await(" + together(selected() + p + ", " + child(depth) + ")") + ")) {");
        s.line("case First(var " + x + ") -> {");
        s.line(e.world("log(\"first\" + ") + e.world("show(" + x + "));"));
        s.line("break " + label + ";");
        s.line("}");
        s.line("case Second(var " + x + ") -> {");
        s.line(e.world("log(\"second\" + ") + e.world("show(" + x + "));"));
        statements.block(depth, 2);
        s.line("}");
        s.line("}");
        s.leave(outer);
        s.line("}");
        s.line("}");
    }
}
