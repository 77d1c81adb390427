package dev.latent.compiler;

import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds the cleanups of a body, so that a drop can respect them: where one ends on a normal path it asks whether a drop has
 * arrived meanwhile, and where a {@code catch} begins it asks whether a drop is passing.
 *
 * <p>javac copies the code of a {@code finally} to each way out of its {@code try}. The copy in the catch-all handler is easy to
 * delimit: it begins with {@code astore t} and ends with {@code aload t; athrow}. The other copies begin where control
 * leaves the ranges of that handler, and where they end is found by walking them in step with the first copy, instruction by instruction, along all
 * edges; only local slots and gotos may differ. An edge on which the first copy ends is an exit of the other.
 */
final class Cleanups {
    /** A cleanup: the elements from index {@code from} to {@code to}, on a normal path or in a handler. */
    static final class Region {
        final boolean normal;
        int from;
        int to;

        /** The ways out of a normal one: an instruction's index, and which of its targets (-1: the next instruction). */
        final Map<Integer, Set<Integer>> exits = new HashMap<>();

        Region(boolean normal, int from, int to) {
            this.normal = normal;
            this.from = from;
            this.to = to;
        }

        boolean contains(int i) {
            return from <= i && i <= to;
        }

        boolean holds(Region other) {
            return other != this && from <= other.from && other.to <= to && to - from > other.to - other.from;
        }
    }

    /** Of a finally that may leave by a jump: no await is in its try; those in the handler are in the finallies around that the jump passes. */
    private static final int LEFT = -2;

    private final Body body;
    private final Resources resources;
    private final List<Region> regions = new ArrayList<>();

    private Cleanups(Body body, Resources resources) {
        this.body = body;
        this.resources = resources;
    }

    static void mark(Body body, Resources resources) {
        Cleanups cleanups = new Cleanups(body, resources);
        cleanups.findResources();
        cleanups.findFinallies();
        cleanups.regions.removeIf(r -> !body.hasAwait(r.from, r.to + 1));
        cleanups.assign();
        cleanups.instrument();
    }

    private void findResources() {
        for (int i = 0; i < body.elements.size(); i++) {
            if (resources.normalCloses.contains(body.elements.get(i))) {
                Region region = new Region(true, i, body.next(i));
                region.exits.put(region.to, Set.of(-1));
                regions.add(region);
            }
        }
        for (Resources.Resource r : resources.all()) {
            if (r.end() != null) {
                regions.add(new Region(false, body.at(r.handler()), body.instruction(body.at(r.end()))));
            }
        }
    }

