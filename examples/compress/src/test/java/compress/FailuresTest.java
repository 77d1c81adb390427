package compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latent.cli.Failure;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong is one line, an exit code, and nothing left behind. */
class FailuresTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Commands.Ended run(String... arguments) throws Exception {
        return Commands.run(folder, Commands.ours(arguments));
    }

    private void refused(String said, String... arguments) throws Exception {
        List<String> before = Commands.names(folder);
        Commands.Ended ended = run(arguments);
        assertEquals(said, ended.err().strip());
        assertEquals(1, ended.code());
        assertEquals(before, Commands.names(folder));
    }

    /** By which a run knows that there is no memory for so many threads. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void noMemoryIsNoMemoryInEveryMode(Mode mode) {
        Coder coder = new Coder() {
            @Override
            public void code(ByteBuffer in, ByteBuffer out) {
                throw new OutOfMemoryError("in a coder");
            }

            @Override
            public void close() {}
        };
        try (Blocks blocks = new Blocks(mode.blocks(2), () -> new Block(coder))) {
            assertThrows(OutOfMemoryError.class, () -> mode.way.run(Blocks::take, _ -> {}, blocks, 2));
        }
    }

    private String failure(Path packed, Mode mode) throws Exception {
        Path back = folder.resolve("back");
        Failure failure = assertThrows(Failure.class, () -> {
            try (Input input = Input.open(packed.toString());
                    Output output = Output.to(back, true)) {
                Run.decompress(input, output, Format.of(input), mode, 2);
                output.finish(null, false);
            }
        });
        assertFalse(Files.exists(back));
        return String.valueOf(failure.getMessage());
    }

    private Path packed(Format format, Path plain) throws Exception {
        Path packed = folder.resolve("packed");
        try (Input input = Input.open(plain.toString());
                Output output = Output.to(packed, true)) {
            Run.compress(input, output, format, 1, Mode.THREADS, 2);
            output.finish(null, false);
        }
        return packed;
    }

    /** Cut anywhere, and with any byte changed: an error, in all modes, or for bytes that say nothing what was in it. */
    @ParameterizedTest
    @EnumSource(Format.class)
    void truncatedOrCorrupt(Format format) throws Exception {
        byte[] bytes = Samples.bytes(3, 9 * MIB);
        byte[] whole = Files.readAllBytes(packed(format, Files.write(folder.resolve("plain"), bytes)));
        Random random = new Random(4);
        Path file = folder.resolve("broken");
        for (int i = 0; i < 40; i++) {
            Mode mode = Mode.values()[i % Mode.values().length];
            int cut = i == 0 ? whole.length - 1 : Integer.BYTES + random.nextInt(whole.length - Integer.BYTES);
            Files.write(file, Arrays.copyOf(whole, cut));
            if (format == Format.GZIP || !isBetweenFrames(whole, cut)) {
                assertEquals(file + ": " + BadInput.TRUNCATED, failure(file, mode), "cut at " + cut);
            }
            byte[] changed = whole.clone();
            int at = 100 + random.nextInt(whole.length - 100);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            String said = failureOrSame(file, mode, bytes);
            assertTrue(said.isEmpty() || said.startsWith(file + ": it "), "at " + at + ": " + said);
        }
        assertEquals(List.of("broken", "packed", "plain"), Commands.names(folder));
    }

    private static boolean isBetweenFrames(byte[] whole, int cut) {
        return cut + Integer.BYTES <= whole.length && whole[cut] == 0x28 && whole[cut + 1] == (byte) 0xb5;
    }

    /** Some bits of a header say nothing; what comes out is right then. */
    private String failureOrSame(Path file, Mode mode, byte[] bytes) throws Exception {
        Path back = folder.resolve("back");
        try (Input input = Input.open(file.toString());
                Output output = Output.to(back, true)) {
            Run run = Run.decompress(input, output, Format.of(input), mode, 2);
            output.finish(null, false);
            if (run.remark() == null) {
                assertArrayEquals(bytes, Files.readAllBytes(back));
            }
            return "";
        } catch (Failure e) {
            return String.valueOf(e.getMessage());
        } finally {
            Files.deleteIfExists(back);
        }
    }

    /** A writer that fails at its third block ends the run at once, in all modes, and nobody hangs. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void aWriterThatFailsEndsAll(Mode mode) throws Exception {
        Path plain = Files.write(folder.resolve("plain"), new byte[40 * MIB]);
        AtomicInteger written = new AtomicInteger();
        try (Input input = Input.open(plain.toString());
                Blocks blocks = new Blocks(mode.blocks(2), () -> new Block(Format.GZIP.compressor(1)))) {
            Failure failure = assertThrows(
                    Failure.class,
                    () -> mode.way.run(
                            Format.GZIP.pieces(input),
                            block -> {
                                if (written.incrementAndGet() == 3) {
                                    throw new Failure("the disk is full");
                                }
                                blocks.give(block);
                            },
                            blocks,
                            2));
            assertEquals("the disk is full", failure.getMessage());
            assertEquals(3, written.get());
            assertTrue(input.taken() <= (3L + mode.blocks(2)) * MIB, mode + " read " + input.taken());
        }
    }

    /** Of two blocks that fail the first is told, and what stands before it is written. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void theFirstFailureIsTold(Mode mode) throws Exception {
        Path plain = Files.write(folder.resolve("plain"), new byte[12 * MIB]);
        byte[] all = Files.readAllBytes(packed(Format.GZIP, plain));
        int end = 0;
        for (int member = 0; member < 7; member++) {
            end += ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
            if (member >= 5) {
                all[end - Gzip.TRAILER] ^= 1;
            }
        }
        Path broken = Files.write(folder.resolve("broken"), all);
        AtomicInteger written = new AtomicInteger();
        try (Input input = Input.open(broken.toString());
                Source source = Format.GZIP.parts(input);
                Blocks blocks = new Blocks(mode.blocks(2), () -> new Block(Format.GZIP.decompressor()))) {
            assertThrows(
                    BadInput.class,
                    () -> mode.way.run(
                            source,
                            block -> {
                                written.incrementAndGet();
                                blocks.give(block);
                            },
                            blocks,
                            2));
            assertEquals(5, written.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalLeavesNothing(String signal) throws Exception {
        assumeTrue(!signal.equals("HUP") || !isIgnored(1), "SIGHUP is ignored here");
        assumeTrue(!signal.equals("INT") || !isIgnored(2), "SIGINT is ignored here");
        Process process = new ProcessBuilder(Commands.ours("-o", "out.gz", "-"))
                .directory(folder.toFile())
                .redirectError(new File("/dev/null"))
                .redirectOutput(new File("/dev/null"))
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(Samples.bytes(1, 20 * MIB)); // more than the blocks take: some of it is written
            in.flush();
            assertEquals(1, Commands.names(folder).size());
            assertTrue(Commands.names(folder).getFirst().endsWith(".part"));
            new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        } catch (IOException e) {
            assertFalse(process.isAlive()); // its end was closed before ours
        } finally {
            process.destroyForcibly();
        }
        assertTrue(process.exitValue() > 128, "" + process.exitValue());
        assertEquals(List.of(), Commands.names(folder));
    }

    private static boolean isIgnored(int signal) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> (signal - 1) & 1) == 1;
            }
        }
        return false;
    }

    @Test
    void oneLineEach() throws Exception {
        Files.write(folder.resolve("a"), Samples.bytes(1, 3 * MIB));
        Files.write(folder.resolve("old.gz"), new byte[] {1});
        Files.write(folder.resolve("none.gz"), new byte[0]);
        Files.createDirectory(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("a"));
        refused("latent compress: no such file: nothing", "nothing");
        refused("latent compress: sub is a folder: make one file of it first, by tar -cf sub.tar sub", "sub");
        refused("latent compress: old.gz is compressed already, as its name says: -f compresses it again", "old.gz");
        refused("latent compress: old.gz is there already: -f replaces it, -o writes elsewhere", "-o", "old.gz", "a");
        refused(
                "latent compress: old.gz is neither gzip's nor zstd's: there is nothing here to decompress",
                "-d",
                "old.gz");
        refused("latent compress: none.gz is empty: not even an empty file compresses to that", "-d", "none.gz");
        refused("latent compress: a is the file that is read: name another with -o", "-f", "-o", "a", "a");
        refused("latent compress: sub is a folder: name a file in it", "-o", "sub", "a");
        refused(
                "latent compress: cannot write no/a.gz: there is no folder " + folder.toRealPath() + "/no",
                "-o",
                "no/a.gz",
                "a");
        refused(
                "latent compress: link is a symbolic link, which would be replaced: keep it with -k, or name the file itself",
                "link");
        refused(
                "latent compress: cannot write /dev/full: No space left on device: free some, or name a file on another disk with -o",
                "-o",
                "/dev/full",
                "a");
        refused("latent compress: /dev/zero is no regular file: say with -o where its output goes", "/dev/zero");
        Commands.Ended level = run("--level", "10", "a");
        assertEquals(
                "latent compress: --level is to be from 1 to 9, not 10 (try latent compress --help)",
                level.err().strip());
        assertEquals(2, level.code());
        Commands.Ended mode = run("--mode", "magic", "a");
        assertEquals(
                "latent compress: --mode is to be one of threads, async, spawn, sequential, not magic (try latent compress --help)",
                mode.err().strip());
    }

    @Test
    void fullStandardOutput() throws Exception {
        Files.write(folder.resolve("a"), Samples.bytes(1, 3 * MIB));
        Commands.Ended ended = Commands.run(
                folder,
                Commands.ours("-o", "-", "a"),
                ProcessBuilder.Redirect.from(new File("/dev/null")),
                new File("/dev/full"));
        assertEquals(
                "latent compress: cannot write the standard output: No space left on device: free some, or name a file on another disk with -o",
                ended.err().strip());
        assertEquals(1, ended.code());
    }

    /** A disk of its own, smaller than what comes out, in a name space of mounts that ends with the command. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "-d packed"})
    void aFullDisk(String arguments) throws Exception {
        byte[] bytes = new byte[6 * MIB];
        new Random(5).nextBytes(bytes);
        Path plain = Files.write(folder.resolve("a"), bytes);
        packed(Format.GZIP, plain);
        Path disk = Files.createDirectory(folder.resolve("disk"));
        List<String> mount =
                List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=4m none disk && \"$@\"", "sh");
        assumeTrue(
                Commands.has("unshare")
                        && Commands.run(folder, with(mount, "true")).code() == 0,
                "no disk of its own");
        List<String> command = Commands.ours(("-k -o disk/out " + arguments).split(" "));
        Commands.Ended ended = Commands.run(
                folder,
                with(mount, with(List.of("sh", "-c", "\"$@\"; code=$?; ls -A disk; exit $code", "sh"), command)));
        assertEquals(
                "latent compress: cannot write disk/out: No space left on device: free some, or name a file on another disk with -o",
                ended.err().strip());
        assertEquals("", ended.text(), "what is left on the disk");
        assertEquals(1, ended.code());
        assertEquals(List.of(), Commands.names(disk));
    }

    private static List<String> with(List<String> command, String argument) {
        return with(command, List.of(argument));
    }

    private static List<String> with(List<String> command, List<String> arguments) {
        return Stream.concat(command.stream(), arguments.stream()).toList();
    }

    @Test
    void noPermission() throws Exception {
        assumeTrue(!System.getProperty("user.name").equals("root"), "root may do everything");
        Path file = Files.write(folder.resolve("a"), new byte[10]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        refused("latent compress: cannot read a: permission denied", "a");
    }

    @Test
    void asGzipDoes() throws Exception {
        byte[] bytes = Samples.bytes(1, 3 * MIB);
        Path a = Files.write(folder.resolve("a"), bytes);
        Files.setPosixFilePermissions(a, PosixFilePermissions.fromString("rw-r-----"));
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(a, time);
        assertEquals(0, run("a").code());
        Path packed = folder.resolve("a.gz");
        assertEquals(List.of("a.gz"), Commands.names(folder));
        assertEquals(time, Files.getLastModifiedTime(packed));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(packed)));
        Commands.Ended told = run("-d", "-k", "--json", "a.gz");
        assertTrue(told.text().startsWith("{\"file\":\"a.gz\",\"output\":\"a\",\"algorithm\":\"gzip\""), told.text());
        assertArrayEquals(bytes, Files.readAllBytes(a));
        Commands.Ended piped =
                Commands.run(folder, Commands.ours("-d", "-"), ProcessBuilder.Redirect.from(packed.toFile()), null);
        assertArrayEquals(bytes, piped.out());
        assertEquals("", piped.err());
    }

    /** What was whole is written, what is left out is said, the file is kept, and the exit code is gzip's. */
    @Test
    void garbageBehindTheEnd() throws Exception {
        byte[] bytes = Samples.bytes(1, 3 * MIB);
        for (Format format : Format.values()) {
            Path packed = packed(format, Files.write(folder.resolve("plain"), bytes));
            Path with = folder.resolve("with" + format.suffix);
            Files.write(with, Files.readAllBytes(packed));
            Files.write(with, "garbage".getBytes(), StandardOpenOption.APPEND);
            Commands.Ended ended = run("-d", "-f", with.getFileName().toString());
            assertEquals(
                    "latent compress: %s: behind its end stands what is not %s's, which was left out"
                            .formatted(with.getFileName(), format),
                    ended.err().strip());
            assertEquals(2, ended.code());
            assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("with")));
            assertTrue(Files.exists(with));
        }
    }

    /** Written to while it was read: seen by its size and time. */
    @Test
    void aFileThatIsBeingWritten() throws Exception {
        Path file = Files.write(folder.resolve("log"), new byte[MIB]);
        try (Input input = Input.open(file.toString())) {
            assertFalse(input.hasChanged());
            Files.write(file, new byte[1], StandardOpenOption.APPEND);
            assertTrue(input.hasChanged());
        }
    }
}
