package dev.latent.tongues;

import dev.latent.compiler.tool.PostCompile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A folder of classes that a compiler has written. */
record Classes(Path folder) {
    private static final String SUFFIX = ".class";
    private static final ClassDesc ASYNC = ClassDesc.of("dev.latent.Async");
    private static final ClassDesc PLAIN = ClassDesc.of(Plain.class.getName());

    /** {@return what comes of weaving them, into another folder} */
    PostCompile.Report weave(Path to) throws IOException {
        return PostCompile.weave(folder, to, System.getProperty("java.class.path"), (done, classes) -> {});
    }

    /** {@return the function {@code name} that takes a world alone, of the first class that has it; classes are loaded as they are} */
    Method function(String name) throws Exception {
        return function(name, c -> c);
    }

    /** {@return the same, of classes in which {@link Plain} stands for {@code Async}} */
    Method plainFunction(String name) throws Exception {
        return function(name, Classes::plain);
    }

    private Method function(String name, UnaryOperator<byte[]> change) throws Exception {
        ClassLoader loader = new Loader(folder, change);
        for (String type : types()) {
            for (Method method : loader.loadClass(type).getMethods()) {
                if (method.getName().equals(name)
                        && List.of(method.getParameterTypes()).equals(List.of(World.class))) {
                    return method;
                }
            }
        }
        throw new AssertionError("there is no function " + name);
    }

    private List<String> types() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(f -> folder.relativize(f).toString())
                    .filter(f -> f.endsWith(SUFFIX))
                    .map(f -> f.substring(0, f.length() - SUFFIX.length()).replace('/', '.'))
                    .filter(f -> !f.contains("$"))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] plain(byte[] classFile) {
        ClassFile format = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        ClassModel model = format.parse(classFile);
        return format.transformClass(model, ClassTransform.transformingMethods((into, e) -> {
            if (!(e instanceof CodeModel code)) {
                into.with(e);
                return;
            }
            into.withCode(b -> {
                for (CodeElement element : code.elementList()) {
                    if (element instanceof InvokeInstruction call
                            && call.owner().asSymbol().equals(ASYNC)) {
                        b.invokestatic(PLAIN, call.name().stringValue(), call.typeSymbol());
                    } else {
                        b.with(element);
                    }
                }
                code.findAttribute(Attributes.stackMapTable()).ifPresent(b::with);
            });
        }));
    }

    private static final class Loader extends ClassLoader {
        private final Path folder;
        private final UnaryOperator<byte[]> change;

        Loader(Path folder, UnaryOperator<byte[]> change) {
            super(Classes.class.getClassLoader());
            this.folder = folder;
            this.change = change;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            Path file = folder.resolve(name.replace('.', '/') + SUFFIX);
            if (Files.notExists(file)) {
                throw new ClassNotFoundException(name);
            }
            try {
                byte[] code = change.apply(Files.readAllBytes(file));
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
