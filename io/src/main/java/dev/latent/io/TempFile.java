package dev.latent.io;

import dev.latent.AsyncCloseable;
import java.nio.file.Path;

/** A file that is there for a while: its close deletes it, unless it has been moved away. Made by {@link Files#createTemp}. */
public interface TempFile extends AsyncCloseable {
    /** {@return where it is} */
    Path path();
}
