package dev.latent.runtime.system;

import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.OpenFile;
import dev.latent.io.spi.BlockingReads;
import dev.latent.io.spi.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A file that is read piece by piece. */
final class SystemFile implements OpenFile {
    private final FileInfo info;
    private final BlockingReads reads;

    SystemFile(FileInfo info, SeekableByteChannel channel) {
        this.info = info;
        this.reads = new BlockingReads("file " + info.realPath(), new BlockingReads.Source() {
            @Override
            public void read(long position, ByteBuffer to) throws IOException {
                try {
                    channel.position(position).read(to);
                } catch (IOException e) {
                    // No file can be that long, and the system says so where others say that its end is before.
                    if (channel.size() == 0 || position < channel.size()) {
                        throw FileErrors.of("read", info.realPath(), e);
                    }
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        });
    }

    @Override
    public FileInfo info() {
        return info;
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return reads.read(to);
    }

    @Override
    public long position() {
        return reads.position();
    }

    @Override
    public void position(long bytes) {
        reads.position(bytes);
    }

    @Override
    public Future<Void> closeAsync() {
        return reads.closeAsync();
    }

    @Override
    public void close() {
        reads.close();
    }

    @Override
    public String toString() {
        return reads.toString();
    }
}
