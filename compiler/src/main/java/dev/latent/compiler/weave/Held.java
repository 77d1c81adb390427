package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.weave.Points.Field;
import dev.latent.compiler.weave.Points.Point;
import java.lang.classfile.Label;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a frame may hold something as its body comes to an await: those that were filled as the frame was made, or at an
 * await that the body may have been resumed at before. A forward dataflow, exception edges included.
 */
final class Held {
    private final Body body;
    private final Liveness liveness;
    private final Points points;
    private final @Nullable BitSet[] in;
    private final Deque<Integer> todo = new ArrayDeque<>();

    Held(Body body, Liveness liveness, Points points) {
        this.body = body;
        this.liveness = liveness;
        this.points = points;
        this.in = new BitSet[body.elements.size() + 1];
        to(0, indexes(points.parameterFields()));
        while (!todo.isEmpty()) {
            from(todo.pop());
        }
    }

    /** {@return the fields that hold something at {@code p} and are not kept there} */
    List<Field> stale(Point p) {
        BitSet held = in[p.at()];
        BitSet kept = indexes(p.kept());
        return IntStream.range(0, points.fields().size())
                .filter(k -> held != null && held.get(k) && !kept.get(k))
                .mapToObj(points.fields()::get)
                .toList();
    }

    private BitSet indexes(List<Field> fields) {
        BitSet all = new BitSet();
        fields.forEach(f -> all.set(points.fields().indexOf(f)));
        return all;
    }

    /** Sets are never changed, only replaced. */
    private void to(int i, BitSet held) {
        BitSet before = in[i];
        if (before == null) {
            in[i] = held;
        } else {
            BitSet both = (BitSet) before.clone();
            both.or(held);
            if (both.equals(before)) {
                return;
            }
            in[i] = both;
        }
        if (i < body.elements.size()) {
            todo.push(i);
        }
    }

    private void from(int i) {
        BitSet held = in[i];
        if (held == null) {
            return;
        }
        if (points.at(body.elements.get(i)) instanceof Point p) {
            held = (BitSet) held.clone();
            held.or(indexes(p.kept()));
        }
        for (Label target : Body.targets(body.elements.get(i))) {
            to(body.at(target), held);
        }
        if (!Body.ends(body.elements.get(i))) {
            to(i + 1, held);
        }
        for (int handler : liveness.handlers(i)) {
            to(handler, held);
        }
    }
}
