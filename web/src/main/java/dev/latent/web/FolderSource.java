package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.Files;
import dev.latent.io.NotAFileException;
import dev.latent.io.OpenFile;
import dev.latent.io.Reading;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder of the world's {@link Files}. A small file is looked for and read in one call, a larger one piece by piece. */
record FolderSource(Path root) implements AssetSource {
    @Override
    public Future<Asset> open(String name) {
        return async(() -> {
            Files files = context().capability(Files.class);
            try {
                try {
                    return await(opened(files, AssetSource.fileOf(name)));
                } catch (NotAFileException e) {
                    boolean isFolder = e.kind() == FileInfo.Kind.FOLDER && !name.isEmpty();
                    return isFolder ? await(opened(files, AssetSource.fileOf(name + "/"))) : Asset.NONE;
                }
            } catch (NoSuchFileException | NotAFileException | InvalidPathException e) {
                // not there, below a file, too long, a loop of links: the client's fault, not worth a report
                return Asset.NONE;
            }
        });
    }

    private Future<Asset> opened(Files files, String name) {
        return async(() -> {
            Reading how = Reading.PLAIN.below(root).whole(Http.CHUNK_BYTES);
            OpenFile file = await(files.open(root.resolve(name), how));
            String type = AssetSource.typeOf(file.info().realPath().toString());
            if (file.info().size() > Http.CHUNK_BYTES) {
                return Asset.of(file, type);
            }
            try (file) {
                ByteBuffer all = ByteBuffer.allocate((int) file.info().size());
                while (all.hasRemaining() && await(file.read(all)) >= 0) {}
                return Asset.of(all.array(), type);
            }
        });
    }
}
