package dev.latent.compiler.cleanup;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Marker;
import dev.latent.compiler.body.Region;
import dev.latent.compiler.body.TypeFlow;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes a drop respect the cleanups of a body, which are the closes of its {@link Resources} and its {@link Finallys}: where one
 * ends on a normal path it asks whether a drop has arrived meanwhile, and where a {@code catch} begins it asks whether a drop is
 * passing.
 */
public final class Cleanups {
    private final Body body;
    private final Resources resources;
    private final List<Region> regions = new ArrayList<>();
    private final Set<Region> returning;

    private Cleanups(Body body, Resources resources) {
        this.body = body;
        this.resources = resources;
        Finallys finallys = new Finallys(body);
        regions.addAll(resources.closes());
        regions.addAll(finallys.regions);
        List<Region> all = new ArrayList<>(regions);
        all.addAll(finallys.others);
        returning = Returns.passing(body, all);
        regions.removeIf(r -> !body.hasAwait(r.from, r.to + 1));
    }

    public static void mark(Body body, Resources resources) {
        Cleanups cleanups = new Cleanups(body, resources);
        cleanups.assign();
        cleanups.instrument();
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

    private void instrument() {
        Map<Integer, Set<Integer>> exits = new HashMap<>();
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
                CodeElement marker = Marker.CAUGHT.in(body);
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
        return Marker.END_CLEANUP.in(body);
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

    /** {@return by the first instruction of each catch: the awaits at which a drop passes it, and where one before the first poll does} */
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
                boolean dropped = Body.isAwait(e) || Marker.OPENED.is(e);
                if (dropped && (cleanup == null || !cleanup.contains(handler))) {
                    catches.computeIfAbsent(
                                    body.instruction(handler), k -> Collections.newSetFromMap(new IdentityHashMap<>()))
                            .add(e);
                }
            }
        }
        return catches;
    }
}
