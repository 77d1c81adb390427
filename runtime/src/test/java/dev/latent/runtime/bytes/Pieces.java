package dev.latent.runtime.bytes;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.io.AsyncReader;
import dev.latent.io.ReadyReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Supplier;

/** Bytes that come in pieces, each of which has to be waited for: a poll that asks for it is pending, the next one has it. */
final class Pieces {
    private final byte[] bytes;
    private final int[] ends;
    private int at;

    /** The piece at hand ends here; what is behind has to be waited for. */
    private int here;

    int polls;

    /** @param ends where pieces end, ascending; the last one ends with the bytes */
    Pieces(byte[] bytes, int... ends) {
        this.bytes = bytes;
        this.ends = ends;
    }

    static Pieces single(byte[] bytes) {
        int[] ends = new int[bytes.length];
        Arrays.setAll(ends, i -> i + 1);
        return new Pieces(bytes, ends);
    }

    /** {@return whether something is here, or the end} */
    private boolean arrived() {
        return at < here || at == bytes.length && here > bytes.length;
    }

    private void arrive() {
        for (int end : ends) {
            if (end > at) {
                here = end;
                return;
            }
        }
        here = at < bytes.length ? bytes.length : bytes.length + 1;
    }

    private int move(ByteBuffer to) {
        if (at == bytes.length) {
            return -1;
        }
        int n = Math.min(to.remaining(), here - at);
        to.put(bytes, at, n);
        at += n;
        return n;
    }

    private final class Wait<T> extends OwnedFuture<T> {
        private final Supplier<T> value;

        Wait(Supplier<T> value) {
            this.value = value;
        }

        @Override
        protected Poll<T> pollOwned(Context cx) {
            polls++;
            if (arrived()) {
                return Poll.ready(value.get());
            }
            arrive();
            cx.waker().wake();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {}
    }

    AsyncReader reader() {
        return to -> new Wait<>(() -> move(to));
    }

    ReadyReader ready() {
        return new ReadyReader() {
            @Override
            public Future<Void> readable() {
                return new Wait<>(() -> null);
            }

            @Override
            public int tryRead(ByteBuffer to) {
                return arrived() ? move(to) : 0;
            }

            @Override
            public Future<Integer> read(ByteBuffer to) {
                return reader().read(to);
            }
        };
    }
}
