package compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What was compressed is what comes out again, in all modes, by all readers, and within the bound. */
class RoundTripTest {
    private static final int MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Run compress(Path from, Path to, Format format, int level, Mode mode, int threads) throws Exception {
        try (Input input = Input.open(from.toString());
                Output output = Output.to(to, true)) {
            Run run = Run.compress(input, output, format, level, mode, threads);
            output.finish(null, false);
            return run;
        }
    }

    private Run decompress(Path from, Path to, Mode mode, int threads) throws Exception {
        try (Input input = Input.open(from.toString());
                Output output = Output.to(to, true)) {
            Run run = Run.decompress(input, output, Format.of(input), mode, threads);
            output.finish(null, false);
            return run;
        }
    }

    /** Sizes about the borders of pieces, levels, modes and threads at random: what comes out is what went in, and the same bytes whoever made them. */
    @ParameterizedTest
    @EnumSource(Format.class)
    void anySizeLevelModeAndThreads(Format format) throws Exception {
        int piece = format == Format.GZIP ? GzipCompressor.PIECE : ZstdCompressor.PIECE;
        int[] sizes = {0, 1, 100, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 12_345};
        for (int i = 0; i < sizes.length; i++) {
            long seed = 42 + i;
            Random random = new Random(seed);
            byte[] bytes = Samples.bytes(seed, sizes[i]);
            Path plain = Files.write(folder.resolve("plain"), bytes);
            int level = format.leastLevel + random.nextInt(6);
            byte[] first = null;
            for (Mode mode : Mode.values()) {
                int threads = 1 + random.nextInt(4);
                String what = "seed %d, %d bytes, %s, level %d, %s, %d threads"
                        .formatted(seed, sizes[i], format, level, mode, threads);
                Path packed = folder.resolve("packed");
                Run run = compress(plain, packed, format, level, mode, threads);
                assertTrue(run.mostBlocks() <= mode.blocks(threads), what);
                assertEquals(Files.size(packed), run.written(), what);
                byte[] made = Files.readAllBytes(packed);
                first = first == null ? made : first;
                assertArrayEquals(first, made, what);
                Run back = decompress(packed, folder.resolve("back"), mode, threads);
                assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("back")), what);
                assertEquals(format == Format.GZIP || bytes.length > 0, back.parallel(), what);
            }
            if (format == Format.GZIP) {
                assertArrayEquals(bytes, new GZIPInputStream(new ByteArrayInputStream(first)).readAllBytes());
            }
        }
    }

    /** 40 pieces through 2 threads: the blocks are 6 at most, whatever the mode. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void memoryIsBounded(Mode mode) throws Exception {
        Path plain = Files.write(folder.resolve("plain"), new byte[40 * MIB]);
        Run run = compress(plain, folder.resolve("packed"), Format.GZIP, 1, mode, 2);
        assertTrue(run.mostBlocks() <= mode.blocks(2), mode + ": " + run.mostBlocks());
        assertTrue(mode.blocks(2) <= 6);
        Run back = decompress(folder.resolve("packed"), folder.resolve("back"), mode, 2);
        assertTrue(back.mostBlocks() <= mode.blocks(2), mode + ": " + back.mostBlocks());
        assertEquals(-1, Files.mismatch(plain, folder.resolve("back")));
    }

    /** Files of no part, one, several, at the borders of pieces, and several files one behind the other. */
    @ParameterizedTest
    @CsvSource({"gzip, GZIP", "pigz, GZIP", "bgzip, GZIP", "zstd, ZSTD"})
    void othersReadIt(String command, Format format) throws Exception {
        assumeTrue(Commands.has(command), command + " is not there");
        int piece = format == Format.GZIP ? GzipCompressor.PIECE : ZstdCompressor.PIECE;
        ByteArrayOutputStream allPlain = new ByteArrayOutputStream();
        ByteArrayOutputStream allPacked = new ByteArrayOutputStream();
        for (int size : new int[] {0, 1, piece - 1, piece, piece + 1, 2 * piece, 9 * MIB + 77}) {
            byte[] bytes = Samples.bytes(size, size);
            Path plain = Files.write(folder.resolve("plain"), bytes);
            Path packed = folder.resolve("packed" + format.suffix);
            compress(plain, packed, format, format.usualLevel, Mode.THREADS, 2);
            allPlain.write(bytes);
            allPacked.write(Files.readAllBytes(packed));
            readBack(command, packed, bytes);
        }
        Path all = Files.write(folder.resolve("all" + format.suffix), allPacked.toByteArray());
        readBack(command, all, allPlain.toByteArray());
        decompress(all, folder.resolve("back"), Mode.THREADS, 2);
        assertArrayEquals(allPlain.toByteArray(), Files.readAllBytes(folder.resolve("back")));
    }

    private void readBack(String command, Path packed, byte[] bytes) throws Exception {
        Commands.Ended tested = Commands.run(folder, List.of(command, "-t", packed.toString()));
        assertEquals(0, tested.code(), tested.err());
        Commands.Ended back = Commands.run(folder, List.of(command, "-dc", packed.toString()));
        assertEquals(0, back.code(), back.err());
        assertArrayEquals(bytes, back.out(), bytes.length + " bytes");
    }

    /** zstd's own files of several frames, one of them empty, and one that says no size. */
    @Test
    void itReadsSeveralFramesOfZstd() throws Exception {
        assumeTrue(Commands.has("zstd"), "zstd is not there");
        byte[] bytes = Samples.bytes(9, 5 * MIB);
        Files.write(folder.resolve("plain"), bytes);
        Files.write(folder.resolve("empty"), new byte[0]);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (String arguments :
                List.of("-qc plain", "-qc empty", "-qc --no-content-size plain", "-qc --no-check plain")) {
            List<String> command = new ArrayList<>(List.of("zstd"));
            command.addAll(List.of(arguments.split(" ")));
            Commands.Ended made = Commands.run(folder, command);
            assertEquals(0, made.code(), made.err());
            packed.write(made.out());
            plain.write(arguments.endsWith("empty") ? new byte[0] : bytes);
        }
        Path file = Files.write(folder.resolve("packed.zst"), packed.toByteArray());
        for (Mode mode : Mode.values()) {
            decompress(file, folder.resolve("back"), mode, 2);
            assertArrayEquals(plain.toByteArray(), Files.readAllBytes(folder.resolve("back")), mode.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip -c, false", "pigz -c, false", "pigz -ic, false", "bgzip -c, true", "zstd -qc, false"})
    void itReadsOthers(String command, boolean parallel) throws Exception {
        List<String> words = List.of(command.split(" "));
        assumeTrue(Commands.has(words.getFirst()), command + " is not there");
        Path plain = Files.write(folder.resolve("plain"), Samples.bytes(8, 9 * MIB + 77));
        Commands.Ended made = Commands.run(folder, List.of(words.get(0), words.get(1), "plain"));
        assertEquals(0, made.code(), made.err());
        Path packed = Files.write(folder.resolve("packed"), made.out());
        for (Mode mode : Mode.values()) {
            Run run = decompress(packed, folder.resolve("back"), mode, 2);
            assertEquals(-1, Files.mismatch(plain, folder.resolve("back")));
            assertEquals(parallel, run.parallel(), command);
        }
    }

    /** Members with names, of unknown size, empty, ours in between, and zeros at the end, as on a tape. */
    @Test
    void manyMembers() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = Samples.bytes(i, i * 50_000);
            plain.write(bytes);
            if (i % 3 == 0) {
                Path file = Files.write(folder.resolve("one"), bytes);
                compress(file, folder.resolve("one.gz"), Format.GZIP, 6, Mode.SEQUENTIAL, 1);
                packed.write(Files.readAllBytes(folder.resolve("one.gz")));
            } else {
                try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                    gzip.write(bytes);
                }
            }
        }
        packed.write(new byte[1000]);
        Path file = Files.write(folder.resolve("many.gz"), packed.toByteArray());
        Run run = decompress(file, folder.resolve("back"), Mode.THREADS, 2);
        assertArrayEquals(plain.toByteArray(), Files.readAllBytes(folder.resolve("back")));
        assertFalse(run.parallel());
        assertEquals(null, run.remark());
    }

    /** One member of more than 4 GiB: its trailer tells the size modulo that. The same bytes of deflate again and again. */
    @Test
    void aMemberOfMoreThanFourGigabytes() throws Exception {
        byte[] zeros = new byte[16 * MIB];
        long times = 257;
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(zeros);
        byte[] step = new byte[MIB];
        int n = deflater.deflate(step, 0, step.length, Deflater.FULL_FLUSH);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.write(new byte[] {31, (byte) 139, 8, 0, 0, 0, 0, 0, 0, 3});
        CRC32 sum = new CRC32();
        for (long i = 0; i < times; i++) {
            packed.write(step, 0, n);
            sum.update(zeros);
        }
        packed.write(new byte[] {3, 0});
        for (long value : new long[] {sum.getValue(), times * zeros.length}) {
            for (int i = 0; i < Integer.BYTES; i++) {
                packed.write((int) (value >> 8 * i));
            }
        }
        Path file = Files.write(folder.resolve("huge.gz"), packed.toByteArray());
        try (Input input = Input.open(file.toString());
                Output output = Output.to(Path.of("/dev/null"), false)) {
            assertEquals(
                    times * zeros.length,
                    Run.decompress(input, output, Format.GZIP, Mode.THREADS, 2).written());
        }
    }

    @Test
    void theBarTellsRateAndTime() {
        assertEquals(
                "████████░░░░░░░░░░░░░░░░░░░░░░  25 % of 400.0 MB, 50.0 MB/s, 0:06 left",
                Bar.text(100_000_000, 400_000_000, 2, true));
        assertEquals(" 25 % of 400.0 MB, 50.0 MB/s, 0:06 left", Bar.text(100_000_000, 400_000_000, 2, false));
        assertEquals("100.0 MB, 50.0 MB/s", Bar.text(100_000_000, -1, 2, true));
    }
}
