package compress;

import dev.latent.cli.Failure;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;

/** What is read: a file, or the standard input. One may look at what comes before one takes it. */
final class Input implements AutoCloseable {
    /** The path that means the standard streams. */
    static final String STANDARD = "-";

    private static final int AHEAD = 256 << 10;

    private final FileChannel channel;
    private final String name;
    private final @Nullable Path file;
    private final @Nullable BasicFileAttributes before;
    private ByteBuffer ahead = ByteBuffer.allocateDirect(0);
    private volatile long taken;

    private Input(FileChannel channel, String name, @Nullable Path file, @Nullable BasicFileAttributes before) {
        this.channel = channel;
        this.name = name;
        this.file = file;
        this.before = before;
    }

    /** Opens {@code path}, or takes the standard input for {@code -}. */
    static Input open(String path) throws Failure {
        if (path.equals(STANDARD)) {
            return new Input(new FileInputStream(FileDescriptor.in).getChannel(), "the standard input", null, null);
        }
        try {
            Path file = Path.of(path);
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new Failure(path + " is a folder: make one file of it first, by tar -cf " + file.getFileName()
                        + ".tar " + path);
            }
            return new Input(FileChannel.open(file), path, file, attributes.isRegularFile() ? attributes : null);
        } catch (NoSuchFileException e) {
            throw new Failure("no such file: " + path);
        } catch (AccessDeniedException e) {
            throw new Failure("cannot read " + path + ": permission denied");
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("cannot read " + path + ": " + e.getMessage());
        }
    }

    String name() {
        return name;
    }

    /** {@return the file, where it is one that could be replaced} */
    @Nullable
    Path regularFile() {
        return before == null ? null : file;
    }

    /** {@return bytes, negative where nobody knows} */
    long size() {
        return before == null ? -1 : before.size();
    }

    /** {@return bytes that were taken} Any thread may ask. */
    long taken() {
        return taken;
    }

    /** {@return when it was changed, its permissions and so on; null where it is no file} */
    @Nullable
    PosixFileAttributes attributes() {
        try {
            PosixFileAttributeView view = before == null || file == null
                    ? null
                    : Files.getFileAttributeView(file, PosixFileAttributeView.class);
            return view == null ? null : view.readAttributes();
        } catch (IOException e) {
            return null;
        }
    }

    boolean isSymbolicLink() {
        return file != null && Files.isSymbolicLink(file);
    }

    /** {@return whether others write to it, or have put another file in its place, since it was opened} */
    boolean hasChanged() {
        if (before == null || file == null) {
            return false;
        }
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.size() != before.size()
                    || !now.lastModifiedTime().equals(before.lastModifiedTime())
                    || now.fileKey() != null && !now.fileKey().equals(before.fileKey());
        } catch (IOException e) {
            return true;
        }
    }

    /** Fills {@code to} as far as there are bytes. */
    void take(ByteBuffer to) throws Failure {
        int from = to.position();
        if (ahead.hasRemaining()) {
            int n = Math.min(to.remaining(), ahead.remaining());
            to.put(ahead.slice(ahead.position(), n));
            ahead.position(ahead.position() + n);
        }
        fill(to);
        taken = taken + to.position() - from;
    }

    /** {@return the next bytes: at least {@code least}, where there are as many} They may be looked at until the next call, and are taken by {@link #skip}. */
    ByteBuffer look(int least) throws Failure {
        if (ahead.remaining() < least) {
            // Twice as large, so what is moved is never more than what was read since.
            ahead = ahead.capacity() < least
                    ? ByteBuffer.allocateDirect(Math.max(AHEAD, 2 * least)).put(ahead)
                    : ahead.compact();
            fill(ahead);
            ahead.flip();
        }
        return ahead.slice();
    }

    /** Takes {@code bytes} of those that were looked at. */
    void skip(int bytes) {
        ahead.position(ahead.position() + bytes);
        taken = taken + bytes;
    }

    private void fill(ByteBuffer to) throws Failure {
        try {
            while (to.hasRemaining() && channel.read(to) >= 0) {}
        } catch (IOException e) {
            throw new Failure("cannot read " + name + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it was only read
        }
    }
}
