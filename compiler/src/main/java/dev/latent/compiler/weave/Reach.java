package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.ExceptionCatch;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/** Which elements of a body run after a suspension. */
final class Reach {
    private final Body body;
    private final BitSet reached = new BitSet();
    private final Deque<Integer> todo = new ArrayDeque<>();

    private Reach(Body body) {
        this.body = body;
    }

    /** {@return the elements that control can come to once an await has been resumed; the await itself only where it is in a loop} */
    static BitSet fromAwaits(Body body, Points points) {
        Reach reach = new Reach(body);
        for (Points.Point p : points.all()) {
            reach.to(p.at() + 1);
            reach.handlers(p.at());
        }
        while (!reach.todo.isEmpty()) {
            reach.from(reach.todo.pop());
        }
        return reach.reached;
    }

    private void to(int i) {
        if (i < body.elements.size() && !reached.get(i)) {
            reached.set(i);
            todo.push(i);
        }
    }

    private void from(int i) {
        for (Label target : Body.targets(body.elements.get(i))) {
            to(body.at(target));
        }
        if (!Body.ends(body.elements.get(i))) {
            to(i + 1);
        }
        handlers(i);
    }

    private void handlers(int i) {
        for (ExceptionCatch entry : body.tries) {
            if (body.covers(entry, i)) {
                to(body.at(entry.handler()));
            }
        }
    }
}