    private void findFinallies() {
        Map<Label, List<ExceptionCatch>> catchAll = new LinkedHashMap<>();
        for (ExceptionCatch entry : body.tries) {
            if (entry.catchType().isEmpty()) {
                catchAll.computeIfAbsent(entry.handler(), k -> new ArrayList<>())
                        .add(entry);
            }
        }
        catchAll.forEach((handler, entries) -> {
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
            int end = walkHandler(first, code, merge == null ? thrown(store) : merge.primary());
            if (end == LEFT) {
                refuseAwaits(
                        entries,
                        Rule.FINALLY_LEAVES,
                        "a drop that arrives at this await would be swallowed by the finally around it, which leaves by a jump",
                        "let the finally end, and leave after it");
                return;
            }
            if (!body.hasAwait(first.from, first.to + 1)) {
                return;
            }
            regions.add(first);
            for (int copy : body.leaving(handler)) {
                if (!first.contains(copy)) {
                    regions.add(new Walk(first, code, end, copy).region());
                }
            }
        });
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

    /**
     * Walks the catch-all handler {@code first} up to its rethrow, {@code aload slot; athrow}.
     *
     * @return where that stands; -1 for a finally that never ends normally: what it throws goes on as a drop does; {@link #LEFT}
     */
    private int walkHandler(Region first, int from, int slot) {
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
        return isLeft(first, from, seen, end < 0, slot < 0) ? LEFT : end;
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

    /** Two copies of a finally, walked in step. */
    private final class Walk {
        private final Region first;
        private final int end;
        private final Region copy;
        private final Map<Integer, Integer> seen = new HashMap<>();
        private final Deque<int[]> todo = new ArrayDeque<>();

        Walk(Region first, int firstStart, int end, int copyStart) {
            this.first = first;
            this.end = end;
            this.copy = new Region(true, copyStart, copyStart);
            step(firstStart, copyStart, -1, -1);
        }

        Region region() {
            while (!todo.isEmpty()) {
                int[] pair = todo.pop();
                CodeElement a = body.elements.get(pair[0]);
                CodeElement b = body.elements.get(pair[1]);
                if (!alike(a, b)) {
                    throw unknownShape(pair[1]);
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
            return copy;
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
                throw unknownShape(b - 1);
            }
            if (seen.putIfAbsent(b, a) == null) {
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

    /** Gives each await the outermost cleanup that it is part of. */
    private void assign() {
        for (int i = 0; i < body.elements.size(); i++) {
            if (!Body.isAwait(body.elements.get(i))) {
                continue;
            }
            Region outermost = null;
            for (Region region : regions) {
                if (region.contains(i)
                        && (outermost == null || region.to - region.from > outermost.to - outermost.from)) {
                    outermost = region;
                }
            }
            if (outermost != null) {
                body.cleanupOf.put(body.elements.get(i), outermost);
            }
        }
    }

    /**
     * {@return the finallys that stand between {@code return} with a value and its end}
     *
     * <p>A drop that arrives in one lets the return go on: it runs what an unwinding would run, and its value is undelivered, not lost.
     */
    private Set<Region> returning() {
        Set<Region> all = Collections.newSetFromMap(new IdentityHashMap<>());
        Map<Integer, Region> byStart = new HashMap<>();
        regions.stream().filter(r -> r.normal && !r.exits.isEmpty()).forEach(r -> byStart.put(r.from, r));
        for (Region region : byStart.values()) {
            int before = region.from - 1;
            while (before >= 0 && !(body.elements.get(before) instanceof Instruction)) {
                before--;
            }
            if (before < 0 || !(body.elements.get(before) instanceof StoreInstruction value)) {
                continue;
            }
            List<Region> passed = new ArrayList<>();
            int i = region.from;
            for (Region r = region; r != null && !passed.contains(r); r = byStart.get(i)) {
                passed.add(r);
                i = exit(r);
            }
            if (body.elements.get(i) instanceof LoadInstruction load
                    && load.slot() == value.slot()
                    && body.elements.get(body.next(i)) instanceof ReturnInstruction) {
                all.addAll(passed);
            }
        }
        return all;
    }

    /** {@return the first instruction after a normal cleanup} */
    private int exit(Region region) {
        Map.Entry<Integer, Set<Integer>> exit =
                region.exits.entrySet().iterator().next();
        int edge = exit.getValue().iterator().next();
        CodeElement e = body.elements.get(exit.getKey());
        int i = edge < 0
                ? body.next(exit.getKey())
                : body.instruction(body.at(Body.targets(e).get(edge)));
        while (Body.isGoto(body.elements.get(i))) {
            i = body.instruction(body.at(Body.targets(body.elements.get(i)).getFirst()));
        }
        return i;
    }

    private void instrument() {
        Map<Integer, Set<Integer>> exits = new HashMap<>();
        Set<Region> returning = returning();
        for (Region region : regions) {
            if (region.normal && !returning.contains(region) && regions.stream().noneMatch(r -> r.holds(region))) {
                region.exits.forEach((e, edges) ->
                        exits.computeIfAbsent(e, k -> new HashSet<>()).addAll(edges));
            }
        }
        Map<Integer, Set<CodeElement>> catches = catches();
        TypeFlow types = new TypeFlow(body);
        List<CodeElement> out = new ArrayList<>();
        List<CodeElement> tail = new ArrayList<>();
        List<ExceptionCatch> tailTries = new ArrayList<>();
        Map<CodeElement, List<CodeElement>> pieces = new IdentityHashMap<>();
        for (int i = 0; i < body.elements.size(); i++) {
            Set<CodeElement> points = catches.get(i);
            if (points != null) {
                CodeElement marker = body.call(Body.MARKER, "caught", LowerCalls.CAUGHT_MARKER);
                body.caughtAt.put(marker, points);
                out.add(StackInstruction.of(Opcode.DUP));
                out.add(marker);
            }
            CodeElement e = body.elements.get(i);
            Set<Integer> edges = exits.getOrDefault(i, Set.of());
            out.add(edges.isEmpty() ? e : redirect(types, e, i, edges, tail, tailTries));
            if (edges.contains(-1)) {
                Label start = body.newLabel.get();
                Label stop = body.newLabel.get();
                cutOut(i, start, stop, pieces);
                out.add((LabelTarget) start);
                out.add(end());
                out.add((LabelTarget) stop);
            }
        }
        List<CodeElement> cut = new ArrayList<>();
        out.forEach(e -> cut.addAll(pieces.getOrDefault(e, List.of(e))));
        cut.addAll(tail);
        body.replace(withTries(cut, tailTries));
    }

    /** What comes right after the element at {@code i} is in the tries around the cleanup, not in those within it. */
    private void cutOut(int i, Label start, Label stop, Map<CodeElement, List<CodeElement>> pieces) {
        for (ExceptionCatch entry : body.tries) {
            if (body.covers(entry, i) && isWithin(entry, i)) {
                List<CodeElement> parts = pieces.computeIfAbsent(entry, e -> new ArrayList<>(List.of(e)));
                ExceptionCatch last = (ExceptionCatch) parts.removeLast();
                parts.add(ExceptionCatch.of(last.handler(), last.tryStart(), start, last.catchType()));
                if (body.covers(entry, body.next(i))) {
                    parts.add(ExceptionCatch.of(last.handler(), stop, last.tryEnd(), last.catchType()));
                }
            }
        }
    }

    /** {@return whether this try is part of the cleanup that ends at {@code i}} */
    private boolean isWithin(ExceptionCatch entry, int i) {
        int handler = body.at(entry.handler());
        return regions.stream().anyMatch(r -> r.contains(i) && r.contains(handler));
    }

    private CodeElement end() {
        return body.call(Body.MARKER, "endCleanup", MethodTypeDesc.of(CD_void));
    }

    /** Sends the jumps that leave a cleanup through a block of their own, protected as the cleanup is. */
    private CodeElement redirect(
            TypeFlow types,
            CodeElement e,
            int i,
            Set<Integer> edges,
            List<CodeElement> tail,
            List<ExceptionCatch> tries) {
        List<Label> targets = new ArrayList<>(Body.targets(e));
        for (int edge : edges) {
            if (edge < 0) {
                continue;
            }
            Label target = targets.get(edge);
            Label start = body.newLabel.get();
            Label stop = body.newLabel.get();
            body.frames.put(start, types.frame(start, i, Objects.requireNonNull(body.frames.get(target))));
            tail.add((LabelTarget) start);
            tail.add(end());
            tail.add((LabelTarget) stop);
            tail.add(BranchInstruction.of(Opcode.GOTO, target));
            for (ExceptionCatch entry : body.tries) {
                if (body.covers(entry, i) && !isWithin(entry, i)) {
                    tries.add(ExceptionCatch.of(entry.handler(), start, stop, entry.catchType()));
                }
            }
            targets.set(edge, start);
        }
        return switch (e) {
            case BranchInstruction b -> BranchInstruction.of(b.opcode(), targets.getFirst());
            case TableSwitchInstruction s ->
                TableSwitchInstruction.of(s.lowValue(), s.highValue(), targets.getFirst(), cases(s.cases(), targets));
            case LookupSwitchInstruction s -> LookupSwitchInstruction.of(targets.getFirst(), cases(s.cases(), targets));
            default -> e;
        };
    }

    private static List<SwitchCase> cases(List<SwitchCase> cases, List<Label> targets) {
        List<SwitchCase> out = new ArrayList<>();
        for (int k = 0; k < cases.size(); k++) {
            out.add(SwitchCase.of(cases.get(k).caseValue(), targets.get(k + 1)));
        }
        return out;
    }

    private static List<CodeElement> withTries(List<CodeElement> elements, List<ExceptionCatch> more) {
        if (more.isEmpty()) {
            return elements;
        }
        List<CodeElement> out = new ArrayList<>(elements);
        int last = 0;
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i) instanceof ExceptionCatch) {
                last = i + 1;
            }
        }
        out.addAll(last, more);
        return out;
    }

    /** {@return by the first instruction of each catch: the awaits at which a drop passes it} */
    private Map<Integer, Set<CodeElement>> catches() {
        Map<Integer, Set<CodeElement>> catches = new HashMap<>();
        for (ExceptionCatch entry : body.tries) {
            if (entry.catchType().isEmpty() || resources.at(entry.handler()) != null) {
                continue;
            }
            int handler = body.at(entry.handler());
            for (int i = body.at(entry.tryStart()); i < body.at(entry.tryEnd()); i++) {
                CodeElement e = body.elements.get(i);
                Region cleanup = body.cleanupOf.get(e);
                if (Body.isAwait(e) && (cleanup == null || !cleanup.contains(handler))) {
                    catches.computeIfAbsent(
                                    body.instruction(handler), k -> Collections.newSetFromMap(new IdentityHashMap<>()))
                            .add(e);
                }
            }
        }
        return catches;
    }
}
