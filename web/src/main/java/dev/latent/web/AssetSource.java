package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Async;
import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.OpenFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where static files come from. */
sealed interface AssetSource permits FolderSource, AssetSource.Resources {
    /**
     * An opened file, to be read from its start to its end.
     *
     * @param file null where all of it has been read
     * @param bytes all of it, or none
     */
    record Asset(@Nullable OpenFile file, ByteBuffer bytes, long length, String type) implements AsyncCloseable {
        /** Stands for a file that is not there. */
        static final Asset NONE = of(new byte[0], "text/plain");

        static Asset of(byte[] all, String type) {
            return new Asset(null, ByteBuffer.wrap(all), all.length, type);
        }

        static Asset of(OpenFile file, String type) {
            return new Asset(file, ByteBuffer.allocate(0), file.info().size(), type);
        }

        /** {@return bytes of memory that it takes as long as it is open} */
        long held() {
            return file == null ? length : Http.CHUNK_BYTES;
        }

        /** {@return a future of up to {@code n} bytes from {@code position} on, some unless it has become shorter; its failure is ours and not the client's} */
        Future<ByteBuffer> read(long position, int n) {
            OpenFile opened = file;
            if (opened == null) {
                return Futures.ready(bytes.slice((int) position, n));
            }
            return async(() -> {
                ByteBuffer chunk = ByteBuffer.allocate(n);
                try {
                    await(opened.read(chunk));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return chunk.flip();
            });
        }

        @Override
        public Future<Void> closeAsync() {
            return file == null ? Futures.done() : file.closeAsync();
        }

        @Override
        public void close() {
            if (file != null) {
                file.close();
            }
        }
    }

    /** {@return a future of the file of that relative name, or of {@link Asset#NONE}} */
    Future<Asset> open(String name);

    /** What a function finds, which may block. */
    record Resources(Function<String, @Nullable InputStream> find) implements AssetSource {
        @Override
        public Future<Asset> open(String name) {
            String full = fileOf(name);
            return Async.spawnBlocking(() -> {
                try (InputStream in = find.apply(full)) {
                    return in == null ? Asset.NONE : Asset.of(in.readAllBytes(), typeOf(full));
                }
            });
        }
    }

    /** {@return the file that {@code name} stands for by its looks: a folder's index where it ends as a folder} */
    static String fileOf(String name) {
        return name.isEmpty() || name.endsWith("/") ? name + "index.html" : name;
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
