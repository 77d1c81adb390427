package dev.latent.compiler.tool;

import dev.latent.compiler.WeaveException;
import dev.latent.compiler.model.ClassFileOracle;
import dev.latent.compiler.names.Core;
import dev.latent.compiler.weave.Frames;
import dev.latent.compiler.weave.Weaver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Weaves a folder or a jar of classes that some compiler has written. What is woven already is left alone, and frame classes that
 * no class makes any more are removed. With a single error nothing is written.
 */
public final class PostCompile {
    /** Hears how far it is. */
    @FunctionalInterface
    public interface Progress {
        /** {@code done} of {@code classes} have been seen. */
        void at(int done, int classes);
    }

    /**
     * What came of it.
     *
     * @param classes class files seen
     * @param woven those of them that had async bodies to weave
     * @param frames frame classes written
     * @param removed frame classes that were left from before
     * @param errors why nothing was written, if anything stands here
     * @param missing types that were not found, by their Java names; if one is an async closure, its lambdas are not woven
     */
    public record Report(int classes, int woven, int frames, int removed, List<Finding> errors, List<String> missing) {}

    private static final String SUFFIX = ".class";
    private static final String VERSIONS = "META-INF/versions/";
    private static final int MAGIC = 0xCAFEBABE;

    private final Container container;
    private final ClassFileOracle oracle;
    private final Map<String, byte[]> written = new LinkedHashMap<>();
    private final Set<String> removed = new TreeSet<>();
    private final List<Finding> errors = new ArrayList<>();
    private int woven;

    private PostCompile(Container container, ClassFileOracle oracle) {
        this.container = container;
        this.oracle = oracle;
    }

    /**
     * Weaves.
     *
     * @param input a folder or a jar
     * @param output the same for in place, or another, which becomes a copy of all that is in the input
     * @param classPath where the types are that the classes use, as the java command takes it
     * @throws BadInputException with one line that says what to do
     */
    public static Report weave(Path input, Path output, String classPath, Progress progress) throws IOException {
        try (Container container = Container.open(input);
                ClassPath path = new ClassPath(ClassPath.parse(classPath))) {
            ClassFileOracle oracle =
                    new ClassFileOracle(type -> find(container, type).or(() -> path.find(type)));
            return new PostCompile(container, oracle).weave(output, progress);
        } catch (FileSystemException e) {
            throw BadInputException.notReadable(e);
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof FileSystemException of ? BadInputException.notReadable(of) : e.getCause();
        }
    }

    private static Optional<byte[]> find(Container container, String type) {
        try {
            return container.read(type + SUFFIX);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report weave(Path output, Progress progress) throws IOException {
        List<String> classes = container.names().stream()
                .filter(n -> n.endsWith(SUFFIX) && !n.endsWith("module-info" + SUFFIX))
                .toList();
        for (int done = 0; done < classes.size(); done++) {
            weave(classes.get(done));
            progress.at(done + 1, classes.size());
        }
        List<String> missing =
                oracle.missing().stream().map(t -> t.replace('/', '.')).sorted().toList();
        if (missing.stream().anyMatch(Core::isInPackage)) {
            throw new BadInputException("Latent's own types are not found: add latent-core.jar with --class-path");
        }
        for (String name : classes) {
            if (isLeftOver(name)) {
                removed.add(name);
            }
        }
        if (errors.isEmpty()) {
            try {
                container.write(output, written, removed);
            } catch (FileSystemException e) {
                throw BadInputException.notWritable(e);
            }
        }
        return new Report(classes.size(), woven, written.size() - woven, removed.size(), List.copyOf(errors), missing);
    }

    private void weave(String name) throws IOException {
        byte[] before = read(name);
        try {
            strays(name, before).forEach(e -> errors.add(Finding.of(name, before, e)));
            Map<String, byte[]> after = Weaver.weave(before, oracle);
            if (!after.isEmpty()) {
                woven++;
                String root = root(name);
                byte[] host = after.remove(name.substring(root.length(), name.length() - SUFFIX.length()));
                written.put(name, host);
                after.forEach((frame, content) -> written.put(root + frame + SUFFIX, content));
            }
        } catch (WeaveException e) {
            errors.add(Finding.of(name, before, e));
        }
    }

    /** It reads all of the class that is read at all, so that what goes wrong later is not the class's fault. */
    private List<WeaveException> strays(String name, byte[] classFile) throws BadInputException {
        try {
            return Weaver.strays(classFile, oracle);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(name + " can't be read as a class file: " + e.getMessage());
        }
    }

    private byte[] read(String name) throws IOException {
        byte[] content = container.read(name).orElseThrow();
        if (content.length < 8 || ByteBuffer.wrap(content).getInt() != MAGIC) {
            throw new BadInputException("not a class file: " + name);
        }
        int version = ByteBuffer.wrap(content).getShort(6);
        if (version > ClassFile.latestMajorVersion()) {
            throw new BadInputException(name + " is of class file version " + version + ", newer than the JDK "
                    + Runtime.version().feature() + " that weaves; run this on the JDK it was compiled with");
        }
        return content;
    }

    /** {@return the part of a multi-release jar that a class lies in, often an empty string} */
    private static String root(String name) {
        return name.startsWith(VERSIONS) ? name.substring(0, name.indexOf('/', VERSIONS.length()) + 1) : "";
    }

    private boolean isLeftOver(String name) throws IOException {
        String root = root(name);
        String host = Frames.host(name.substring(root.length(), name.length() - SUFFIX.length()));
        if (host.isEmpty() || written.containsKey(name)) {
            return false;
        }
        Optional<byte[]> of =
                Optional.ofNullable(written.get(root + host + SUFFIX)).or(() -> find(container, root + host));
        return of.isPresent() && Frames.isLeftOver(read(name), of.get());
    }
}
