package dev.latent.io;

import dev.latent.Future;
import dev.latent.Releasable;

/**
 * A file as it was when it was opened, kept to be opened again. It may be used by any thread, and by several tasks at once.
 *
 * <p>It holds on to what it needs for that, an open handle or the bytes of a small file, until {@link #close}: of a file that is deleted
 * meanwhile, the disk keeps the place as long.
 */
public interface Remembered extends Releasable {
    /** {@return what the file was} */
    FileInfo info();

    /**
     * {@return a future of the file that stands there now, as {@link Files#open} gives it for the same path and the same way of reading}
     *
     * <p>It is looked at each time, and a change of its size, of its time or of the file itself is noticed. Where it has not changed, nothing is read or opened again; and where that
     * look can't block, it takes no turn of a thread.
     *
     * <p><em>Cancel safety:</em> dropped, the file is closed.
     */
    Future<OpenFile> open();

    /** Lets go of what it holds; files that it has given stay open. */
    @Override
    void close();
}
