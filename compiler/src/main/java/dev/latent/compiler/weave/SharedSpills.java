package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.weave.Points.Field;
import dev.latent.compiler.weave.Points.Point;
import dev.latent.compiler.weave.Points.Spill;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The spills of a large body: what its awaits keep alike stands in its code once. Where each await of {@code "" + await(a) + await(b) + …}
 * had its own, their code would grow with the square of their number.
 *
 * <p>What a point keeps, the stack from below and then the locals, is a way down a tree. A suspension walks up from where that ends: it
 * spills the value of the node, goes on to the parent, and at the root suspends. A resumption walks down from the root, restores the value of
 * each node, and asks for the number of its point where ways part. That number is in a local of its own:
 *
 * <pre>
 *   up to v:    [... v] spill v; goto up to the parent           at the root: return Woven.suspendAt(point)
 *   down from:  [...] switch (point) { what ends here: deliver; other children: restore, down from; default: the largest child }
 * </pre>
 *
 * All that stands at the head of the method, outside every try: a handler's locals need not be there.
 */
final class SharedSpills {
    /** A value that is kept, under those that are kept beside it. */
    private final class Node {
        final @Nullable Node parent;
        final @Nullable Spill kept;
        final Map<Key, Node> children = new LinkedHashMap<>();

        /** Those of which this is the last value. */
        final List<Point> ends = new ArrayList<>();

        /** All points below. */
        final List<Point> points = new ArrayList<>();

        final Label up = b.newLabel();
        boolean written;

        Node(@Nullable Node parent, @Nullable Spill kept) {
            this.parent = parent;
            this.kept = kept;
        }
    }

    private record Key(int slot, @Nullable Field field) {}

    private final CodeBuilder b;
    private final Body body;
    private final Locals locals;
    private final Suspension suspension;
    private final List<Point> points;
    private final Node root;
    private final Map<Point, Node> ends = new IdentityHashMap<>();

    SharedSpills(CodeBuilder b, Body body, List<Point> points, Locals locals, Suspension suspension) {
        this.b = b;
        this.body = body;
        this.points = points;
        this.locals = locals;
        this.suspension = suspension;
        this.root = new Node(null, null);
        points.forEach(this::add);
    }

    private void add(Point p) {
        Node node = root;
        root.points.add(p);
        for (Spill kept :
                Stream.concat(p.fromStack().stream(), p.fromLocals().stream()).toList()) {
            Node above = node;
            node = node.children.computeIfAbsent(new Key(kept.slot(), kept.field()), k -> new Node(above, kept));
            node.points.add(p);
        }
        node.ends.add(p);
        ends.put(p, node);
    }

    /** {@return where the values that {@code p} keeps are spilled, with its number in the local for it} */
    Label up(Point p) {
        return begin(p).up;
    }

    /** {@return where the way up from {@code p} begins} */
    private Node begin(Point p) {
        return spilled(Objects.requireNonNull(ends.get(p)));
    }

    /** {@return the node itself, or the first above it that has something to do on the way up} */
    private static Node spilled(Node node) {
        Node at = node;
        while (at.kept != null && at.kept.isHeldAlready() && at.parent != null) {
            at = at.parent;
        }
        return at;
    }

    // ---- spilling ---------------------------------------------------------------------------------------------------

    void up() {
        for (Point p : points) {
            Node node = begin(p);
            boolean goesOn = false;
            while (!node.written) {
                node.written = true;
                b.labelBinding(node.up);
                map(node.up, node);
                goesOn = node.kept != null && node.parent != null;
                if (node.kept != null && node.parent != null) {
                    suspension.spill(node.kept);
                    node = spilled(node.parent);
                } else {
                    suspension.leave(null);
                }
            }
            if (goesOn) {
                suspension.jump(node.up);
            }
        }
    }

    // ---- restoring --------------------------------------------------------------------------------------------------

    void down() {
        Deque<Node> todo = new ArrayDeque<>();
        Map<Node, Label> labels = new IdentityHashMap<>();
        todo.push(root);
        while (!todo.isEmpty()) {
            Node from = todo.pop();
            if (labels.get(from) instanceof Label label) {
                b.labelBinding(label);
                map(label, from.parent);
            }
            down(from, todo, labels);
        }
    }

    /** As far as the way does not part, and one way on from there; the others are {@code todo}. */
    private void down(Node from, Deque<Node> todo, Map<Node, Label> labels) {
        Node node = from;
        while (true) {
            if (node.kept != null) {
                suspension.restore(node.kept);
            }
            Optional<Node> largest =
                    node.children.values().stream().max(Comparator.comparingInt(child -> child.points.size()));
            Map<Integer, Label> ways = new TreeMap<>();
            for (Node child : node.children.values()) {
                if (child != largest.get()) {
                    Label label = b.newLabel();
                    labels.put(child, label);
                    todo.push(child);
                    child.points.forEach(p -> ways.put(p.number(), label));
                }
            }
            if (largest.isEmpty()) {
                choose(ways, node.ends.subList(0, node.ends.size() - 1), node);
                suspension.deliver(node.ends.getLast());
                return;
            }
            choose(ways, node.ends, node);
            node = largest.get();
        }
    }

    /** Goes other {@code ways}, or delivers what ends here, and otherwise on. */
    private void choose(Map<Integer, Label> ways, List<Point> here, Node node) {
        if (ways.isEmpty() && here.isEmpty()) {
            return;
        }
        Label on = b.newLabel();
        b.iload(locals.free);
        if (ways.isEmpty() && here.size() == 1) {
            b.loadConstant(here.getFirst().number()).if_icmpne(on);
            suspension.deliver(here.getFirst());
        } else {
            here.forEach(p -> ways.put(p.number(), b.newLabel()));
            List<SwitchCase> cases = new ArrayList<>();
            ways.forEach((number, label) -> cases.add(SwitchCase.of(number, label)));
            int low = cases.getFirst().caseValue();
            int high = cases.getLast().caseValue();
            if (high - low < 2 * cases.size()) {
                b.tableswitch(low, high, on, cases);
            } else {
                b.lookupswitch(on, cases);
            }
            for (Point p : here) {
                Label label = Objects.requireNonNull(ways.get(p.number()));
                b.labelBinding(label);
                map(label, node);
                suspension.deliver(p);
            }
        }
        b.labelBinding(on);
        map(on, node);
    }

    /** What holds where the values down to {@code node} are on the stack and in their locals. */
    private void map(Label label, @Nullable Node node) {
        List<Object> bySlot = new ArrayList<>(Collections.nCopies(body.maxLocals + 1, TOP));
        BitSet live = new BitSet();
        bySlot.set(body.maxLocals, INTEGER);
        live.set(body.maxLocals);
        List<VerificationTypeInfo> stack = new ArrayList<>();
        for (Node at = node; at != null && at.kept != null; at = at.parent) {
            if (at.kept.slot() < 0) {
                stack.addFirst((VerificationTypeInfo) at.kept.type());
            } else {
                bySlot.set(at.kept.slot(), at.kept.type());
                live.set(at.kept.slot());
            }
        }
        locals.map(label, bySlot, live, stack);
    }
}
