package dev.latent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;

/**
 * Loads Latent's classes once more, with a call of {@link Memory#take} in front of each allocation of the main ones: {@code new}, arrays, lambdas that capture, strings
 * that are put together, boxes, and what grows the JDK's collections; but not in what a class does once. Scenes are loaded beside them, as they are.
 */
public final class ScarceLoader extends ClassLoader {
    private static final ClassDesc MEMORY = ClassDesc.of("dev.latent.Memory");
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.ofDescriptor("()V");
    private static final Set<Opcode> ALLOCATES =
            Set.of(Opcode.NEW, Opcode.NEWARRAY, Opcode.ANEWARRAY, Opcode.MULTIANEWARRAY);
    private static final Set<String> GROWS = Set.of(
            "add",
            "addAll",
            "addFirst",
            "addLast",
            "put",
            "putIfAbsent",
            "offer",
            "push",
            "of",
            "ofNullable",
            "asList",
            "copyOf",
            "subList",
            "unmodifiableList",
            "valueOf",
            "iterator",
            "stream",
            "toString",
            "clone");

    private ScarceLoader() {
        super(ScarceLoader.class.getClassLoader());
    }

    /** {@return a test for each static method of {@code scenes} that takes nothing and is not private} */
    public static List<DynamicTest> tests(Class<?> scenes) {
        Class<?> scarce;
        try {
            scarce = Class.forName(scenes.getName(), true, new ScarceLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        return Arrays.stream(scarce.getDeclaredMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers())
                        && m.getParameterCount() == 0
                        && !m.isSynthetic()
                        && !Modifier.isPrivate(m.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .map(m -> DynamicTest.dynamicTest(m.getName(), () -> {
                    m.setAccessible(true);
                    try {
                        m.invoke(null);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }))
                .toList();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.latent.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        URL place = ScarceLoader.class.getResource("/" + name.replace('.', '/') + ".class");
        if (place == null) {
            throw new ClassNotFoundException(name);
        }
        try (InputStream in = place.openStream()) {
            byte[] bytes = in.readAllBytes();
            byte[] loads = place.toString().contains("test-classes") ? bytes : scarce(bytes);
            return defineClass(name, loads, 0, loads.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] scarce(byte[] bytes) {
        ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(type -> ScarceLoader.class.getResourceAsStream("/"
                                + type.descriptorString()
                                        .substring(1, type.descriptorString().length() - 1) + ".class"))
                        .orElse(ClassHierarchyResolver.defaultResolver())));
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> !method.methodName().equalsString("<clinit>"), (code, element) -> {
                            if (allocates(element)) {
                                code.invokestatic(MEMORY, "take", NOTHING);
                            }
                            code.with(element);
                        }));
    }

    private static boolean allocates(CodeElement element) {
        return switch (element) {
            case InvokeDynamicInstruction indy -> indy.typeSymbol().parameterCount() > 0;
            case InvokeInstruction call -> {
                String owner = call.owner().asInternalName();
                yield (owner.startsWith("java/util/") || owner.startsWith("java/lang/"))
                        && !owner.startsWith("java/util/concurrent/")
                        && GROWS.contains(call.name().stringValue());
            }
            case Instruction one -> ALLOCATES.contains(one.opcode());
            default -> false;
        };
    }
}
