package dev.latent.compiler.weave;

import dev.latent.compiler.names.Core;
import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Which frame classes belong to which host. One that its host no longer names is left over from an earlier weaving, of an async body
 * that is gone from the source.
 */
public final class Frames {
    private static final Pattern NAME = Pattern.compile("(.+)" + Pattern.quote(Core.FRAME_INFIX) + "[^$]+\\$\\d+");

    private Frames() {}

    /** {@return the name of the class that a frame of this name comes from, or an empty string where it is no frame's name} */
    public static String host(String name) {
        Matcher frame = NAME.matcher(name);
        return frame.matches() ? frame.group(1) : "";
    }

    /** {@return whether a class file is that of a frame, and {@code host} no longer names it} */
    public static boolean isLeftOver(byte[] classFile, byte[] host) {
        ClassModel frame = ClassFile.of().parse(classFile);
        ClassModel from = ClassFile.of().parse(host);
        String name = frame.thisClass().asInternalName();
        return frame.flags().has(AccessFlag.SYNTHETIC)
                && frame.superclass()
                        .map(ClassEntry::asSymbol)
                        .filter(WovenCode.FRAME::equals)
                        .isPresent()
                && host(name).equals(from.thisClass().asInternalName())
                && StreamSupport.stream(from.constantPool().spliterator(), false)
                        .noneMatch(e ->
                                e instanceof ClassEntry named && named.name().equalsString(name));
    }
}
