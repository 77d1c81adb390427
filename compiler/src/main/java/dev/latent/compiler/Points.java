package dev.latent.compiler;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The awaits of a body, and which field of the frame keeps which value across each. */
final class Points {
    /** One value kept in a field while suspended; slot -1 is the stack. */
    record Spill(Object type, @Nullable Field field, int slot) {}

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
            List<Spill> fromStack) {}

    /** What the frame's state word has room for. */
    private static final int MAX_POINTS = (1 << 13) - 1;

    private final Body body;
    private final TypeFlow types;
    private final Liveness liveness;

    private final Map<ClassDesc, List<Field>> pool = new HashMap<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<Spill> parameters = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Map<CodeElement, Point> pointAt = new IdentityHashMap<>();

    Points(Body body, TypeFlow types, Liveness liveness) {
        this.body = body;
        this.types = types;
        this.liveness = liveness;
        plan();
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

    /** {@return the fields of the lambda's parameters, in order: what is captured, then the closure's own} */
    List<Field> parameterFields() {
        return parameters.stream().map(Spill::field).toList();
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
        Map<ClassDesc, Integer> used = new HashMap<>();
        int slot = body.isStatic ? 0 : 1;
        for (ClassDesc type : body.method.methodTypeSymbol().parameterList()) {
            // A narrow parameter keeps its own type, so that what is captured is checked as javac would.
            parameters.add(new Spill(
                    TypeFlow.of(type),
                    field(Objects.requireNonNull(TypeFlow.descriptor(TypeFlow.of(type))), used),
                    slot));
            slot += TypeKind.from(type).slotSize();
        }
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                planPoint(i, before);
            }
        }
        if (points.size() > MAX_POINTS) {
            throw new WeaveException(
                    Rule.BODY_TOO_LARGE,
                    firstLine(),
                    "an async body may hold " + MAX_POINTS + " awaits, not " + points.size(),
                    "move a part of it to an async method");
        }
    }

    private void planPoint(int i, TypeFlow.Snapshot before) {
        Map<ClassDesc, Integer> used = new HashMap<>();
        List<Object> stack = new ArrayList<>(before.stack());
        stack.removeLast();
        BitSet live = liveness.across(i);
        List<Spill> fromLocals = new ArrayList<>();
        for (int slot = body.isStatic ? 0 : 1; slot < before.locals().size(); slot++) {
            if (live.get(slot) && before.locals().get(slot) != TOP) {
                fromLocals.add(spill(before.locals().get(slot), slot, used));
            }
        }
        List<Spill> fromStack = new ArrayList<>();
        for (Object type : stack) {
            fromStack.add(spill(type, -1, used));
        }
        Point point =
                new Point(points.size() + 1, i, body.line(i), stack, before.locals(), live, fromLocals, fromStack);
        points.add(point);
        pointAt.put(body.elements.get(i), point);
    }

    private Spill spill(Object type, int slot, Map<ClassDesc, Integer> used) {
        ClassDesc descriptor = TypeFlow.descriptor(type);
        return new Spill(type, descriptor == null ? null : field(descriptor, used), slot);
    }

    /** Values of one type that do not live at the same time share a field. */
    private Field field(ClassDesc type, Map<ClassDesc, Integer> used) {
        int k = used.merge(type, 1, Integer::sum) - 1;
        List<Field> ofType = pool.computeIfAbsent(type, t -> new ArrayList<>());
        if (k == ofType.size()) {
            Field field = new Field(
                    (type.isPrimitive() ? type.descriptorString().toLowerCase(java.util.Locale.ROOT) : "l")
                            + fields.size(),
                    type);
            ofType.add(field);
            fields.add(field);
        }
        return ofType.get(k);
    }
}
