package dev.latent.cli.learn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How the run of an exercise ended.
 *
 * @param line where in its file, 0 if that is not known
 * @param message what it says, or what went wrong
 * @param detail more lines on that
 */
public record Ending(Kind kind, int line, String message, List<String> detail) {
    /** What may come of a run. */
    public enum Kind {
        /** All that it asserts is so. */
        PASSED,
        /** Something that it asserts is not so. */
        WRONG,
        /** It threw. */
        THREW,
        /** It had not ended when its time was over. */
        ENDLESS,
        /** It left before its end, by System.exit or a crash. */
        LEFT
    }

    /** Characters of a message, and lines of detail; more are cut off. */
    private static final int MOST = 2_000;

    private static final int MOST_LINES = 12;

    static final Ending PASSED = new Ending(Kind.PASSED, 0, "", List.of());

    static Ending left(int code) {
        return new Ending(
                Kind.LEFT,
                0,
                "it left with exit code " + code + " before it was through: no System.exit here, let main end",
                List.of());
    }

    static Ending endless(int seconds, int line, List<String> detail) {
        return new Ending(
                Kind.ENDLESS,
                line,
                "it had not ended after " + seconds
                        + " s and was stopped: a loop without an end, or a wait for what never comes",
                cut(detail.stream()));
    }

    /** {@return what a throwable of the program in {@code source} means, a file's name} */
    static Ending of(Throwable thrown, String source) {
        List<StackTraceElement> own = Stream.of(thrown.getStackTrace())
                .filter(frame -> source.equals(frame.getFileName()))
                .toList();
        int line = own.isEmpty() ? 0 : own.getFirst().getLineNumber();
        if (thrown instanceof AssertionError) {
            return new Ending(
                    Kind.WRONG,
                    line,
                    cut(told(thrown, () -> Objects.requireNonNullElse(thrown.getMessage(), "this is not so"))),
                    List.of());
        }
        Stream<String> chain = own.stream()
                .map(frame -> "at " + frame.getMethodName() + "(" + source + ":" + frame.getLineNumber() + ")");
        return new Ending(
                Kind.THREW, line, cut(told(thrown, thrown::toString)), own.size() < 2 ? List.of() : cut(chain));
    }

    /** {@return what it says of itself, which is a learner's code too} */
    private static String told(Throwable thrown, Supplier<String> said) {
        try {
            return String.valueOf(said.get());
        } catch (Throwable e) {
            return thrown.getClass().getName() + ", whose message can't be told: it threw "
                    + e.getClass().getName();
        }
    }

    private static List<String> cut(Stream<String> lines) {
        return lines.limit(MOST_LINES).map(Ending::cut).toList();
    }

    private static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
    }

    /** {@return it as one word} */
    String encoded() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(kind.ordinal());
            out.writeInt(line);
            out.writeUTF(message);
            for (String one : detail) {
                out.writeUTF(one);
            }
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what {@link #encoded} has made a word of} */
    static Ending decoded(String word) {
        try {
            DataInputStream in = new DataInputStream(
                    new ByteArrayInputStream(Base64.getDecoder().decode(word)));
            Kind kind = Kind.values()[in.readByte()];
            int line = in.readInt();
            String message = in.readUTF();
            Stream.Builder<String> detail = Stream.builder();
            while (in.available() > 0) {
                detail.add(in.readUTF());
            }
            return new Ending(kind, line, message, detail.build().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
