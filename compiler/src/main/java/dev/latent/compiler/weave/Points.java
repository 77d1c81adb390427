package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.names.Core;
import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The awaits of a body, and which field of the frame keeps which value across each. */
final class Points {
    /**
     * One value kept in a field while suspended; slot -1 is the stack.
     *
     * @param fixed whether the field holds it from the frame's making on, and until the value is dead
     */
    record Spill(Object type, @Nullable Field field, int slot, boolean fixed) {
        /** {@return whether there is nothing to do as the body suspends} */
        boolean isHeldAlready() {
            return slot >= 0 && (fixed || field == null);
        }
    }

    /** A field of the frame class. */
    record Field(String name, ClassDesc type) {}

    record Point(
            int number,
            int at,
            int line,
            List<Object> stack,
            List<Object> locals,
            BitSet live,
            List<Spill> fromLocals,
            List<Spill> fromStack) {

        /** {@return the fields that hold something while the body waits here} */
        List<Field> kept() {
            return Stream.concat(fromLocals.stream(), fromStack.stream())
                    .flatMap(s -> Stream.ofNullable(s.field))
                    .toList();
        }
    }

    /** HotSpot does not compile a longer method. */
    private static final int MAX_COMPILED = 8_000;

    // About how many bytes of code an await takes, and each value that lives across it, if all have their own.
    private static final int BYTES_OF_AWAIT = 50;
    private static final int BYTES_OF_VALUE = 11;

    private final Body body;
    private final TypeFlow types;
    private final Liveness liveness;

    private final List<Field> fields = new ArrayList<>();
    private final List<Spill> parameters = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Map<CodeElement, Point> pointAt = new IdentityHashMap<>();
    private final boolean shared;

    Points(Body body, TypeFlow types, Liveness liveness) {
        this.body = body;
        this.types = types;
        this.liveness = liveness;
        this.shared = size() > MAX_COMPILED;
        plan();
    }

    /** {@return whether there is so much to spill that awaits share the code of what they keep alike} */
    boolean shared() {
        return shared;
    }

    private int size() {
        int size = 0;
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                int values = before.stack().size() + liveness.across(i).cardinality();
                size += BYTES_OF_AWAIT + BYTES_OF_VALUE * values;
            }
        }
        return size;
    }

    List<Point> all() {
        return points;
    }

    /** {@return the point that {@code e}, if it is an await, is} */
    @Nullable
    Point at(CodeElement e) {
        return pointAt.get(e);
    }

    List<Field> fields() {
        return fields;
    }

    /** {@return the lambda's parameters, in order: what is captured, then the closure's own} */
    List<Spill> parameters() {
        return parameters;
    }

    /** {@return the fields of the lambda's parameters, in order} */
    List<Field> parameterFields() {
        return parameters.stream().map(Spill::field).toList();
    }

    /** {@return the parameters that the body never assigns} Where such a one is live, its field holds it already. */
    List<Spill> fixed() {
        return parameters.stream().filter(Spill::fixed).toList();
    }

    /** A value that lives across the await at the element {@code at}; slot -1 is the stack. */
    record Kept(ClassDesc type, int slot, int at) {}

    /** {@return what is kept at each point} */
    List<Kept> kept() {
        return points.stream()
                .flatMap(p -> Stream.concat(p.fromLocals.stream(), p.fromStack.stream())
                        .filter(s -> s.field != null)
                        .map(s -> new Kept(Objects.requireNonNull(s.field).type, s.slot, p.at)))
                .toList();
    }

    /** {@return the line of each point; 0 is the body's first} */
    String lines() {
        StringBuilder lines = new StringBuilder();
        lines.append((char) firstLine());
        points.forEach(p -> lines.append((char) p.line));
        return lines.toString();
    }

    /** {@return the points that are part of a cleanup} */
    String cleanups() {
        StringBuilder in = new StringBuilder();
        for (Point p : points) {
            if (body.cleanupOf.containsKey(body.elements.get(p.at))) {
                in.append((char) p.number);
            }
        }
        return in.toString();
    }

    /** {@return the line that the body begins in, or 0} */
    int firstLine() {
        for (CodeElement e : body.elements) {
            if (e instanceof LineNumber line) {
                return line.line();
            }
        }
        return 0;
    }

    private void plan() {
        BitSet assigned = assigned();
        Set<Field> used = new HashSet<>();
        int slot = body.isStatic ? 0 : 1;
        for (ClassDesc type : body.method.methodTypeSymbol().parameterList()) {
            // A narrow parameter keeps its own type, so that what is captured is checked as javac would.
            Object kept = TypeFlow.of(type);
            Field field = field(Objects.requireNonNull(TypeFlow.descriptor(kept)), used);
            parameters.add(new Spill(kept, field, slot, !assigned.get(slot)));
            slot += TypeKind.from(type).slotSize();
        }
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                planPoint(i, before);
            }
        }
        if (points.size() > Core.MAX_AWAITS) {
            throw new WeaveException(
                    Rule.BODY_TOO_LARGE,
                    points.get(Core.MAX_AWAITS).line,
                    "an async body may hold " + Core.MAX_AWAITS + " awaits, not " + points.size(),
                    "move a part of it to an async method");
        }
    }

    private BitSet assigned() {
        BitSet slots = new BitSet();
        for (CodeElement e : body.elements) {
            switch (e) {
                case StoreInstruction s -> slots.set(s.slot());
                case IncrementInstruction s -> slots.set(s.slot());
                default -> {}
            }
        }
        return slots;
    }

    private void planPoint(int i, TypeFlow.Snapshot before) {
        Set<Field> used = new HashSet<>();
        List<Object> stack = new ArrayList<>(before.stack());
        stack.removeLast();
        BitSet live = liveness.across(i);
        List<Spill> fromLocals = new ArrayList<>();
        BitSet fixed = new BitSet();
        for (Spill p : fixed()) {
            if (live.get(p.slot)) {
                fromLocals.add(p);
                fixed.set(p.slot);
            }
            // Of a variable that is dead the field is free; but what awaits are to share must not move as it dies.
            if (live.get(p.slot) || shared) {
                used.add(Objects.requireNonNull(p.field));
            }
        }
        List<Spill> fromStack = new ArrayList<>();
        if (shared) {
            stack.forEach(type -> fromStack.add(spill(type, -1, used)));
        }
        for (int slot = body.isStatic ? 0 : 1; slot < before.locals().size(); slot++) {
            if (live.get(slot) && !fixed.get(slot) && before.locals().get(slot) != TOP) {
                fromLocals.add(spill(before.locals().get(slot), slot, used));
            }
        }
        if (!shared) {
            stack.forEach(type -> fromStack.add(spill(type, -1, used)));
        }
        Point point =
                new Point(points.size() + 1, i, body.line(i), stack, before.locals(), live, fromLocals, fromStack);
        points.add(point);
        pointAt.put(body.elements.get(i), point);
    }

    private Spill spill(Object type, int slot, Set<Field> used) {
        ClassDesc descriptor = TypeFlow.descriptor(type);
        return new Spill(type, descriptor == null ? null : field(descriptor, used), slot, false);
    }

    /** Values of one type that do not live at the same time share a field. */
    private Field field(ClassDesc type, Set<Field> used) {
        for (Field field : fields) {
            if (field.type.equals(type) && used.add(field)) {
                return field;
            }
        }
        String prefix = type.isPrimitive() ? type.descriptorString().toLowerCase(Locale.ROOT) : "l";
        Field field = new Field(prefix + fields.size(), type);
        fields.add(field);
        used.add(field);
        return field;
    }
}
