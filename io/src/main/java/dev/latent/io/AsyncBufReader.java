package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A reader of lines, of exact numbers of bytes, of all there is: {@link java.io.BufferedReader} and {@link java.io.DataInputStream}
 * for what has to be waited for.
 *
 * {@snippet :
 * var in = AsyncBufReader.of(connection);
 * while (await(in.readLine()) instanceof Item(var line)) {
 *     await(handle(line));
 * }
 * }
 *
 * <p>It borrows its source, and is nothing to be closed; whoever has opened the source closes that. All that was read and not yet asked for stays
 * in the reader, so read on by the reader, and not by the source. Over a connection that waits it holds no buffer.
 *
 * <p><em>Cancel safety</em> of each future here: dropped, no byte is lost; what has been read by then comes first the next time. A failure, a
 * {@link TooLongException} for instance, loses none either.
 *
 * <p>One at a time may wait; a second one is an {@link IllegalStateException}.
 */
public final class AsyncBufReader implements AsyncReader {
    /** Bytes that a line may have where no other limit is given. */
    public static final int LINE_BYTES = 64 * 1024;

    private static final int PIECE_BYTES = 8 * 1024;

    private final AsyncReader source;
    private final ReadBuffer buffer;

    private AsyncBufReader(AsyncReader source, int bytes) {
        this.source = source;
        this.buffer = new ReadBuffer(source, bytes);
    }

    /** {@return a reader of {@code source}} */
    public static AsyncBufReader of(AsyncReader source) {
        return of(source, PIECE_BYTES);
    }

