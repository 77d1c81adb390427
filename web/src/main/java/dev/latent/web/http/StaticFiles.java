package dev.latent.web.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import dev.latent.io.Remembered;
import dev.latent.world.Clock;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A handler that answers by files: those of a folder, or what a function finds. It stands behind a route that ends in <code>{file...}</code>, as {@code WebServerBuilder.files} makes it.
 *
 * <p>{@code index.html} stands for a folder, whose name without the slash is answered by the one with it. A file whose name, or that of a folder on the way, begins with
 * a dot is not there, except below {@code .well-known}; nor is what links lead to outside of the folder.
 *
 * <p>Answers carry {@code ETag} and, of a folder's files, {@code Last-Modified}; conditions, and up to 16 ranges of bytes, are honoured (RFC 9110, 13 and 14). Where a
 * client takes gzip, {@code a.css.gz} goes out for {@code a.css} if it stands beside it and is no older; else text is compressed on the way. That there is none is believed for a second.
 */
public final class StaticFiles implements Handler {
    /** What the route calls the file's name. */
    public static final String NAME = "file";

    /** A file that is no longer is read at once. */
    private static final int WHOLE_BYTES = 64 * 1024;

    private final Finder finder;
    private final String cacheControl;
    private final @Nullable String missing;
    private final boolean compress;

    /** Where files come from. */
    private sealed interface Finder {
        /** {@return a future of the file of that name; fails with {@link NoSuchFileException} or {@link NotAFileException}} */
        Future<Asset> find(String name);

        /** {@return a future of the file of that name, which mostly is not there} That it is not may have been seen up to a second before. */
        default Future<Optional<Asset>> sibling(String name) {
            return async(() -> {
                try {
                    return Optional.of(await(find(name)));
                } catch (NoSuchFileException | NotAFileException e) {
                    return Optional.empty();
                }
            });
        }
    }

    private StaticFiles(Finder finder, String cacheControl, @Nullable String missing, boolean compress) {
        this.finder = finder;
        this.cacheControl = cacheControl;
        this.missing = missing;
        this.compress = compress;
    }

    /**
     * {@return the files of the world below {@code folder}} A small one is looked for and read in one call, a larger one piece by piece.
     *
     * <p>The last 128 are {@linkplain Remembered remembered}: the bytes of small ones, and handles of others. Each request looks whether its file has changed all the same.
     */
    public static StaticFiles folder(Path folder) {
        return new StaticFiles(new Folder(folder, new KnownFiles()), "no-cache", null, true);
    }

    /** {@return what {@code open} finds by its relative name, null where there is nothing} It runs on the executor's blocking pool, and each is read whole. */
    public static StaticFiles resources(Function<String, @Nullable InputStream> open) {
        return new StaticFiles(new Resources(open), "no-cache", null, true);
    }

    /** {@return this, with another {@code Cache-Control} than {@code no-cache}, which has a client ask whether its copy is still good} */
    public StaticFiles cacheControl(String value) {
        return new StaticFiles(finder, value, missing, compress);
    }

    /** {@return this, with a page for what is not there; the status is 404 all the same} */
    public StaticFiles notFoundPage(String name) {
        return new StaticFiles(finder, cacheControl, name, compress);
    }

    /** {@return this, sending files as they are} */
    public StaticFiles uncompressed() {
        return new StaticFiles(finder, cacheControl, missing, false);
    }

    private record Folder(Path root, KnownFiles known) implements Finder {
        @Override
        public Future<Asset> find(String name) {
            return async(() -> {
                Files files = context().capability(Files.class);
                Reading how = Reading.PLAIN.below(root).whole(WHOLE_BYTES);
                Remembered before = known.of(files, name);
                OpenFile file = await(before == null ? files.open(root.resolve(name), how) : before.open());
                FileInfo info = file.info();
                if (before == null || before.info() != info) {
                    known.keep(files, name, file.remember());
                }
                String type = MediaTypes.of(info.realPath().toString());
                String tag = "\"" + Long.toHexString(info.size()) + "-"
                        + Long.toHexString(info.modified().getEpochSecond() * 1_000_000_000L
                                + info.modified().getNano())
                        + "\"";
                if (info.size() > WHOLE_BYTES) {
                    return new Asset(file, new byte[0], info.size(), type, tag, info.modified(), null);
                }
                try (file) {
                    ByteBuffer all = ByteBuffer.allocate((int) info.size());
                    while (all.hasRemaining() && await(file.read(all)) >= 0) {}
                    return new Asset(null, all.array(), all.capacity(), type, tag, info.modified(), null);
                }
            });
        }

