package dev.latent.compiler.tool;

import dev.latent.compiler.model.ClassFileOracle;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Folders and jars in which class files are looked up, and after them what this JVM itself runs on, the JDK above all. As the java
 * command does it, what does not exist is passed over.
 */
final class ClassPath implements ClassFileOracle.Source, AutoCloseable {
    private final List<JarFile> jars = new ArrayList<>();
    private final List<ClassFileOracle.Source> parts = new ArrayList<>();

    ClassPath(List<Path> entries) throws BadInputException {
        for (Path entry : entries) {
            try {
                add(entry);
            } catch (IOException e) {
                close();
                throw new BadInputException("on the class path is no jar that can be read: " + entry);
            }
        }
    }

    /** {@return the entries of a class path as the java command takes it, {@code lib/*} included} */
    static List<Path> parse(String path) throws BadInputException {
        List<Path> entries = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            if (entry.equals("*") || entry.endsWith(File.separator + "*")) {
                Path folder = Path.of(entry.substring(0, entry.length() - 1));
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(f -> f.toString().endsWith(".jar")).sorted().forEach(entries::add);
                } catch (IOException e) {
                    throw new BadInputException("on the class path is no folder that can be read: " + folder);
                }
            } else if (!entry.isBlank()) {
                entries.add(Path.of(entry));
            }
        }
        return entries;
    }

    private void add(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            parts.add(type -> inFolder(entry, type));
        } else if (Files.exists(entry)) {
            JarFile jar = new JarFile(entry.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
            jars.add(jar);
            parts.add(type -> inJar(jar, type));
        }
    }

    @Override
    public Optional<byte[]> find(String type) {
        return parts.stream()
                .map(part -> part.find(type))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> inThisJvm(type));
    }

    private static Optional<byte[]> inFolder(Path folder, String type) {
        Path file = folder.resolve(type + ".class");
        return Files.isRegularFile(file) ? Optional.of(bytes(() -> Files.newInputStream(file))) : Optional.empty();
    }

    private static Optional<byte[]> inJar(JarFile jar, String type) {
        return Optional.ofNullable(jar.getEntry(type + ".class")).map(e -> bytes(() -> jar.getInputStream(e)));
    }

    private static Optional<byte[]> inThisJvm(String type) {
        return Optional.ofNullable(ClassLoader.getSystemResource(type + ".class"))
                .map(url -> bytes(url::openStream));
    }

    private interface Opening {
        InputStream open() throws IOException;
    }

    private static byte[] bytes(Opening file) {
        try (InputStream in = file.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (JarFile jar : jars) {
            try {
                jar.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
