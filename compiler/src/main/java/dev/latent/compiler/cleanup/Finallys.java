package dev.latent.compiler.cleanup;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Region;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the finallys of a body, each with all its copies, and refuses those around an await that a drop could not pass.
 *
 * <p>javac copies the code of a {@code finally} to each way out of its {@code try}. The copy in the catch-all handler is easy to
 * delimit: it begins with {@code astore t} and ends with {@code aload t; athrow}. The other copies begin where control
 * leaves the ranges of that handler; {@link FinallyCopy} finds where they end.
 */
final class Finallys {
    /**
     * A catch-all handler, from its first instruction to its rethrow.
     *
     * @param end where that stands; -1 for a finally that never ends normally: what it throws goes on as a drop does
     * @param leaves whether it may leave by a jump
     * @param ever whether it may end at all
     */
    private record Walked(int end, boolean leaves, boolean ever) {}

    private final Body body;

    /** What a drop that arrives within lets end. */
    final List<Region> regions = new ArrayList<>();

    /** The other finallys on normal paths, which await nothing, or leave by a jump at times. */
    final List<Region> others = new ArrayList<>();

    Finallys(Body body) {
        this.body = body;
        Map<Label, List<ExceptionCatch>> catchAll = new LinkedHashMap<>();
        for (ExceptionCatch entry : body.tries) {
            if (entry.catchType().isEmpty()) {
                catchAll.computeIfAbsent(entry.handler(), k -> new ArrayList<>())
                        .add(entry);
            }
        }
        catchAll.forEach(this::find);
    }

    private void find(Label handler, List<ExceptionCatch> entries) {
        int start = body.at(handler);
        int store = body.instruction(start);
        if (isMonitor(store)) {
            refuseAwaits(
                    entries,
                    Rule.LOCK_ACROSS_AWAIT,
                    "a monitor is held across this await, so that another task could block this thread for ever",
                    "shorten the synchronized block, or use AsyncMutex");
            return;
        }
        Merge merge = Merge.after(body, store);
        int code = merge == null ? body.next(store) : merge.next();
        Region first = new Region(false, start, start);
        Walked walked = walkHandler(first, code, merge == null ? thrown(store) : merge.primary());
        if (walked.leaves) {
            // No await is in its try; those in the handler are in the finallies around that the jump passes.
            refuseAwaits(
                    entries,
                    Rule.FINALLY_LEAVES,
                    "a drop that arrives at this await would be swallowed by the finally around it, which leaves by a jump",
                    "let the finally end, and leave after it");
        }
        if (!walked.ever) {
            // As Eclipse's compiler writes it, this may also be a finally that leaves by a break, to code that never
            // ends.
            refuseAwaits(
                    entries,
                    Rule.FINALLY_LEAVES,
                    "a drop that arrives at this await would never come to its end: the finally around it loops for ever, or leaves"
                            + " by a jump to code that does",
                    "let the finally end, and go on after it");
        }
        boolean waits = !walked.leaves && body.hasAwait(first.from, first.to + 1);
        if (waits) {
            regions.add(first);
        } else if (walked.end < 0) {
            return;
        }
        for (int way : body.leaving(handler)) {
            if (!first.contains(way)) {
                Region copy = FinallyCopy.at(way, body, first, code, walked.end);
                if (copy != null) {
                    (waits ? regions : others).add(copy);
                } else if (waits) {
                    throw unknownShape(way);
                }
            }
        }
    }

    /**
     * {@return the slot in which a catch-all handler, beginning at {@code i}, keeps what was thrown; -1 for one that drops it}
     *
     * <p>That is how Eclipse's compiler writes a finally that never ends normally, and it writes this one only once: the normal paths
     * jump to what follows the {@code pop}.
     */
    private int thrown(int i) {
        return switch (body.elements.get(i)) {
            case StoreInstruction store -> store.slot();
            case StackInstruction pop when pop.opcode() == Opcode.POP -> -1;
            default -> throw unknownShape(i);
        };
    }