        @Override
        public Future<Optional<Asset>> sibling(String name) {
            return async(() -> {
                Files files = context().capability(Files.class);
                Clock clock = context().spawner().world().clock();
                if (clock == null) {
                    return await(Finder.super.sibling(name));
                }
                long now = clock.nanoTime();
                if (known.isMissing(files, name, now)) {
                    return Optional.empty();
                }
                Optional<Asset> found = await(Finder.super.sibling(name));
                if (found.isEmpty()) {
                    known.keepMissing(files, name, now);
                }
                return found;
            });
        }
    }

    private record Resources(Function<String, @Nullable InputStream> open) implements Finder {
        @Override
        public Future<Asset> find(String name) {
            return Async.spawnBlocking(() -> {
                try (InputStream in = open.apply(name)) {
                    if (in == null) {
                        throw new NoSuchFileException(name);
                    }
                    byte[] all = in.readAllBytes();
                    CRC32C sum = new CRC32C();
                    sum.update(all);
                    String tag = "\"" + Integer.toHexString(all.length) + "-" + Long.toHexString(sum.getValue()) + "\"";
                    return new Asset(null, all, all.length, MediaTypes.of(name), tag, null, null);
                }
            });
        }
    }

    @Override
    public Future<Response> handle(Request request) {
        String name = request.pathParameter(NAME);
        return async(() -> {
            if (!isPlain(name)) {
                return await(missing());
            }
            boolean gzip = compress && takesGzip(request);
            boolean isFolder = name.isEmpty() || name.endsWith("/");
            try {
                Asset asset = await(found(isFolder ? name + "index.html" : name, gzip));
                return asset.answer(request, cacheControl, compress);
            } catch (NotAFileException e) {
                if (e.kind() == FileInfo.Kind.FOLDER && !isFolder) {
                    int query = request.target().indexOf('?');
                    return Response.movedTo(request.rawPath() + "/"
                            + (query < 0 ? "" : request.target().substring(query)));
                }
                return await(missing());
            } catch (NoSuchFileException | InvalidPathException e) {
                // not there, below a file, too long, a loop of links: the client's fault, not worth a report
                return await(missing());
            }
        });
    }

    private Future<Asset> found(String name, boolean gzip) {
        return async(() -> {
            Asset asset = await(finder.find(name));
            if (!gzip || !MediaTypes.isText(MediaTypes.of(name))) {
                return asset;
            }
            boolean known = false;
            try {
                if (await(finder.sibling(name + ".gz")).orElse(null) instanceof Asset ready) {
                    if (ready.isAsNewAs(asset)) {
                        return ready.encoded("gzip", asset.type());
                    }
                    ready.close();
                }
                known = true;
            } finally {
                if (!known) { // another goes out, or nothing does
                    asset.close();
                }
            }
            return asset.gzipped();
        });
    }

    private Future<Response> missing() {
        Response plain = Response.error(404, "");
        String page = missing;
        if (page == null) {
            return Futures.ready(plain);
        }
        return async(() -> {
            try {
                return await(finder.find(page)).page(404);
            } catch (NoSuchFileException | NotAFileException e) {
                return plain;
            }
        });
    }

    private static boolean takesGzip(Request request) {
        for (String value : request.headers().all("accept-encoding")) {
            for (String each : value.split(",")) {
                String[] parts = each.split(";", -1);
                if (parts[0].strip().equalsIgnoreCase("gzip")) {
                    return parts.length < 2 || !parts[1].strip().matches("[qQ]=0(\\.0*)?");
                }
            }
        }
        return false;
    }

    /** {@return whether {@code name} stays below its root by its looks: no way up, nothing absolute, nothing odd, nothing hidden} */
    private static boolean isPlain(String name) {
        if (name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            return false;
        }
        String[] parts = name.split("/");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].startsWith(".") && !(i == 0 && parts[i].equals(".well-known"))) {
                return false;
            }
        }
        return true;
    }
}
