package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a debugger may show which local. An await gives back only what lives across it, so until the next store any other local
 * holds nothing once the body has been resumed: a variable's scope is cut there, rather than shown with a wrong value.
 *
 * <p>Which slots have lost their value is a forward dataflow, exception edges included. At an await they are those of after it,
 * since that is what its own exceptions leave behind.
 */
final class Scopes {
    /** A part of a variable's scope: the elements from {@code from} up to {@code to}. */
    record Range(Label start, Label end, int from, int to) {}

    private final Body body;
    private final Liveness liveness;

    /** By element; null where control doesn't come. */
    private final @Nullable BitSet[] lost;

    private final Map<Integer, Label> labels = new HashMap<>();
    private final Map<CodeElement, List<Range>> ranges = new IdentityHashMap<>();

    Scopes(Body body, Liveness liveness) {
        this.body = body;
        this.liveness = liveness;
        this.lost = new BitSet[body.elements.size() + 1];
        lost[0] = new BitSet();
        List<Integer> changed = new ArrayList<>(List.of(0));
        while (!changed.isEmpty()) {
            int i = changed.removeLast();
            if (i < body.elements.size()) {
                flow(i, changed);
            }
        }
        for (CodeElement e : body.elements) {
            switch (e) {
                case LocalVariable v -> ranges.put(e, of(v.slot(), v.startScope(), v.endScope()));
                case LocalVariableType v -> ranges.put(e, of(v.slot(), v.startScope(), v.endScope()));
                default -> {}
            }
        }
    }

    private void flow(int i, List<Integer> changed) {
        CodeElement e = body.elements.get(i);
        BitSet out = after(i);
        for (int handler : liveness.handlers(i)) {
            merge(handler, out, changed);
        }
        if (e instanceof StoreInstruction store) {
            out.clear(store.slot());
        }
        for (Label target : Body.targets(e)) {
            merge(body.at(target), out, changed);
        }
        if (!Body.ends(e)) {
            merge(i + 1, out, changed);
        }
    }

    private BitSet after(int i) {
        BitSet out = new BitSet();
        BitSet before = lost[i];
        if (before != null) {
            out.or(before);
        }
        if (Body.isAwait(body.elements.get(i))) {
            BitSet dead = liveness.across(i);
            dead.flip(body.isStatic ? 0 : 1, body.maxLocals);
            out.or(dead);
            if (!body.isStatic) {
                out.clear(0);
            }
        }
        return out;
    }

    private void merge(int i, BitSet more, List<Integer> changed) {
        BitSet known = lost[i];
        if (known == null) {
            lost[i] = (BitSet) more.clone();
            changed.add(i);
        } else {
            int before = known.cardinality();
            known.or(more);
            if (known.cardinality() != before) {
                changed.add(i);
            }
        }
    }

    /** {@return the parts of the scope of {@code variable}, an element that describes one, in which it holds its value} */
    List<Range> of(CodeElement variable) {
        return Objects.requireNonNull(ranges.get(variable));
    }

    private List<Range> of(int slot, Label start, Label end) {
        List<Range> ranges = new ArrayList<>();
        int to = body.at(end);
        int from = -1;
        for (int i = body.at(start); i <= to; i++) {
            boolean holds = i < to && lost[i] != null && !after(i).get(slot);
            if (holds && from < 0) {
                from = i;
            } else if (!holds && from >= 0) {
                if (hasCode(from, i)) {
                    ranges.add(new Range(label(from, start), label(i, end), from, i));
                }
                from = -1;
            }
        }
        return ranges;
    }

    private boolean hasCode(int from, int to) {
        return body.instruction(from) < to;
    }

    private Label label(int i, Label own) {
        return i == body.at(own) ? own : labels.computeIfAbsent(i, k -> body.newLabel.get());
    }

    /** {@return the label to be bound before the element at {@code i}, if any} */
    @Nullable
    Label labelAt(int i) {
        return labels.get(i);
    }
}
