package dev.latent.compiler.cleanup;

import dev.latent.compiler.body.Body;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import org.jspecify.annotations.Nullable;

/**
 * What Eclipse's compiler writes after {@code astore x} in the handlers of a try-with-resources, and nowhere else. The first failure
 * stays, a later one is suppressed by it:
 *
 * <pre>
 *   aload p; ifnonnull A; aload x; astore p; goto B; A: aload p; aload x; if_acmpeq B; aload p; aload x; addSuppressed; B:
 * </pre>
 *
 * @param primary the slot p, which the handler throws at its end
 * @param next the instruction at B
 */
record Merge(int primary, int next) {
    private static final Opcode[] SHAPE = {
        Opcode.ALOAD,
        Opcode.IFNONNULL,
        Opcode.ALOAD,
        Opcode.ASTORE,
        Opcode.GOTO,
        Opcode.ALOAD,
        Opcode.ALOAD,
        Opcode.IF_ACMPEQ,
        Opcode.ALOAD,
        Opcode.ALOAD,
        Opcode.INVOKEVIRTUAL
    };

    /** {@return the merge that follows the instruction at {@code store}, which stores what was thrown, or null} */
    static @Nullable Merge after(Body body, int store) {
        int i = store;
        int primary = -1;
        for (Opcode expected : SHAPE) {
            i = body.next(i);
            if (i == body.elements.size() || !isA(body.elements.get(i), expected)) {
                return null;
            }
            if (primary < 0) {
                primary = ((LoadInstruction) body.elements.get(i)).slot();
            }
        }
        boolean suppresses = body.elements.get(i) instanceof InvokeInstruction call
                && call.name().equalsString("addSuppressed");
        return suppresses ? new Merge(primary, body.next(i)) : null;
    }

    private static boolean isA(CodeElement e, Opcode expected) {
        return switch (expected) {
            case ALOAD -> e instanceof LoadInstruction load && load.typeKind() == TypeKind.REFERENCE;
            case ASTORE -> e instanceof StoreInstruction store && store.typeKind() == TypeKind.REFERENCE;
            case GOTO -> Body.isGoto(e);
            case IFNONNULL, IF_ACMPEQ -> e instanceof BranchInstruction branch && branch.opcode() == expected;
            default -> e instanceof Instruction instruction && instruction.opcode() == expected;
        };
    }
}
