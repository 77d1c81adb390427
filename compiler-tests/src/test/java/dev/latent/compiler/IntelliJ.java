package dev.latent.compiler;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/**
 * Treats processors and classes as IntelliJ's own build does: both the processor and its environment are proxies, and what javac
 * writes goes to a consumer as soon as it is closed; the file that its URI names appears after javac has ended.
 */
final class IntelliJ {
    /** What the build would write to disk at its end. */
    final List<String> consumed = new ArrayList<>();

    static Processor wrap(Processor processor) {
        return proxy(Processor.class, processor, (proxy, method, arguments) -> {
            Object[] passed = method.getName().equals("init")
                    ? new Object[] {wrap((ProcessingEnvironment) arguments[0])}
                    : arguments;
            return call(method, processor, passed);
        });
    }

    static ProcessingEnvironment wrap(ProcessingEnvironment environment) {
        return proxy(
                ProcessingEnvironment.class,
                environment,
                (proxy, method, arguments) -> call(method, environment, arguments));
    }

    private static <T> T proxy(Class<T> type, T delegate, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(IntelliJ.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    JavaFileManager consuming(JavaFileManager standard, Path root) {
        return new ForwardingJavaFileManager<>(standard) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new Output(root.resolve(name.replace('.', '/') + kind.extension), kind);
            }

            @Override
            public FileObject getFileForOutput(Location location, String folder, String name, FileObject sibling) {
                return new Output(root.resolve(folder.replace('.', '/')).resolve(name), JavaFileObject.Kind.CLASS);
            }
        };
    }

    private final class Output extends SimpleJavaFileObject {
        private final Path path;
        private byte[] content;

        Output(Path path, Kind kind) {
            super(path.toUri(), kind);
            this.path = path;
        }

        @Override
        public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    content = toByteArray();
                    consumed.add(path.getFileName().toString());
                }
            };
        }

        @Override
        public InputStream openInputStream() throws IOException {
            return content == null ? new FileInputStream(path.toFile()) : new ByteArrayInputStream(content);
        }
    }
}
