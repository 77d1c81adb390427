package dev.latent.compiler.weave;

import dev.latent.compiler.body.Body;
import dev.latent.compiler.body.Liveness;
import dev.latent.compiler.body.TypeFlow;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One async body as it stands in memory while it waits: what its frame has fields for, and what it keeps in them at each await. */
public final class FrameReport {
    /** A local variable, by its name in the source; without {@code -g}, and of what javac made itself, there is none. */
    public record Kept(@Nullable String name, ClassDesc type) {}

    /** An await, and what lives across it. */
    public record Await(int line, List<Kept> keeps) {}

    /** HotSpot's object header with compressed class pointers; references are 4 bytes, with heaps up to 32 GB. */
    private static final int HEADER = 12;

    private static final int ALIGNMENT = 8;

    private final Body body;
    private final byte[] frameClass;
    private final String method;
    private final String file;

    /**
     * On {@code body}, once all passes but the last have been over it.
     *
     * @param method in which it is written
     */
    FrameReport(Body body, String method, String file, byte[] frameClass) {
        this.body = body;
        this.frameClass = frameClass;
        this.method = method;
        this.file = file;
    }

    /** {@return the class that the body is written in} */
    public String type() {
        return body.self.displayName();
    }

    /** {@return the method that it is written in} */
    public String method() {
        return method;
    }

    /** {@return the source file} */
    public String file() {
        return file;
    }

    /** {@return the line of its first statement, 0 without {@code -g}} */
    public int line() {
        return body.line(body.instruction(0));
    }

    /** {@return the fields of the frame class itself, beside what every frame has} */
    public List<ClassDesc> fields() {
        return ClassFile.of().parse(frameClass).fields().stream()
                .filter(f -> !f.flags().has(AccessFlag.STATIC))
                .map(FieldModel::fieldTypeSymbol)
                .toList();
    }

    /** {@return its awaits, as they stand in the source} */
    public List<Await> awaits() {
        TypeFlow types = new TypeFlow(body);
        Liveness liveness = new Liveness(body);
        List<Await> awaits = new ArrayList<>();
        for (int i = 0; i < body.elements.size(); i++) {
            TypeFlow.Snapshot before = types.before(i);
            if (before != null && Body.isAwait(body.elements.get(i))) {
                awaits.add(new Await(body.line(i), keeps(i, before, liveness.across(i))));
            }
        }
        return awaits;
    }

    private List<Kept> keeps(int i, TypeFlow.Snapshot before, BitSet live) {
        List<Kept> keeps = new ArrayList<>();
        for (int slot = body.isStatic ? 0 : 1; slot < before.locals().size(); slot++) {
            if (live.get(slot)) {
                keep(body.variable(slot, i), before.locals().get(slot), keeps);
            }
        }
        // The last on the stack is the future.
        before.stack().subList(0, before.stack().size() - 1).forEach(type -> keep(null, type, keeps));
        return keeps;
    }

    /** The verifier knows no byte or boolean: the source's own type is told where it is known. */
    private static void keep(@Nullable LocalVariable variable, Object type, List<Kept> keeps) {
        ClassDesc kept = type == SimpleVerificationTypeInfo.TOP ? null : TypeFlow.descriptor(type);
        if (kept != null) {
            keeps.add(
                    variable == null
                            ? new Kept(null, kept)
                            : new Kept(variable.name().stringValue(), variable.typeSymbol()));
        }
    }

    /** {@return how long the frame is, if every frame has fields of {@code inherited} bytes} */
    public int bytes(int inherited) {
        int bytes = HEADER + inherited;
        for (ClassDesc field : fields()) {
            bytes += size(field.descriptorString());
        }
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** {@return the bytes of a field of that type} */
    public static int size(String descriptor) {
        return switch (descriptor) {
            case "Z", "B" -> 1;
            case "C", "S" -> 2;
            case "J", "D" -> 8;
            default -> 4;
        };
    }
}
