package dev.latent.compiler.cleanup;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Marker;
import dev.latent.compiler.body.Region;
import dev.latent.compiler.model.TypeOracle;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds every try-with-resources by the handler that javac writes for it, whose shape is fixed:
 *
 * <pre>
 *   astore t; [aload r; ifnull L;] aload r; close(); goto L; astore x; aload t; aload x; addSuppressed; L: aload t; athrow
 * </pre>
 *
 * The closes on the normal paths stand right where control leaves the ranges of that handler. (A handler of this shape that was written by
 * hand does the same, so nothing is lost in taking it for one.) The close of an {@code AsyncCloseable} becomes an await.
 *
 * <p>Eclipse's compiler writes each resource as a {@code finally} that closes it, with a {@link Merge} around: {@link Cleanups} knows
 * what to do with a finally, so here only the closes are found.
 */
public final class Resources {
    /**
     * One resource of a try-with-resources.
     *
     * @param close in the exceptional handler
     * @param end where that throws on; null for Eclipse's compiler
     */
    record Resource(
            Label handler,
            int slot,
            InvokeInstruction close,
            @Nullable Label end) {}

    private final Body body;
    private final TypeOracle oracle;
    private final Map<Label, Resource> byHandler = new HashMap<>();

    public Resources(Body body, TypeOracle oracle) {
        this.body = body;
        this.oracle = oracle;
        for (ExceptionCatch entry : body.tries) {
            if (byHandler.containsKey(entry.handler())) {
                continue;
            }
            Resource resource = null;
            if (entry.catchType().isEmpty()) {
                resource = matchFinally(entry.handler());
            } else if (entry.catchType().get().asInternalName().equals("java/lang/Throwable")) {
                resource = match(entry.handler());
            }
            if (resource != null) {
                byHandler.put(entry.handler(), resource);
            }
        }
    }

    @Nullable
    Resource at(Label handler) {
        return byHandler.get(handler);
    }

    /** {@return the closes that javac has written, each a cleanup; for Eclipse's, which are finallys, see {@link Finallys}} */
    List<Region> closes() {
        List<Region> closes = new ArrayList<>();
        for (Resource resource : byHandler.values()) {
            if (resource.end == null) {
                continue;
            }
            closes.add(new Region(false, body.at(resource.handler), body.instruction(body.at(resource.end))));
            for (int way : body.leaving(resource.handler)) {
                int call = callAt(way, resource.slot);
                if (call >= 0 && (isClose(call) || isAwait(body.next(call)))) {
                    Region close = new Region(true, way, isClose(call) ? call : body.next(body.next(call)));
                    close.exits.put(close.to, Set.of(-1));
                    closes.add(close);
                }
            }
        }
        return closes;
    }

    private @Nullable Resource match(Label handler) {
        int i = body.instruction(body.at(handler));
        int thrown = stored(i);
        int close = closeAt(body.next(i), -1);
        if (thrown < 0 || close < 0) {
            return null;
        }
        int slot = ((LoadInstruction) body.elements.get(body.next(i))).slot();
        int jump = body.next(close);
        int inner = body.next(jump);
        int second = stored(inner);
        int end = inner;
        if (!(get(jump) instanceof BranchInstruction leave) || !Body.isGoto(leave) || second < 0) {
            return null;
        }
        for (int expected : new int[] {thrown, second}) {
            end = body.next(end);
            if (loaded(end) != expected) {
                return null;
            }
        }
        end = body.next(end);
        if (!(get(end) instanceof InvokeInstruction add && add.name().equalsString("addSuppressed"))) {
            return null;
        }
        end = body.next(end);
        if (loaded(end) != thrown
                || end != body.instruction(body.at(leave.target()))
                || !(get(body.next(end)) instanceof ThrowInstruction)) {
            return null;
        }
        return new Resource(handler, slot, (InvokeInstruction) body.elements.get(close), leave.target());
    }

    /** Eclipse's: {@code astore x; [merge of p and x;] [aload r; ifnull L;] aload r; close(); L: aload p; athrow}. */
    private @Nullable Resource matchFinally(Label handler) {
        int store = body.instruction(body.at(handler));
        Merge merge = Merge.after(body, store);
        int from = merge == null ? body.next(store) : merge.next();
        int primary = merge == null ? stored(store) : merge.primary();
        int close = closeAt(from, -1);
        if (close < 0 || merge == null && !isMerged(store, primary)) {
            return null;
        }
        int end = body.next(close);
        return loaded(end) == primary && get(body.next(end)) instanceof ThrowInstruction
                ? new Resource(handler, loaded(from), (InvokeInstruction) body.elements.get(close), null)
                : null;
    }

    /** {@return whether a handler around the instruction at {@code i} merges what it has caught into {@code primary}} */
    private boolean isMerged(int i, int primary) {
        return body.tries.stream()
                .filter(entry -> entry.catchType().isEmpty() && body.covers(entry, i))
                .map(entry -> Merge.after(body, body.instruction(body.at(entry.handler()))))
                .anyMatch(merge -> merge != null && merge.primary() == primary);
    }

