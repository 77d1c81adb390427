package dev.latent.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where static files come from. Its methods block. */
sealed interface AssetSource {
    /**
     * An opened file.
     *
     * @param bytes exactly {@code length} of them
     */
    record Asset(InputStream bytes, long length, String type) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    /** {@return the file of that relative name, null where there is none} */
    @Nullable
    Asset open(String name) throws IOException;

    /** A folder of the file system. */
    record Folder(Path root) implements AssetSource {
        @Override
        public @Nullable Asset open(String name) throws IOException {
            Path real = root.toRealPath();
            Path file;
            try {
                file = real.resolve(name).toRealPath();
                if (Files.isDirectory(file)) {
                    file = file.resolve("index.html").toRealPath();
                }
            } catch (FileSystemException | InvalidPathException e) {
                return null; // not there, below a file, too long, a loop of links: the client's fault, not worth a
                // report
            }
            if (!file.startsWith(real) || !Files.isRegularFile(file)) {
                return null;
            }
            long length = Files.size(file);
            return new Asset(Files.newInputStream(file), length, typeOf(file.toString()));
        }
    }

    /** What a function finds. */
    record Resources(Function<String, @Nullable InputStream> find) implements AssetSource {
        @Override
        public @Nullable Asset open(String name) throws IOException {
            String full = name.isEmpty() || name.endsWith("/") ? name + "index.html" : name;
            try (InputStream in = find.apply(full)) {
                if (in == null) {
                    return null;
                }
                byte[] bytes = in.readAllBytes();
                return new Asset(new ByteArrayInputStream(bytes), bytes.length, typeOf(full));
            }
        }
    }

    /** The types a page is made of; the JDK's own table depends on the machine. */
    Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"));

    /** {@return the content type of a file of that name} */
    static String typeOf(String name) {
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }

    /** {@return whether {@code name} stays below its root by its looks: no way up, nothing absolute, nothing odd} */
    static boolean isPlain(String name) {
        if (name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : name.split("/")) {
            if (part.equals("..") || part.equals(".")) {
                return false;
            }
        }
        return true;
    }
}
