package dev.latent.compiler.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A jar. It is written anew as a whole, beside its place, with entries in their old order and of their old time. */
final class Jar implements Container {
    private final Path path;
    private final ZipFile zip;
    private final List<String> names;

    Jar(Path path) throws IOException {
        this.path = path.toRealPath();
        if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
            throw new BadInputException("not a file that can be read: " + path);
        }
        try {
            zip = new ZipFile(this.path.toFile());
        } catch (ZipException e) {
            throw new BadInputException("neither a folder nor a jar: " + path + " (" + e.getMessage() + ")");
        }
        names = zip.stream()
                .filter(e -> !e.isDirectory())
                .map(ZipEntry::getName)
                .toList();
        try {
            refuseWhatWouldBreak(path);
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    private void refuseWhatWouldBreak(Path shown) throws IOException {
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (upper.startsWith("META-INF/") && upper.endsWith(".SF")) {
                throw new BadInputException("this jar is signed, and weaving breaks a signature: " + shown
                        + "; weave it before it is signed, or take " + name + " out and sign it again afterwards");
            }
        }
        try (InputStream in = Files.newInputStream(path)) {
            if (in.read() != 'P' || in.read() != 'K') {
                throw new BadInputException("something stands before the jar in this file, a start script perhaps: "
                        + shown + "; weave the jar that it was made of");
            }
        }
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return Optional.of(in.readAllBytes());
        }
    }

    @Override
    public void write(Path to, Map<String, byte[]> written, Set<String> removed) throws IOException {
        Path file = Files.exists(to) ? to.toRealPath() : to.toAbsolutePath();
        if (!file.equals(path) || !written.isEmpty() || !removed.isEmpty()) {
            Container.write(file, out -> write(out, written, removed));
        }
    }

    private void write(OutputStream to, Map<String, byte[]> written, Set<String> removed) throws IOException {
        Map<String, byte[]> left = new LinkedHashMap<>(written);
        try (ZipOutputStream out = new ZipOutputStream(to)) {
            if (zip.getComment() != null) {
                out.setComment(zip.getComment());
            }
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] content = left.remove(entry.getName());
                if (content == null && removed.contains(entry.getName())) {
                    continue;
                }
                put(
                        out,
                        entry,
                        entry.getName(),
                        content != null ? content : read(entry.getName()).orElseThrow());
                if (content != null) {
                    putNew(out, entry, left.entrySet().iterator());
                }
            }
        }
    }

    /** What follows a class in the order of what is written, and is new, is its frames. */
    private void putNew(ZipOutputStream out, ZipEntry like, Iterator<Map.Entry<String, byte[]>> left)
            throws IOException {
        while (left.hasNext()) {
            Map.Entry<String, byte[]> e = left.next();
            if (zip.getEntry(e.getKey()) != null) {
                return;
            }
            put(out, like, e.getKey(), e.getValue());
            left.remove();
        }
    }

    private static void put(ZipOutputStream out, ZipEntry like, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(like.getTimeLocal());
        if (like.getName().equals(name)) {
            entry.setComment(like.getComment());
        }
        entry.setMethod(like.getMethod());
        if (like.getMethod() == ZipEntry.STORED) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setCrc(crc.getValue());
            entry.setSize(content.length);
        }
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
