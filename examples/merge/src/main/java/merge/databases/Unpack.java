package merge.databases;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.tukaani.xz.XZInputStream;

/** Gets the databases' files out of the jars in which they come. */
final class Unpack {
    private static final int BLOCK = 512;

    private Unpack() {}

    static InputStream open(String resource) throws IOException {
        InputStream in = Unpack.class.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        return in;
    }

    /** Copies one file, which may then be run. */
    static void program(String resource, Path to) throws IOException {
        try (InputStream in = open(resource)) {
            Files.createDirectories(to.getParent());
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
        runnable(to);
    }

    /** Copies a folder of a jar, which is known by a file in it. */
    static void folder(String resource, String file, Path to) throws IOException {
        var url = Unpack.class.getResource(resource + "/" + file);
        if (url == null) {
            throw new FileNotFoundException(resource + " is not on the class path");
        }
        URI jar;
        try {
            jar = new URI(url.toString().replaceFirst("!.*", ""));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        try (var files = FileSystems.newFileSystem(jar, Map.of());
                var all = Files.walk(files.getPath(resource))) {
            Path from = files.getPath(resource);
            for (Path each : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Unpacks a {@code .tar.xz} of files, folders and symbolic links. */
    static void tarXz(String resource, Path to) throws IOException {
        try (InputStream in = new XZInputStream(open(resource))) {
            byte[] head = new byte[BLOCK];
            String longName = null;
            while (in.readNBytes(head, 0, BLOCK) == BLOCK && head[0] != 0) {
                String name = longName != null ? longName : text(head, 0, 100);
                longName = null;
                int size = Integer.parseInt(text(head, 124, 11).strip(), 8);
                Path target = to.resolve(name).normalize();
                if (!target.startsWith(to)) {
                    throw new IOException(name + " leads out of the folder");
                }
                switch (head[156]) {
                    case '5' -> Files.createDirectories(target);
                    case '2' -> {
                        Files.createDirectories(target.getParent());
                        Files.createSymbolicLink(target, Path.of(text(head, 157, 100)));
                    }
                    case 'L' -> {
                        byte[] bytes = read(in, size);
                        longName = text(bytes, 0, bytes.length);
                    }
                    case '0', 0 -> {
                        Files.createDirectories(target.getParent());
                        Files.write(target, read(in, size));
                        if ((Integer.parseInt(text(head, 100, 7).strip(), 8) & 0100) != 0) {
                            runnable(target);
                        }
                    }
                    default -> throw new IOException("an entry of type " + (char) head[156] + ": " + name);
                }
            }
        }
    }

    private static byte[] read(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return bytes;
    }

    private static String text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    private static void runnable(Path file) throws IOException {
        if (!file.toFile().setExecutable(true, false)) {
            throw new IOException(file + " can't be made executable");
        }
    }
}
