package dev.latent.compiler.weave;

import dev.latent.compiler.Rule;
import dev.latent.compiler.WeaveException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;

/** Refuses a method where it passes what the JVM allows one. */
final class Limit implements CodeTransform {
    private static final int MAX_CODE = 65_535;

    private final int firstLine;
    private int size;
    private int line;

    /** @param firstLine of the body, which has code in front of it that has no line */
    Limit(int firstLine) {
        this.firstLine = firstLine;
    }

    @Override
    public void accept(CodeBuilder b, CodeElement e) {
        if (e instanceof LineNumber number) {
            line = number.line();
        }
        // At most: a switch is padded, and whether a constant's index fits in a byte is not known here.
        size += switch (e) {
            case TableSwitchInstruction s -> 4 * (5 + s.highValue() - s.lowValue());
            case LookupSwitchInstruction s -> 4 * (3 + 2 * s.cases().size());
            case ConstantInstruction.LoadConstantInstruction c -> 3;
            case Instruction i -> i.sizeInBytes();
            default -> 0;
        };
        if (size > MAX_CODE) {
            throw new WeaveException(
                    Rule.BODY_TOO_LARGE,
                    line == 0 ? firstLine : line,
                    "up to here this async body, with its suspensions, fills the 64 kB that a method may have",
                    "move a part of it to an async method");
        }
        b.with(e);
    }
}