    /** Walks the catch-all handler {@code first} up to its rethrow, {@code aload slot; athrow}. */
    private Walked walkHandler(Region first, int from, int slot) {
        int end = -1;
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> todo = new ArrayDeque<>(List.of(from));
        while (!todo.isEmpty()) {
            int i = body.instruction(todo.pop());
            if (!seen.add(i)) {
                continue;
            }
            first.to = Math.max(first.to, i);
            CodeElement e = body.elements.get(i);
            if (isRethrow(i, slot)) {
                end = i;
                continue;
            }
            Body.targets(e).forEach(target -> todo.push(body.at(target)));
            if (!Body.ends(e)) {
                todo.push(i + 1);
            }
            for (ExceptionCatch entry : body.tries) {
                if (body.at(entry.tryStart()) > first.from && body.covers(entry, i) && !isOfPatterns(entry)) {
                    todo.push(body.at(entry.handler()));
                }
            }
        }
        if (end >= 0) {
            first.to = body.next(end);
        }
        return new Walked(
                end,
                isLeft(first, from, seen, end < 0, slot < 0),
                end >= 0 || seen.stream().anyMatch(this::isEnd));
    }

    private boolean isEnd(int i) {
        return body.elements.get(i) instanceof ThrowInstruction || body.elements.get(i) instanceof ReturnInstruction;
    }

    /**
     * {@return whether a walk of the handler from {@code from} on has come to code that is not its own}
     *
     * @param endless there is no rethrow, so its end is not known
     * @param shared the normal paths come to {@code from} too
     */
    private boolean isLeft(Region first, int from, Set<Integer> seen, boolean endless, boolean shared) {
        for (int i : seen) {
            if (!first.contains(i) || body.elements.get(i) instanceof ReturnInstruction) {
                return true;
            }
        }
        if (!endless) {
            return false;
        }
        // Nothing comes to its own code from elsewhere, and the tries around it are around all of that.
        Set<Integer> inside = new HashSet<>(seen);
        if (shared) {
            inside.remove(from);
        }
        for (int i = body.instruction(0); i < body.elements.size(); i = body.next(i)) {
            CodeElement e = body.elements.get(i);
            if (!seen.contains(i)
                    && (i < first.from || i > from)
                    && (Body.targets(e).stream().anyMatch(t -> inside.contains(body.instruction(body.at(t))))
                            || !Body.ends(e) && inside.contains(body.next(i)))) {
                return true;
            }
        }
        return body.tries.stream()
                .filter(around -> body.covers(around, first.from) && body.at(around.handler()) != first.from)
                .anyMatch(around -> seen.stream().anyMatch(i -> !body.covers(around, i)));
    }

    /** What becomes of a failing accessor of a record pattern, {@code [astore t;] new MatchException}: one handler for the whole method, at its end. */
    private boolean isOfPatterns(ExceptionCatch entry) {
        int start = body.instruction(body.at(entry.handler()));
        int made = body.elements.get(start) instanceof StoreInstruction ? body.next(start) : start;
        return body.elements.get(made) instanceof NewObjectInstruction n
                && n.className().asInternalName().equals("java/lang/MatchException");
    }

    private boolean isRethrow(int i, int slot) {
        return body.elements.get(i) instanceof LoadInstruction load
                && load.slot() == slot
                && load.typeKind() == TypeKind.REFERENCE
                && body.next(i) < body.elements.size()
                && body.elements.get(body.next(i)) instanceof ThrowInstruction;
    }

    /** The handler of {@code synchronized}: [astore t;] aload lock; monitorexit; [aload t;] athrow. */
    private boolean isMonitor(int start) {
        int lock = body.elements.get(start) instanceof StoreInstruction ? body.next(start) : start;
        return body.elements.get(lock) instanceof LoadInstruction
                && body.elements.get(body.next(lock)) instanceof MonitorInstruction;
    }

    private void refuseAwaits(List<ExceptionCatch> entries, Rule rule, String why, String fix) {
        for (ExceptionCatch entry : entries) {
            for (int i = body.at(entry.tryStart()); i < body.at(entry.tryEnd()); i++) {
                if (Body.isAwait(body.elements.get(i))) {
                    throw new WeaveException(rule, body.line(i), why, fix);
                }
            }
        }
    }

    private WeaveException unknownShape(int i) {
        return new WeaveException(
                Rule.NOT_WOVEN,
                body.line(i),
                "the shape of this finally is not javac's, so its awaits can't be woven",
                "compile it with javac");
    }
}
