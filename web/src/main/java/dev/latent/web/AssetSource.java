package dev.latent.web;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where static files come from. Its methods block, and those of what it opens: they are called on the blocking pool. */
sealed interface AssetSource permits FolderSource, AssetSource.Resources {
    /**
     * An opened file.
     *
     * @param bytes exactly {@code length} of them
     * @param held bytes of memory that it takes as long as it is open; all of them where it is read already
     */
    record Asset(InputStream bytes, long length, long held, String type) implements AsyncCloseable {
        /** Stands for a file that is not there. */
        static final Asset NONE = new Asset(InputStream.nullInputStream(), 0, 0, "text/plain");

        /** {@return the next {@code n} bytes; its failure is ours and not the client's} */
        byte[] read(int n) {
            try {
                return bytes.readNBytes(n);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Future<Void> closeAsync() {
            if (held == length) { // it has been read, so there is nothing that could block
                return Futures.done();
            }
            return Async.spawnBlocking(() -> {
                close();
                return null;
            });
        }

        @Override
        public void close() {
            try {
                bytes.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }

    /** {@return the file of that relative name, or {@link Asset#NONE}} */
    Asset open(String name) throws IOException;

    /** What a function finds. */
    record Resources(Function<String, @Nullable InputStream> find) implements AssetSource {
        @Override
        public Asset open(String name) throws IOException {
            String full = name.isEmpty() || name.endsWith("/") ? name + "index.html" : name;
            try (InputStream in = find.apply(full)) {
                if (in == null) {
                    return Asset.NONE;
                }
                byte[] bytes = in.readAllBytes();
                return new Asset(new ByteArrayInputStream(bytes), bytes.length, bytes.length, typeOf(full));
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
