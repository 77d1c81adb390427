package dev.latent.io;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Tuple2;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@link Io#duplex}: one end of two pipes. */
final class MemoryDuplex implements Duplex {
    private final MemoryPipe in;
    private final MemoryPipe out;

    private MemoryDuplex(MemoryPipe in, MemoryPipe out) {
        this.in = in;
        this.out = out;
    }

    static Tuple2<Duplex, Duplex> pair(int capacity) {
        MemoryPipe there = new MemoryPipe(capacity);
        MemoryPipe back = new MemoryPipe(capacity);
        return new Tuple2<>(new MemoryDuplex(back, there), new MemoryDuplex(there, back));
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return in.new Read(to);
    }

    @Override
    public Future<Void> readable() {
        return in.new Readable();
    }

    @Override
    public int tryRead(ByteBuffer to) throws IOException {
        return in.tryRead(to);
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return out.new Write(from);
    }

    @Override
    public Future<Void> writable() {
        return out.new Writable();
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        return out.tryWrite(from);
    }

    @Override
    public Future<Void> shutdownOutput() {
        return Futures.lazy(() -> {
            out.end();
            return Futures.done();
        });
    }

    @Override
    public Future<Void> closeAsync() {
        return Futures.lazy(() -> {
            close();
            return Futures.done();
        });
    }

    @Override
    public void close() {
        out.closeOutput();
        in.closeInput();
    }

    @Override
    public String toString() {
        return "connection in memory";
    }
}
