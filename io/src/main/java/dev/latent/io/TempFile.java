package dev.latent.io;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.LeavesHalf;
import dev.latent.NotCancelSafe;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that is there for a while: its close deletes it, unless it has been moved away. Made by {@link Files#createTemp}. It belongs to the executor that made it.
 *
 * <p>Its close, and that of a write that is dropped, waits for no disk: what a thread is in the middle of goes on, and that thread then closes.
 */
public interface TempFile extends AsyncWriter, AsyncCloseable {
    /** {@return where it is} */
    Path path();

    /**
     * {@return a future that is ready when {@code from} stands at the end of the file} One write at a time may wait.
     *
     * <p><em>Cancel safety:</em> dropped, half of it may have been written: {@code from}'s position tells how much has been, or is being written yet.
     */
    @Override
    @LeavesHalf
    Future<Void> write(ByteBuffer from);

    /** {@return a future that is ready when nothing more is to be written, and no handle is open; it may be read and moved as before} */
    @Override
    Future<Void> shutdownOutput();

    /**
     * {@return a future that is ready when it stands at {@code target}, in the place of a file that was there} There it stays, whatever becomes of this; nothing more is written.
     *
     * <p><em>Cancel safety:</em> dropped, it may have happened, or happen yet.
     */
    @NotCancelSafe
    Future<Void> moveTo(Path target);
}
