package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that were read and nobody has taken.
 *
 * <p>They are kept here, and never in a future: so a future that asks for more may be dropped at any await, and the next one finds what the
 * dropped one had read. Bytes count as read from the moment at which the source has put them into the buffer, whatever becomes of the number that it
 * tells.
 *
 * <p>Two goals compete: who waits holds no memory, and who is busy allocates none. A {@link ReadyReader} is read into the thread's scratch
 * buffer, and what comes is kept in as much memory as it takes, none while nothing is there. Any other source needs a buffer to wait with, which is then kept.
 *
 * <p>{@code bytes} is always in the state of being appended to: what is kept stands from {@code start} to its position.
 */
final class ReadBuffer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final AsyncReader source;
    private final int piece;
    private ByteBuffer bytes = NOTHING;
    private int start;

    /** Reads into {@code bytes}. */
    private @Nullable Fill filling;

    ReadBuffer(AsyncReader source, int piece) {
        this.source = source;
        this.piece = piece;
    }

    int size() {
        return bytes.position() - start;
    }

    /** {@return the byte at {@code i}, from 0} */
    byte at(int i) {
        return bytes.array()[start + i];
    }

    /** {@return where {@code wanted} is, from {@code from} on, or -1} */
    int indexOf(byte wanted, int from) {
        byte[] array = bytes.array();
        for (int i = start + from; i < bytes.position(); i++) {
            if (array[i] == wanted) {
                return i - start;
            }
        }
        return -1;
    }

    /** {@return a view of what is kept, good until the next call} */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes.array(), start, size());
    }

    byte[] take(int n) {
        byte[] taken = Arrays.copyOfRange(bytes.array(), start, start + n);
        skip(n);
        return taken;
    }

    String takeText(int n) {
        String text = new String(bytes.array(), start, n, StandardCharsets.UTF_8);
        skip(n);
        return text;
    }

    int takeInto(ByteBuffer to) {
        int n = Math.min(to.remaining(), size());
        to.put(bytes.array(), start, n);
        skip(n);
        return n;
    }

    void skip(int n) {
        start += n;
        if (start == bytes.position()) {
            clear();
        }
    }

    private void clear() {
        start = 0;
        if (bytes.capacity() > piece) {
            bytes = NOTHING;
        } else {
            bytes.clear();
        }
    }

    /** Makes room for {@code n} more. */
    private void reserve(int n) {
        if (bytes.remaining() >= n) {
            return;
        }
        int size = size();
        int capacity = bytes.capacity();
        if (start > 0 && size + n <= capacity && size <= capacity / 2) {
            bytes.limit(bytes.position()).position(start);
            bytes.compact();
        } else {
            long room = size == 0 ? n : Math.max(size + (long) n, Math.min(2L * capacity, Integer.MAX_VALUE - 8));
            ByteBuffer larger = ByteBuffer.allocate(Math.toIntExact(room));
            larger.put(bytes.array(), start, size);
            bytes = larger;
        }
        start = 0;
    }

    /** {@return a future that is true when more bytes are kept than before, and false at the end of the source} */
    Future<Boolean> fill() {
        return new Fill();
    }

    private final class Fill extends OwnedFuture<Boolean> {
        /** {@link ReadyReader#readable}, or a read into {@code bytes}. */
        private @Nullable Future<?> step;

        @Override
        protected Poll<Boolean> pollOwned(Context cx) throws Exception {
            if (filling != null && filling != this) {
                throw new IllegalStateException(this + " while another one waits: one at a time");
            }
            filling = this;
            boolean waits = false;
            try {
                Poll<Boolean> poll = source instanceof ReadyReader ready ? pollReady(ready, cx) : pollRead(cx);
                waits = !poll.isReady();
                return poll;
            } finally {
                if (!waits) {
                    filling = null;
                }
            }
        }

        private Poll<Boolean> pollReady(ReadyReader ready, Context cx) throws Exception {
            while (true) {
                Future<?> begun = step == null ? begin(ready.readable()) : step;
                if (!Owners.poll(begun, this, cx).isReady()) {
                    if (size() == 0) {
                        bytes = NOTHING;
                        start = 0;
                    }
                    return Poll.pending();
                }
                step = null;
                int n = readNow(ready, cx.scratch());
                if (n != 0) {
                    return Poll.ready(n > 0);
                }
            }
        }

        private int readNow(ReadyReader ready, ByteBuffer scratch) throws IOException {
            int n = ready.tryRead(scratch);
            if (n > 0) {
                reserve(n);
                bytes.put(scratch.flip());
            }
            return n;
        }

        private Poll<Boolean> pollRead(Context cx) throws Exception {
            Future<?> begun = step;
            if (begun == null) {
                if (!bytes.hasRemaining()) {
                    reserve(size() == 0 ? piece : 1);
                }
                begun = begin(source.read(bytes));
            }
            return Owners.poll(begun, this, cx) instanceof Poll.Ready<?>(Integer n)
                    ? Poll.ready(n > 0)
                    : Poll.pending();
        }

        private Future<?> begin(Future<?> next) {
            Owners.claim(next, this);
            step = next;
            return next;
        }

        @Override
        protected void dropOwned() {
            if (filling == this) {
                filling = null;
            }
            if (step != null) {
                Owners.drop(step, this);
            }
        }

        @Override
        protected List<? extends Future<?>> children() {
            return step == null ? List.of() : List.of(step);
        }

        @Override
        public String toString() {
            return "buffered read of " + source;
        }
    }

    @Override
    public String toString() {
        return size() + " bytes read of " + source;
    }
}
