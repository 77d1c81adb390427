package dev.latent.compiler.cleanup;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Region;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a copy of a finally ends, by walking it in step with the one in the catch-all handler, instruction by instruction, along
 * all edges; only local slots and gotos may differ. An edge on which that one ends is an exit of the copy. Where both come to the
 * same place, they have left by a jump.
 */
final class FinallyCopy {
    private final Body body;
    private final Region first;
    private final int end;
    private final Region copy;
    private final Map<Integer, Integer> seen = new HashMap<>();
    private final Deque<int[]> todo = new ArrayDeque<>();

    private boolean unlike;

    private FinallyCopy(Body body, Region first, int end, int start) {
        this.body = body;
        this.first = first;
        this.end = end;
        this.copy = new Region(true, start, start);
    }

    /**
     * {@return the copy of a finally that begins at {@code start}, or null where something else stands there}
     *
     * @param first the copy in the handler, whose code begins at {@code firstStart} and whose rethrow stands at {@code end}
     */
    static @Nullable Region at(int start, Body body, Region first, int firstStart, int end) {
        FinallyCopy walk = new FinallyCopy(body, first, end, start);
        walk.step(firstStart, start, -1, -1);
        walk.run();
        return walk.unlike ? null : walk.copy;
    }

    private void run() {
        while (!todo.isEmpty()) {
            int[] pair = todo.pop();
            CodeElement a = body.elements.get(pair[0]);
            CodeElement b = body.elements.get(pair[1]);
            if (!alike(a, b)) {
                unlike = true;
                return;
            }
            copy.to = Math.max(copy.to, pair[1]);
            List<Label> from = Body.targets(a);
            List<Label> to = Body.targets(b);
            for (int k = 0; k < from.size(); k++) {
                step(body.at(from.get(k)), body.at(to.get(k)), pair[1], k);
            }
            if (!Body.ends(a)) {
                step(pair[0] + 1, pair[1] + 1, pair[1], -1);
            }
            handlers(pair[0], pair[1]);
        }
    }

    /** Follows one edge, over gotos, which differ between copies because javac threads jumps. */
    private void step(int a, int b, int source, int edge) {
        a = body.instruction(a);
        while (a != end && Body.isGoto(body.elements.get(a))) {
            a = body.instruction(body.at(Body.targets(body.elements.get(a)).getFirst()));
        }
        if (a == end) {
            if (source >= 0) {
                copy.exits.computeIfAbsent(source, k -> new HashSet<>()).add(edge);
            }
            return;
        }
        b = body.instruction(b);
        while (b < body.elements.size() && Body.isGoto(body.elements.get(b))) {
            copy.to = Math.max(copy.to, b);
            b = body.instruction(body.at(Body.targets(body.elements.get(b)).getFirst()));
        }
        if (b == body.elements.size()) {
            unlike = true;
        } else if (a != b && seen.putIfAbsent(b, a) == null) {
            todo.push(new int[] {a, b});
        }
    }

    /** The handlers of tries within the finally: the innermost entries, as many as the first copy has. */
    private void handlers(int a, int b) {
        List<ExceptionCatch> inFirst = new ArrayList<>();
        List<ExceptionCatch> inCopy = new ArrayList<>();
        for (ExceptionCatch entry : body.tries) {
            if (body.covers(entry, a)
                    && first.contains(body.at(entry.tryStart()))
                    && first.contains(body.at(entry.handler()))
                    && body.at(entry.tryStart()) > first.from) {
                inFirst.add(entry);
            }
            if (body.covers(entry, b)) {
                inCopy.add(entry);
            }
        }
        for (int k = 0; k < inFirst.size() && k < inCopy.size(); k++) {
            step(body.at(inFirst.get(k).handler()), body.at(inCopy.get(k).handler()), -1, -1);
        }
    }

    private static boolean alike(CodeElement a, CodeElement b) {
        if (a instanceof LoadInstruction x && b instanceof LoadInstruction y) {
            return x.typeKind() == y.typeKind();
        }
        if (a instanceof StoreInstruction x && b instanceof StoreInstruction y) {
            return x.typeKind() == y.typeKind();
        }
        if (a instanceof InvokeInstruction x && b instanceof InvokeInstruction y) {
            return x.name().equals(y.name())
                    && x.type().equals(y.type())
                    && x.owner().equals(y.owner());
        }
        if (a instanceof FieldInstruction x && b instanceof FieldInstruction y) {
            return x.opcode() == y.opcode()
                    && x.name().equals(y.name())
                    && x.owner().equals(y.owner());
        }
        if (a instanceof ConstantInstruction x && b instanceof ConstantInstruction y) {
            return x.constantValue().equals(y.constantValue());
        }
        if (a instanceof Instruction x && b instanceof Instruction y) {
            return x.opcode() == y.opcode()
                    && Body.targets(a).size() == Body.targets(b).size();
        }
        return false;
    }
}
