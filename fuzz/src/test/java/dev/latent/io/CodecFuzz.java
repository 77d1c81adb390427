package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Source;
import dev.latent.fuzz.Cuts;
import dev.latent.fuzz.Line;
import dev.latent.fuzz.Machine;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** Frames behind their length, lines, and what delimiters part: however they are cut, they are what a loop over all the bytes finds; and what is written is read again. */
public final class CodecFuzz {
    private static final int LIMIT = 40;
    private static final byte[] DELIMITER = {'a', 'a', 'b'};
    private static final Machine MACHINE = new Machine(world -> world);

    private CodecFuzz() {}

    /** {@return what to begin with} */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : List.of(
                "one\ntwo\r\n\r\n\nlast\r",
                "\0\3abc\0\0\0\1x\1\0" + "y".repeat(256),
                "xaaaabaabyaa",
                "a".repeat(45) + "\n" + "b".repeat(39) + "\r\n" + "é".repeat(20))) {
            for (int which = 0; which < 4; which++) {
                byte[] seed = Cuts.seed(text);
                seed[0] = (byte) which;
                seeds.add(seed);
            }
        }
        return seeds;
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < Cuts.SEED_BYTES) {
            return;
        }
        byte[] bytes = Cuts.rest(input);
        List<byte[]> pieces = Cuts.pieces(input, bytes);
        switch (input[0] & 3) { // by turns, which finds as much as all of them each time
            case 0 -> check("lengths", pieces, bytes, Codecs.lengthPrefixed(2), CodecFuzz::lengths, CodecFuzz::hex);
            case 1 -> check("lines", pieces, bytes, Codecs.lines(), CodecFuzz::lines, line -> line);
            case 2 -> check("parts", pieces, bytes, Codecs.delimited(DELIMITER), CodecFuzz::parts, CodecFuzz::hex);
            default -> {
                Cuts.same(readLines(Cuts.whole(bytes)), readLines(pieces), "the buffered reader's lines");
                written(bytes);
            }
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static <T> void check(
            String what,
            List<byte[]> pieces,
            byte[] bytes,
            Codec<T, T> codec,
            Function<byte[], List<String>> model,
            Function<T, String> show)
            throws Exception {
        List<String> expected = model.apply(bytes);
        AsyncReader in = pieces.size() % 2 == 0 ? new Line(pieces, true) : slow(pieces);
        Cuts.same(expected, read(FramedReader.of(in, codec, LIMIT), show), what + ", cut");
        Cuts.same(expected, read(FramedReader.of(new Line(Cuts.whole(bytes), true), codec, LIMIT), show), what);
    }

    /** {@return a reader that can't be asked whether it is ready} */
    private static AsyncReader slow(List<byte[]> pieces) {
        Line line = new Line(pieces, true);
        return line::read;
    }

    private static <T> List<String> read(Source<T> frames, Function<T, String> show) throws Exception {
        List<String> log = new ArrayList<>();
        Future<Void> reading = async(() -> {
            try {
                while (await(frames.next()) instanceof Item<T>(var frame)) {
                    log.add(show.apply(frame));
                }
                log.add("end");
            } catch (TooLongException e) {
                log.add("too long");
            } catch (EOFException e) {
                log.add("in the middle");
            }
        });
        MACHINE.run(reading);
        return log;
    }

    private static List<String> readLines(List<byte[]> pieces) throws Exception {
        List<String> log = new ArrayList<>();
        AsyncBufReader in = AsyncBufReader.of(new Line(pieces, true));
        Future<Void> reading = async(() -> {
            try {
                while (await(in.readLine(LIMIT)) instanceof Item<String>(var line)) {
                    log.add(line);
                }
            } catch (TooLongException e) {
                log.add("too long " + hex(await(in.readAll(1 << 20))));
            }
        });
        MACHINE.run(reading);
        return log;
    }

    // ---- models -----------------------------------------------------------------------------------------------------

    private static List<String> lengths(byte[] bytes) {
        List<String> log = new ArrayList<>();
        int at = 0;
        while (bytes.length - at >= 2) {
            int length = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            if (2 + length > LIMIT && bytes.length - at > LIMIT) {
                log.add("too long");
                return log;
            }
            if (bytes.length - at - 2 < length) {
                break;
            }
            log.add(hex(Arrays.copyOfRange(bytes, at + 2, at + 2 + length)));
            at += 2 + length;
        }
        log.add(at == bytes.length ? "end" : "in the middle");
        return log;
    }

    private static List<String> lines(byte[] bytes) {
        List<String> log = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            boolean end = i == bytes.length;
            if (end ? i > from : bytes[i] == '\n') {
                if (i - from + (end ? 0 : 1) > LIMIT) {
                    log.add("too long");
                    return log;
                }
                int to = !end && i > from && bytes[i - 1] == '\r' ? i - 1 : i;
                log.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        log.add("end");
        return log;
    }

    private static List<String> parts(byte[] bytes) {
        List<String> log = new ArrayList<>();
        int from = 0;
        int i = 0;
        while (i + DELIMITER.length <= bytes.length) {
            if (Arrays.equals(bytes, i, i + DELIMITER.length, DELIMITER, 0, DELIMITER.length)) {
                i += DELIMITER.length;
                if (i - from > LIMIT) {
                    log.add("too long");
                    return log;
                }
                log.add(hex(Arrays.copyOfRange(bytes, from, i - DELIMITER.length)));
                from = i;
            } else {
                i++;
            }
        }
        if (from < bytes.length) {
            if (bytes.length - from > LIMIT) {
                log.add("too long");
                return log;
            }
            log.add(hex(Arrays.copyOfRange(bytes, from, bytes.length)));
        }
        log.add("end");
        return log;
    }

    // ---- written ----------------------------------------------------------------------------------------------------

    private static void written(byte[] frame) throws Exception {
        writtenBy(Codecs.lengthPrefixed(2), frame, CodecFuzz::hex);
        writtenBy(Codecs.delimited(DELIMITER), frame, CodecFuzz::hex);
        writtenBy(Codecs.lines(), new String(frame, StandardCharsets.UTF_8), text -> text);
    }

    private static <T> void writtenBy(Codec<T, T> codec, T frame, Function<T, String> show) throws IOException {
        ByteSink out = new ByteSink();
        try {
            codec.encode(frame, out);
        } catch (IllegalArgumentException e) {
            return;
        }
        ByteBuffer in = out.waiting();
        T read = codec.decode(in, false);
        if (read == null || in.hasRemaining()) {
            throw new AssertionError("written, and not read as one: " + show.apply(frame));
        }
        Cuts.same(show.apply(frame), show.apply(read), "written and read");
    }
}
