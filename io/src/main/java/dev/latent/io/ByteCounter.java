package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes of what is read and written through what it has been put around, one connection or all of a server. Thread-safe. */
public final class ByteCounter {
    private final LongAdder read = new LongAdder();
    private final LongAdder written = new LongAdder();

    private ByteCounter() {}

    /** {@return a counter at 0} */
    public static ByteCounter create() {
        return new ByteCounter();
    }

    /** {@return how many bytes have been read} */
    public long read() {
        return read.sum();
    }

    /** {@return how many bytes have been taken by those that were written to} */
    public long written() {
        return written.sum();
    }

    /** {@return {@code stream}, with its bytes counted} */
    public Duplex count(Duplex stream) {
        return new Counted(stream);
    }

    /** {@return {@code reader}, with its bytes counted} */
    public AsyncReader countReads(AsyncReader reader) {
        return to -> Futures.map(reader.read(to), this::countRead);
    }

    /** {@return {@code writer}, with its bytes counted} */
    public AsyncWriter countWrites(AsyncWriter writer) {
        return new AsyncWriter() {
            @Override
            public Future<Void> write(ByteBuffer from) {
                return new CountedWrite(writer.write(from), from);
            }

            @Override
            public Future<Void> writeAll(ByteBuffer... from) {
                return new CountedWrite(writer.writeAll(from), from);
            }

            @Override
            public Future<Void> flush() {
                return writer.flush();
            }

            @Override
            public Future<Void> shutdownOutput() {
                return writer.shutdownOutput();
            }
        };
    }

    private int countRead(int n) {
        if (n > 0) {
            read.add(n);
        }
        return n;
    }

    /** Counts at each poll and at the drop, so that it is right at any time. */
    private final class CountedWrite extends OwnedFuture<Void> {
        private final Future<Void> write;
        private final ByteBuffer[] from;
        private long left;

        CountedWrite(Future<Void> write, ByteBuffer... from) {
            this.write = write;
            this.from = from.clone();
            this.left = left();
            Owners.claim(write, this);
        }

        private long left() {
            long sum = 0;
            for (ByteBuffer each : from) {
                sum += each.remaining();
            }
            return sum;
        }

        private void countTaken() {
            long now = left();
            written.add(left - now);
            left = now;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            try {
                return Owners.poll(write, this, cx);
            } finally {
                countTaken();
            }
        }

        @Override
        protected void dropOwned() {
            Owners.drop(write, this);
            countTaken();
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            Poll<Void> poll = Owners.pollDrop(write, this, cx);
            countTaken();
            return poll;
        }

        @Override
        protected List<? extends Future<?>> children() {
            return List.of(write);
        }

        @Override
        public String toString() {
            return "counted " + write;
        }
    }

    private final class Counted implements Duplex {
        private final Duplex stream;

        Counted(Duplex stream) {
            this.stream = stream;
        }

        @Override
        public Future<Integer> read(ByteBuffer to) {
            return Futures.map(stream.read(to), ByteCounter.this::countRead);
        }

        @Override
        public Future<Void> readable() {
            return stream.readable();
        }

        @Override
        public int tryRead(ByteBuffer to) throws IOException {
            return countRead(stream.tryRead(to));
        }

        @Override
        public Future<Void> write(ByteBuffer from) {
            return new CountedWrite(stream.write(from), from);
        }

        @Override
        public Future<Void> writeAll(ByteBuffer... from) {
            return new CountedWrite(stream.writeAll(from), from);
        }

        @Override
        public Future<Void> flush() {
            return stream.flush();
        }

        @Override
        public Future<Void> shutdownOutput() {
            return stream.shutdownOutput();
        }

        @Override
        public Future<Void> writable() {
            return stream.writable();
        }

        @Override
        public int tryWrite(ByteBuffer from) throws IOException {
            int n = stream.tryWrite(from);
            written.add(n);
            return n;
        }

        @Override
        public Future<Void> closeAsync() {
            return stream.closeAsync();
        }

        @Override
        public void close() {
            stream.close();
        }

        @Override
        public String toString() {
            return "counted " + stream;
        }
    }

    @Override
    public String toString() {
        return read() + " bytes read, " + written() + " written";
    }
}
