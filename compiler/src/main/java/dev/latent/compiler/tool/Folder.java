package dev.latent.compiler.tool;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of classes, such as {@code target/classes}. */
final class Folder implements Container {
    private final Path folder;
    private final List<String> names;

    Folder(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        try (Stream<Path> files = Files.walk(this.folder)) {
            names = files.filter(Files::isRegularFile)
                    .map(f -> this.folder.relativize(f).toString().replace(File.separatorChar, '/'))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    public void write(Path to, Map<String, byte[]> written, Set<String> removed) throws IOException {
        if (!Files.exists(to) || !Files.isSameFile(to, folder)) {
            Files.createDirectories(to);
            for (String name : names) {
                if (!written.containsKey(name) && !removed.contains(name)) {
                    byte[] content = Files.readAllBytes(folder.resolve(name));
                    Container.write(to.resolve(name), out -> out.write(content));
                }
            }
        }
        for (Map.Entry<String, byte[]> e : written.entrySet()) {
            Container.write(to.resolve(e.getKey()), out -> out.write(e.getValue()));
        }
        for (String name : removed) {
            Files.deleteIfExists(to.resolve(name));
        }
    }

    @Override
    public void close() {}
}
