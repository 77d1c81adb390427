package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latent.Future;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sent;
import dev.latent.io.AsyncWriter;
import dev.latent.sync.CancellationToken;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What is on its way to one client: a bounded queue of lines, and the one task that writes. */
final class Outbox {
    private final Limits limits;
    private final Channel<String> lines;
    private final CancellationToken tooSlow = CancellationToken.create();
    private final AtomicLong missed = new AtomicLong();

    Outbox(Limits limits) {
        this.limits = limits;
        this.lines = Channel.bounded(limits.queued());
    }

    /** An answer: it waits for its place, and so does the next command of this client. */
    Future<Void> send(String line) {
        return lines.send(line);
    }

    /** {@return whether it has its place} A message waits for nobody. */
    boolean offer(String line) {
        if (lines.trySend(line) == Sent.SENT) {
            return true;
        }
        switch (limits.slow()) {
            case CLOSE -> tooSlow.cancel();
            case MISS -> missed.incrementAndGet();
        }
        return false;
    }

    /** No more comes; what is here is written. */
    void close() {
        lines.close();
    }

    /** Ready when the client is given up. */
    Future<Void> isTooSlow() {
        return tooSlow.cancelled();
    }

    /** Writes until it is closed and empty; all that is here at a time in one write. */
    Future<Void> writeTo(AsyncWriter to) {
        return async(() -> {
            try (Receiver<String> queue = lines.receiver()) {
                List<String> batch = new ArrayList<>();
                while (await(queue.receiveMany(batch, limits.queued())) > 0) {
                    long lost = missed.getAndSet(0);
                    if (lost > 0) {
                        batch.add("MISSED " + lost);
                    }
                    byte[] bytes = (String.join("\n", batch) + "\n").getBytes(UTF_8);
                    await(timeout(limits.patience(), to.write(ByteBuffer.wrap(bytes))));
                    batch.clear();
                }
                await(to.shutdownOutput());
            }
        });
    }
}
