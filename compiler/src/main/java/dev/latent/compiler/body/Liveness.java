package dev.latent.compiler.body;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which locals may still be read: the classic backward dataflow, exception edges included. */
public final class Liveness {
    private final Body body;
    private final BitSet[] in;
    private final List<List<Integer>> handlers = new ArrayList<>();

    public Liveness(Body body) {
        this.body = body;
        int n = body.elements.size();
        in = new BitSet[n + 1];
        for (int i = 0; i <= n; i++) {
            in[i] = new BitSet();
        }
        for (int i = 0; i < n; i++) {
            handlers.add(List.of());
        }
        for (ExceptionCatch entry : body.tries) {
            for (int i = body.at(entry.tryStart()); i < body.at(entry.tryEnd()); i++) {
                if (handlers.get(i).isEmpty()) {
                    handlers.set(i, new ArrayList<>());
                }
                handlers.get(i).add(body.at(entry.handler()));
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = n; i-- > 0; ) {
                changed |= flow(i);
            }
        }
    }

    /** {@return the slots that may be read at or after the element at {@code i} before they are written} */
    public BitSet at(int i) {
        return in[i];
    }

    /** {@return what an await at {@code i} must keep: what lives after it, or in a handler that it may throw to} */
    public BitSet across(int i) {
        BitSet live = (BitSet) in[i + 1].clone();
        for (int handler : handlers.get(i)) {
            live.or(in[handler]);
        }
        return live;
    }

    /** {@return where the element at {@code i} may throw to} */
    public List<Integer> handlers(int i) {
        return handlers.get(i);
    }

    private boolean flow(int i) {
        CodeElement e = body.elements.get(i);
        BitSet live = new BitSet();
        for (Label target : Body.targets(e)) {
            live.or(in[body.at(target)]);
        }
        if (!Body.ends(e)) {
            live.or(in[i + 1]);
        }
        switch (e) {
            case LoadInstruction load -> live.set(load.slot());
            case StoreInstruction store -> live.clear(store.slot());
            case IncrementInstruction increment -> live.set(increment.slot());
            default -> {}
        }
        for (int handler : handlers.get(i)) {
            live.or(in[handler]);
        }
        boolean changed = !live.equals(in[i]);
        in[i] = live;
        return changed;
    }
}
