package dev.latent.compiler.generated;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A program while it is written: its text, what is in scope at the end of the text, and the random choices. */
final class Source {
    /** Types of variables. */
    enum Type {
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
        SHAPE("Shape", "Shape"),
        INTS("int[]", "int[]");

        final String text;
        final String box;

        Type(String text, String box) {
            this.text = text;
            this.box = box;
        }
    }

    /** @param body the body whose local it is; a final one may be captured by the bodies within */
    record Var(String name, Type type, boolean isFinal, int body) {}

    record Target(String label, boolean isLoop, boolean throughFinally) {}

    /** What holds at one place of the text. */
    static final class Place {
        final List<Var> scope;
        final List<Target> targets;
        final List<String> handlers;

        /** Closures without arguments. */
        final List<String> bodies;

        /** How the world is reached. */
        String self;

        /** How a method of the superclass is reached, or null. */
        String superclass;

        int body;

        /** What return takes: null where it may not stand, empty for nothing. */
        String result;

        /** What a yield takes, or null where it may not stand. */
        Type yields;

        /** Whether a long or double is on the operand stack. */
        boolean overWide;

        boolean awaits;
        boolean inCleanup;

        /** Within a try whose finally awaits. */
        boolean throughFinally;

        Place() {
            scope = new ArrayList<>();
            targets = new ArrayList<>();
            handlers = new ArrayList<>();
            bodies = new ArrayList<>();
            self = "this";
            awaits = true;
        }

        private Place(Place from) {
            scope = new ArrayList<>(from.scope);
            targets = new ArrayList<>(from.targets);
            handlers = new ArrayList<>(from.handlers);
            bodies = new ArrayList<>(from.bodies);
            self = from.self;
            superclass = from.superclass;
            body = from.body;
            result = from.result;
            yields = from.yields;
            overWide = from.overWide;
            awaits = from.awaits;
            inCleanup = from.inCleanup;
            throughFinally = from.throughFinally;
        }
    }

    final String name;
    final Map<Construct, Integer> used = new EnumMap<>(Construct.class);
    private final SplittableRandom random;
    private StringBuilder out = new StringBuilder();
    private int names;
    private int bodies;

    /** Statements that may still be written. */
    int budget;

    /** Expressions with statements in them that may still be written. */
    int blocks;

    Place place = new Place();

    Source(String name, long seed) {
        this.name = name;
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
    }

    String text() {
        return out.toString();
    }

    void line(String text) {
        out.append(text).append('\n');
    }

    /** {@return what {@code write} writes, instead of writing it} */
    String aside(Runnable write) {
        StringBuilder before = out;
        out = new StringBuilder();
        write.run();
        String written = out.toString();
        out = before;
        return written;
    }

    int pick(int n) {
        return random.nextInt(n);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String fresh(String prefix) {
        return prefix + ++names;
    }

    void use(Construct construct) {
        used.merge(construct, 1, Integer::sum);
    }

    /** Counts {@code construct} if {@code text}, which is {@return returned}, awaits. */
    String use(Construct construct, String text) {
        if (text.contains("await(")) {
            use(construct);
        }
        return text;
    }

    /** {@return most often a cast, without which javac attributes a body anew for each overload, and so again for each body around} */
    String closure(String type) {
        return chance(4) ? "" : "(" + type + ") ";
    }

    // ---- places -----------------------------------------------------------------------------------------------------

    /** Goes to a place of its own within this one; {@return the place to {@link #leave} to}. */
    Place enter() {
        Place outer = place;
        place = new Place(outer);
        return outer;
    }

    void leave(Place outer) {
        place = outer;
    }

    /** Goes into a body within this one: only what is final is seen, and nothing can be jumped to. */
    Place enterBody(String result) {
        Place outer = enter();
        place.scope.removeIf(v -> !v.isFinal || v.body < 0);
        place.targets.clear();
        place.body = ++bodies;
        place.result = result;
        place.yields = null;
        place.overWide = false;
        place.inCleanup = false;
        place.throughFinally = false;
        return outer;
    }

    void declare(String variable, Type type, boolean isFinal) {
        place.scope.add(new Var(variable, type, isFinal, place.body));
    }

    /** A variable that the program must not change. */
    void declareCounter(String variable) {
        place.scope.add(new Var(variable, Type.INT, true, -1));
    }

    List<Var> mutable() {
        return place.scope.stream()
                .filter(v -> !v.isFinal && v.body == place.body)
                .toList();
    }

    List<Var> readable(Type type) {
        return place.scope.stream().filter(v -> v.type == type).toList();
    }
}
