package compress;

import dev.latent.cli.Failure;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is written: a file, which is there when all of it is and not before, or what is there already and is no file: a pipe, a device, the standard output.
 *
 * <p>A file is written under another name beside its own, and moved there at the end. However else this process ends, short of being killed outright, a hook removes it:
 * what a signal and a failure leave behind is nothing.
 */
final class Output implements AutoCloseable {
    private final String name;
    private final @Nullable Path file;
    private final boolean replace;
    private final Thread hook = new Thread(this::giveUp, "remove what was begun");
    private @Nullable FileChannel channel;
    private @Nullable Path begun;
    private boolean over;
    private long written;

    private Output(String name, @Nullable Path file, boolean replace) {
        this.name = name;
        this.file = file;
        this.replace = replace;
    }

    /** Takes the standard output. */
    static Output standard() {
        Output output = new Output("the standard output", null, false);
        output.channel = new FileOutputStream(FileDescriptor.out).getChannel();
        return output;
    }

    /**
     * Begins a file.
     *
     * @param replace whether one that is there may be replaced
     */
    static Output to(Path file, boolean replace) throws Failure {
        try {
            if (Files.isDirectory(file)) {
                throw new Failure(file + " is a folder: name a file in it");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                Output output = new Output(file.toString(), null, false);
                output.channel = FileChannel.open(file, StandardOpenOption.WRITE);
                return output;
            }
            if (!replace && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new Failure(file + " is there already: -f replaces it, -o writes elsewhere");
            }
            Path folder = folder(file);
            if (!Files.isDirectory(folder)) {
                throw new Failure("cannot write " + file + ": there is no folder " + folder);
            }
            Output output = new Output(file.toString(), file, replace);
            Runtime.getRuntime().addShutdownHook(output.hook);
            output.begin(folder.resolve(".latent-compress-%d-%x.part"
                    .formatted(
                            ProcessHandle.current().pid(),
                            ThreadLocalRandom.current().nextLong())));
            return output;
        } catch (IOException e) {
            throw cannotWrite(file.toString(), e);
        }
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder;
    }

    private synchronized void begin(Path beside) throws IOException, Failure {
        if (over) {
            throw new Failure("interrupted");
        }
        channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        begun = beside;
    }

    String name() {
        return name;
    }

    /** {@return whether it will be a file with a name} */
    boolean isFile() {
        return file != null;
    }

    long written() {
        return written;
    }

    void write(ByteBuffer bytes) throws Failure {
        FileChannel to = channel;
        if (to == null) {
            throw new IllegalStateException("not begun");
        }
        try {
            written += bytes.remaining();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            throw cannotWrite(name, e);
        }
    }

    /**
     * It is whole: gives the file its name.
     *
     * @param like whose permissions and time it gets, where it stands for another
     * @param safe whether it is to be on the disk, whatever happens to the machine, before this returns
     */
    void finish(@Nullable PosixFileAttributes like, boolean safe) throws Failure {
        Path from = begun;
        FileChannel to = channel;
        if (from == null || file == null || to == null) {
            return;
        }
        try {
            if (like != null) {
                PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
                view.setPermissions(like.permissions());
                view.setTimes(like.lastModifiedTime(), null, null);
            }
            if (safe) {
                to.force(true);
            }
            to.close();
            synchronized (this) {
                if (over) {
                    throw new Failure("interrupted");
                }
                if (replace) {
                    Files.move(from, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.move(from, file);
                }
                over = true;
            }
        } catch (FileAlreadyExistsException e) {
            throw new Failure(file + " has come to be there meanwhile: -f replaces it, -o writes elsewhere");
        } catch (IOException e) {
            throw cannotWrite(name, e);
        }
    }

    /** Removes what was begun, and keeps it from getting its name. */
    private synchronized void giveUp() {
        if (!over && begun != null) {
            over = true;
            try {
                Files.deleteIfExists(begun);
            } catch (IOException e) {
                System.err.println("cannot remove " + begun + ": " + e.getMessage());
            }
        }
        over = true;
    }

    @Override
    public void close() {
        giveUp();
        try {
            if (channel != null) {
                channel.close();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IOException | IllegalStateException e) {
            // what was to be told was told when it was written; or the process is ending, and the hook runs
        }
    }

    private static Failure cannotWrite(String name, IOException e) {
        String why = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
        String wayOut =
                switch (why) {
                    case "No space left on device", "Disk quota exceeded" ->
                        ": free some, or name a file on another disk with -o";
                    case "Broken pipe" -> ": nobody reads it any more";
                    case "permission denied" -> ": name a file elsewhere with -o";
                    default -> "";
                };
        return new Failure("cannot write " + name + ": " + why + wayOut);
    }
}