    /**
     * {@return a reader of {@code source}}
     *
     * @param bytes that are read at a time, where {@code source} is no connection; of a file, more are worth their memory
     * @throws IllegalArgumentException when {@code bytes} is not positive
     */
    public static AsyncBufReader of(AsyncReader source, int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes");
        }
        return source instanceof AsyncBufReader reader ? reader : new AsyncBufReader(source, bytes);
    }

    // ---- lines ------------------------------------------------------------------------------------------------------

    /** {@return as {@link #readLine(int)}, of at most {@value #LINE_BYTES} bytes} */
    @NowOr("readLineNow")
    public Future<Next<String>> readLine() {
        return readLine(LINE_BYTES);
    }

    /**
     * {@return a future of the next line, or of the end}
     *
     * <p>A line ends in {@code \n} or {@code \r\n}, which are not part of it; the last one need not. Its bytes are UTF-8; those that are none
     * become {@code U+FFFD}, as in a {@link java.io.InputStreamReader}. Behind the end comes the end again, unless the source goes on.
     *
     * <p><em>Throws</em> {@link TooLongException} when the line has more than {@code limit} bytes; asked with a higher limit, it is there.
     */
    public Future<Next<String>> readLine(int limit) {
        return async(() -> {
            int searched = 0;
            while (true) {
                String line = takeLine(searched, limit);
                if (line != null) {
                    return new Item<>(line);
                }
                checkLength(searched, limit);
                searched = buffer.size();
                if (!await(buffer.fill())) {
                    return lastLine();
                }
            }
        });
    }

    /** As {@link #readLine()}, if that were ready at its first poll; see {@link NowOr}. */
    public Object readLineNow(Context cx) {
        return takeLineNow(cx, LINE_BYTES);
    }

    private Object takeLineNow(Context cx, int limit) {
        if (cx.isSpent()) {
            return Poll.pending();
        }
        String line = takeLine(0, limit);
        if (line == null) {
            return Poll.pending();
        }
        cx.spend();
        return new Item<>(line);
    }

    /** {@return a line that is here and not too long, of which the first {@code searched} bytes hold no end; else null} */
    private @Nullable String takeLine(int searched, int limit) {
        int end = buffer.indexOf((byte) '\n', searched);
        int length = length(end);
        if (end < 0 || length > limit) {
            return null;
        }
        String line = buffer.takeText(length);
        buffer.skip(end + 1 - length);
        return line;
    }

    /** {@return the length of the line that ends in {@code end}; where that is negative, the least that it will have} */
    private int length(int end) {
        int most = end < 0 ? buffer.size() : end;
        return most > 0 && buffer.at(most - 1) == '\r' ? most - 1 : most;
    }

    /** Of the line, whose first {@code searched} bytes hold no end. */
    private void checkLength(int searched, int limit) throws TooLongException {
        if (length(buffer.indexOf((byte) '\n', searched)) > limit) {
            throw TooLongException.of("line", limit);
        }
    }

    private Next<String> lastLine() {
        int size = buffer.size();
        return size == 0 ? Next.end() : new Item<>(buffer.takeText(size));
    }

    /** {@return as {@link #lines(int)}, of at most {@value #LINE_BYTES} bytes each} */
    public AsyncStream<String> lines() {
        return lines(LINE_BYTES);
    }

    /** {@return a stream of the lines, as {@link #readLine(int)} gives them} Closed, it leaves the source open, and what it has not given in this reader. */
    public AsyncStream<String> lines(int limit) {
        return AsyncStream.from(new Lines(limit));
    }

    private final class Lines implements Source<String> {
        private final int limit;

        Lines(int limit) {
            this.limit = limit;
        }

        @Override
        public Future<Next<String>> next() {
            return readLine(limit);
        }

        @Override
        public Object nextNow(Context cx) {
            return takeLineNow(cx, limit);
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "lines of " + source;
        }
    }

    // ---- bytes ------------------------------------------------------------------------------------------------------

    /**
     * {@return a future of the next {@code n} bytes}
     *
     * <p><em>Throws</em> {@link EOFException} when the source ends before; what it had comes the next time.
     *
     * @throws IllegalArgumentException when {@code n} is negative
     */
    public Future<byte[]> readExactly(int n) {
        if (n < 0) {
            throw new IllegalArgumentException(n + " bytes to be read");
        }
        return async(() -> {
            while (buffer.size() < n) {
                if (!await(buffer.fill())) {
                    throw new EOFException(source + " ended after " + buffer.size() + " of " + n + " bytes");
                }
            }
            return buffer.take(n);
        });
    }

    /**
     * {@return a future of the bytes up to the next {@code delimiter}, which is the last of them, or of the end} At the end there may be some without.
     *
     * <p><em>Throws</em> {@link TooLongException} when there are more than {@code limit}, the delimiter not counted.
     */
    public Future<Next<byte[]>> readUntil(byte delimiter, int limit) {
        return async(() -> {
            int searched = 0;
            while (true) {
                int end = buffer.indexOf(delimiter, searched);
                if ((end < 0 ? buffer.size() : end) > limit) {
                    throw TooLongException.of("part", limit);
                }
                if (end >= 0) {
                    return new Item<>(buffer.take(end + 1));
                }
                searched = buffer.size();
                if (!await(buffer.fill())) {
                    return searched == 0 ? Next.<byte[]>end() : new Item<>(buffer.take(searched));
                }
            }
        });
    }

    /**
     * {@return a future of all bytes up to the end}
     *
     * <p><em>Throws</em> {@link TooLongException} when there are more than {@code limit}.
     */
    public Future<byte[]> readAll(int limit) {
        return async(() -> {
            do {
                if (buffer.size() > limit) {
                    throw TooLongException.of("whole of " + source, limit);
                }
            } while (await(buffer.fill()));
            return buffer.take(buffer.size());
        });
    }

    /** {@return a future of some bytes: those that are here, and else those that the source has} As {@link AsyncReader#read}. */
    @Override
    public Future<Integer> read(ByteBuffer to) {
        return Futures.lazy(() -> {
            if (buffer.size() == 0 || !to.hasRemaining()) {
                return source.read(to);
            }
            return Futures.ready(buffer.takeInto(to));
        });
    }

    /** {@return how many bytes have been read of the source and not been asked for} */
    public int buffered() {
        return buffer.size();
    }

    /** For a decoder, which takes what it has understood. */
    ReadBuffer buffer() {
        return buffer;
    }

    @Override
    public String toString() {
        return "reader of " + source;
    }
}