    /** {@return where the call stands of {@code [aload r; ifnull L;] aload r; r.close()}, or -1} */
    private int closeAt(int i, int slot) {
        int call = callAt(i, slot);
        return call >= 0 && isClose(call) ? call : -1;
    }

    /** As {@link #closeAt}, of any method. */
    private int callAt(int i, int slot) {
        int r = loaded(i);
        if (r < 0 || slot >= 0 && r != slot) {
            return -1;
        }
        int k = body.next(i);
        if (get(k) instanceof BranchInstruction b && b.opcode() == Opcode.IFNULL) {
            k = body.next(k);
            if (loaded(k) != r) {
                return -1;
            }
            k = body.next(k);
        }
        return get(k) instanceof InvokeInstruction ? k : -1;
    }

    private boolean isClose(int i) {
        return get(i) instanceof InvokeInstruction c
                && c.name().equalsString("close")
                && c.type().equalsString("()V");
    }

    private boolean isAwait(int i) {
        return get(i) instanceof InvokeInstruction c && Body.isAwait(c);
    }

    private @Nullable CodeElement get(int i) {
        return i < body.elements.size() ? body.elements.get(i) : null;
    }

    private int loaded(int i) {
        return get(i) instanceof LoadInstruction l && l.typeKind() == TypeKind.REFERENCE ? l.slot() : -1;
    }

    private int stored(int i) {
        return get(i) instanceof StoreInstruction s && s.typeKind() == TypeKind.REFERENCE ? s.slot() : -1;
    }

    /** Marks the place where a body has opened what it owns from its creation on. */
    public void openCaptures() {
        int parameters = body.parameterSlots();
        int opened = -1;
        for (int i = opens(body.instruction(0), parameters); i > opened; i = opens(i, parameters)) {
            opened = i;
        }
        if (opened >= 0) {
            body.ownsCaptures = true;
            List<CodeElement> out = new ArrayList<>(body.elements);
            out.add(opened, Marker.OPENED.in(body));
            body.replace(out);
        }
    }

    /** {@return the first instruction of the try whose resource is one of the parameters, taken at {@code i}, or -1} */
    private int opens(int i, int parameters) {
        // Eclipse's compiler begins with the slots of its Merge, and copies a variable only where the source does.
        int start = i;
        while (get(start) instanceof ConstantInstruction c
                && c.opcode() == Opcode.ACONST_NULL
                && stored(body.next(start)) >= 0) {
            start = body.next(body.next(start));
        }
        int store = body.next(start);
        if (loaded(start) >= 0
                && loaded(start) < parameters
                && stored(store) >= 0
                && begins(stored(store), store, body.next(store), start > i)) {
            return body.next(store);
        }
        for (int slot = 0; slot < parameters; slot++) {
            if (begins(slot, i, start, true)) {
                return start;
            }
        }
        return -1;
    }

    /**
     * {@return whether the try over the resource in {@code slot} begins at {@code start}}
     *
     * @param merging whether only one of Eclipse's compiler is meant
     */
    private boolean begins(int slot, int after, int start, boolean merging) {
        for (ExceptionCatch entry : body.tries) {
            Resource resource = byHandler.get(entry.handler());
            int from = body.at(entry.tryStart());
            if (resource != null
                    && resource.slot == slot
                    && from > after
                    && from < start
                    && (!merging || resource.end == null)) {
                return true;
            }
        }
        return false;
    }

    /** Makes awaits of the closes that may wait. */
    public void awaitCloses() {
        Set<CodeElement> closes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Resource resource : byHandler.values()) {
            if (!oracle.isAsyncCloseable(resource.close.owner().asInternalName())) {
                continue;
            }
            closes.add(resource.close);
            for (int way : body.leaving(resource.handler)) {
                int close = closeAt(way, resource.slot);
                if (close >= 0) {
                    closes.add(body.elements.get(close));
                }
            }
        }
        List<CodeElement> out = new ArrayList<>();
        for (CodeElement e : body.elements) {
            if (!closes.contains(e)) {
                out.add(e);
                continue;
            }
            InvokeInstruction close = (InvokeInstruction) e;
            ClassDesc owner = close.owner().asSymbol();
            out.add(InvokeInstruction.of(
                    close.opcode(),
                    close.isInterface()
                            ? body.pool.interfaceMethodRefEntry(
                                    owner, WovenCode.CLOSE_ASYNC.name(), WovenCode.CLOSE_ASYNC.type())
                            : body.pool.methodRefEntry(
                                    owner, WovenCode.CLOSE_ASYNC.name(), WovenCode.CLOSE_ASYNC.type())));
            out.add(body.await());
            out.add(StackInstruction.of(Opcode.POP));
        }
        body.replace(out);
    }
}
