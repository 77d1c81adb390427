package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Files#readAll}: opens, reads until the end, closes. */
final class ReadAll extends OwnedFuture<byte[]> {
    private final Path path;
    private final int limit;

    /** The opening, then reads, then the close. */
    private Future<?> step;

    private @Nullable OpenFile file;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /** What the close is to be followed by. */
    private @Nullable Exception failure;

    private boolean closing;

    ReadAll(Path path, Future<OpenFile> opening, int limit) {
        this.path = path;
        this.limit = limit;
        this.step = opening;
        Owners.claim(opening, this);
    }

    @Override
    protected Poll<byte[]> pollOwned(Context cx) throws Exception {
        try {
            return pollSteps(cx);
        } catch (Throwable t) {
            if (file != null) {
                file.close();
            }
            throw t;
        }
    }

    private Poll<byte[]> pollSteps(Context cx) throws Exception {
        while (true) {
            if (!(Owners.poll(step, this, cx) instanceof Poll.Ready<?>(var value))) {
                return Poll.pending();
            }
            if (closing) {
                if (failure != null) {
                    throw failure;
                }
                return Poll.ready(Arrays.copyOf(bytes.array(), bytes.position()));
            }
            if (value instanceof OpenFile opened) {
                file = opened;
                if (opened.info().size() > limit) {
                    tooLong(opened.info().size() + " bytes");
                } else { // one more, so that the end is seen with the last of them
                    bytes = ByteBuffer.allocate(
                            (int) Math.min(limit + 1L, opened.info().size() + 1));
                }
            } else if (value instanceof Integer n && n < 0) {
                close();
            } else if (bytes.position() > limit) {
                tooLong("growing");
            } else if (!bytes.hasRemaining()) {
                int room = (int) Math.min(limit + 1L, 2L * bytes.capacity());
                bytes = ByteBuffer.allocate(room).put(bytes.flip());
            }
            if (!closing && file != null) {
                begin(file.read(bytes));
            }
        }
    }

    private void tooLong(String why) {
        failure = new FileSystemException(
                path.toString(),
                null,
                "cannot read it whole: it is " + why + ", and more than " + limit + " are refused");
        close();
    }

    private void close() {
        closing = true;
        if (file != null) {
            begin(file.closeAsync());
        }
    }

    private void begin(Future<?> next) {
        Owners.claim(next, this);
        step = next;
    }

    @Override
    protected void dropOwned() {
        Owners.drop(step, this);
        if (file != null) {
            file.close();
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(step);
    }

    @Override
    public String toString() {
        return "read all of " + path;
    }
}
