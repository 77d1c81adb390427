package dev.latent.compiler.cleanup;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Region;
import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the cleanups that stand between {@code return} with a value and its end: the value is stored, the cleanups follow one after
 * the other, and it is loaded and returned.
 *
 * <p>A drop that arrives in one lets the return go on: it runs what an unwinding would run, and its value is undelivered, not lost.
 */
final class Returns {
    /** Eclipse's compiler leaves the value there where it passes nothing but closes. */
    private static final int ON_STACK = -1;

    private final Body body;
    private final Map<Integer, Region> byStart = new HashMap<>();

    private Returns(Body body, List<Region> cleanups) {
        this.body = body;
        // Of those that begin at one place, the outer one: it may begin with a try of its own.
        cleanups.stream()
                .filter(r -> r.normal && !r.exits.isEmpty())
                .forEach(r -> byStart.merge(r.from, r, (x, y) -> x.to > y.to ? x : y));
    }

    /** {@return those of {@code cleanups} that a return with a value passes} */
    static Set<Region> passing(Body body, List<Region> cleanups) {
        Returns returns = new Returns(body, cleanups);
        Set<Region> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < body.elements.size(); i++) {
            if (body.elements.get(i) instanceof StoreInstruction value) {
                all.addAll(returns.from(body.next(i), value.slot()));
            } else if (returns.byStart.containsKey(i)) {
                all.addAll(returns.from(i, ON_STACK));
            }
        }
        return all;
    }

    /**
     * {@return what is passed on the way from {@code start} to a return; nothing where it is passed on no such way}
     *
     * @param slot where the value waits, or {@link #ON_STACK}
     */
    private Set<Region> from(int start, int slot) {
        Set<Region> passed = Collections.newSetFromMap(new IdentityHashMap<>());
        int at = jumped(start);
        while (at < body.elements.size()) {
            Region cleanup = byStart.get(at);
            if (cleanup != null && passed.add(cleanup)) {
                at = exit(cleanup);
            } else if (loads(at) && body.elements.get(body.next(at)) instanceof MonitorInstruction) {
                at = jumped(body.next(body.next(at)));
            } else if (isReturn(at, slot)) {
                return passed;
            } else {
                break;
            }
        }
        return Set.of();
    }

    private boolean isReturn(int i, int slot) {
        int at = i;
        if (slot != ON_STACK) {
            if (!(body.elements.get(i) instanceof LoadInstruction load) || load.slot() != slot) {
                return false;
            }
            at = body.next(i);
        }
        return body.elements.get(at) instanceof ReturnInstruction end && end.typeKind() != TypeKind.VOID;
    }

    private boolean loads(int i) {
        return body.elements.get(i) instanceof LoadInstruction;
    }

    /** {@return the first instruction after a normal cleanup} */
    private int exit(Region region) {
        Map.Entry<Integer, Set<Integer>> exit =
                region.exits.entrySet().iterator().next();
        int edge = exit.getValue().iterator().next();
        CodeElement e = body.elements.get(exit.getKey());
        return jumped(
                edge < 0
                        ? body.next(exit.getKey())
                        : body.instruction(body.at(Body.targets(e).get(edge))));
    }

    /** {@return where control comes to at {@code i}, over gotos} */
    private int jumped(int i) {
        while (i < body.elements.size() && Body.isGoto(body.elements.get(i))) {
            i = body.instruction(body.at(Body.targets(body.elements.get(i)).getFirst()));
        }
        return i;
    }
}
