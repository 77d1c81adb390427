package dev.latent.compiler.weave;

import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.INTEGER;
import static java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo.TOP;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.TypeFlow;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The locals of one of the two methods that a body becomes, and the stack maps that tell of them. Its own parameters stand after those
 * that the body keeps, and the body's other locals move up.
 */
final class Locals {
    /** The frame, null while a first run has none. */
    final int frame;

    /** In a first run the innermost frame on the native stack. */
    final int below;

    final int context;
    final int depth;

    /** What is delivered to a body that is resumed. */
    final int delivered;

    /** The next slot that nothing uses. */
    final int free;

    private final Body body;
    private final List<VerificationTypeInfo> added;
    private final List<StackMapFrameInfo> maps = new ArrayList<>();

    /** @param first whether it is the first run, or what resumes it */
    Locals(Body body, ClassDesc frame, boolean first) {
        this.body = body;
        this.added = new ArrayList<>(List.of(
                ObjectVerificationTypeInfo.of(frame), ObjectVerificationTypeInfo.of(WovenCode.CONTEXT), INTEGER));
        if (first) {
            added.add(1, ObjectVerificationTypeInfo.of(WovenCode.FRAME));
        } else {
            added.add(ObjectVerificationTypeInfo.of(CD_Object));
        }
        this.frame = first ? body.parameterSlots() : body.isStatic ? 0 : 1;
        this.below = first ? this.frame + 1 : this.frame;
        this.context = this.below + 1;
        this.depth = this.context + 1;
        this.delivered = this.depth + 1;
        this.free = body.maxLocals + added.size();
    }

    /** {@return where the local is that the body has in {@code slot}} */
    int map(int slot) {
        return slot < frame ? slot : slot + added.size();
    }

    /** {@return the stack maps so far} */
    List<StackMapFrameInfo> maps() {
        return maps;
    }

    /** Notes that control comes to {@code at}, with those of the body's locals that are in {@code live}. */
    void map(Label at, List<Object> bySlot, BitSet live, List<VerificationTypeInfo> stack) {
        maps.add(StackMapFrameInfo.of(at, listed(bySlot, live), stack));
    }

    /** As {@link #map(Label, List, BitSet, List)}, with locals as a stack map lists them. */
    void map(StackMapFrameInfo javacs, BitSet live) {
        map(javacs.target(), bySlot(javacs.locals()), live, javacs.stack());
    }

    private static List<Object> bySlot(List<VerificationTypeInfo> types) {
        List<Object> slots = new ArrayList<>();
        for (VerificationTypeInfo v : types) {
            slots.add(v);
            if (TypeFlow.isWide(v)) {
                slots.add(TOP);
            }
        }
        return slots;
    }

    /** {@return the locals as a stack map lists them: the new ones, and of the body's own those that are live} */
    private List<VerificationTypeInfo> listed(List<Object> bySlot, BitSet live) {
        List<VerificationTypeInfo> out = new ArrayList<>();
        for (int slot = 0; slot < Math.max(bySlot.size(), frame); slot++) {
            if (slot == frame) {
                out.addAll(added);
            }
            if (slot == 0 && !body.isStatic) {
                out.add(ObjectVerificationTypeInfo.of(body.self));
                continue;
            }
            Object type = slot < bySlot.size() ? bySlot.get(slot) : TOP;
            boolean keep = live.get(slot) && type instanceof VerificationTypeInfo && type != TOP;
            out.add(keep ? (VerificationTypeInfo) type : TOP);
            if (TypeFlow.isWide(type)) {
                if (!keep) {
                    out.add(TOP);
                }
                slot++;
            }
        }
        if (bySlot.size() <= frame) {
            out.addAll(added);
        }
        while (out.getLast() == TOP) {
            out.removeLast();
        }
        return out;
    }
}
