package dev.latent.compiler.agent;

import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.latent.compiler.names.WovenCode;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Puts frame classes into their host. Nothing but the host's own methods makes frames, and none of these runs before its static
 * initializer has begun, in an interface neither: so that is where they are defined, by the host's own lookup, into its own loader,
 * package and module.
 */
final class FramesInside {
    private static final ClassDesc METHOD_HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");

    /** Each char of Latin-1 takes at most two bytes in a class file, and a constant has room for 65,535. */
    private static final int CHUNK = 32_767;

    private FramesInside() {}

    static byte[] of(byte[] host, Collection<byte[]> frames) {
        ClassFile format = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        ClassModel model = format.parse(host);
        ClassTransform define = model.methods().stream().anyMatch(FramesInside::isInitializer)
                ? ClassTransform.transformingMethods(FramesInside::isInitializer, (into, e) -> {
                    if (e instanceof CodeModel code) {
                        into.withCode(b -> begin(b, frames, code));
                    } else {
                        into.with(e);
                    }
                })
                : ClassTransform.endHandler(
                        c -> c.withMethodBody("<clinit>", MTD_void, ClassFile.ACC_STATIC, b -> define(b, frames)
                                .return_()));
        return format.transformClass(model, define);
    }

    private static boolean isInitializer(MethodModel method) {
        return method.methodName().equalsString("<clinit>");
    }

    /** The stack maps stay as they are: what is put before them does not jump. */
    private static void begin(CodeBuilder b, Collection<byte[]> frames, CodeModel code) {
        define(b, frames);
        code.forEach(b::with);
        code.findAttribute(Attributes.stackMapTable()).ifPresent(b::with);
    }

    private static CodeBuilder define(CodeBuilder b, Collection<byte[]> frames) {
        for (byte[] frame : frames) {
            String text = new String(frame, StandardCharsets.ISO_8859_1);
            b.invokestatic(METHOD_HANDLES, "lookup", MethodTypeDesc.of(CD_MethodHandles_Lookup));
            int chunks = (text.length() + CHUNK - 1) / CHUNK;
            b.loadConstant(chunks).anewarray(CD_String);
            for (int k = 0; k < chunks; k++) {
                b.dup().loadConstant(k);
                b.ldc(text.substring(k * CHUNK, Math.min(text.length(), (k + 1) * CHUNK)));
                b.aastore();
            }
            WovenCode.DEFINE.call(b);
        }
        return b;
    }
}
