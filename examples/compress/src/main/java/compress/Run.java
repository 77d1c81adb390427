package compress;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Measured;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of compressing or decompressing something.
 *
 * @param parallel whether all of it could be spread over threads
 * @param mostBlocks blocks that were under way at the same time
 */
record Run(
        Format format,
        Mode mode,
        int threads,
        long read,
        long written,
        double seconds,
        boolean parallel,
        int mostBlocks,
        @Nullable String remark) {
    private static final double MEGA = 1e6;
    private static final double NANOS = 1e9;
    private static final int PER_CENT = 100;

    static Run compress(Input input, Output output, Format format, int level, Mode mode, int threads) throws Exception {
        return of(input, output, format, mode, threads, format.pieces(input), () -> format.compressor(level));
    }

    static Run decompress(Input input, Output output, Format format, Mode mode, int threads) throws Exception {
        return of(input, output, format, mode, threads, format.parts(input), format::decompressor);
    }

    private static Run of(
            Input input, Output output, Format format, Mode mode, int threads, Source source, Supplier<Coder> coders)
            throws Exception {
        long began = System.nanoTime();
        try (source;
                Bar bar = new Bar(input);
                Blocks blocks = new Blocks(mode.blocks(threads), () -> new Block(coders.get()))) {
            Sink sink = block -> {
                output.write(block.result());
                blocks.give(block);
                bar.move();
            };
            mode.way.run(source, sink, blocks, threads);
            double seconds = (System.nanoTime() - began) / NANOS;
            return new Run(
                    format,
                    mode,
                    threads,
                    input.taken(),
                    output.written(),
                    seconds,
                    source.isParallel(),
                    blocks.made(),
                    source.remark());
        } catch (BadInput e) {
            throw new Failure(input.name() + ": " + e.getMessage());
        } catch (OutOfMemoryError e) {
            throw new Failure(
                    "there is not enough memory for %d threads: use fewer, with --threads".formatted(threads));
        }
    }

    String told(String from, String to) {
        return "%s: %,.1f MB → %s: %,.1f MB (%.1f %%), %.2f s, %,.1f MB/s%s"
                .formatted(
                        from,
                        read / MEGA,
                        to,
                        written / MEGA,
                        read == 0 ? PER_CENT : (double) PER_CENT * written / read,
                        seconds,
                        Math.max(read, written) / MEGA / seconds,
                        parallel ? "" : ", on one thread, since its parts don't say where they end");
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("algorithm", format.command);
        fields.put("mode", mode.toString());
        fields.put("threads", mode == Mode.SEQUENTIAL || !parallel ? 1 : threads);
        fields.put("bytes_read", read);
        fields.put("bytes_written", written);
        fields.put("seconds", seconds);
        fields.put("megabytes_per_second", Math.max(read, written) / MEGA / seconds);
        fields.put("cpu_seconds", cpuSeconds());
        fields.put("peak_memory_bytes", Measured.peakMemory("self"));
        fields.put("most_blocks", mostBlocks);
        if (remark != null) {
            fields.put("remark", remark);
        }
        return fields;
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }
}
