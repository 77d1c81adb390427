package dev.latent.examples.guide;

import static dev.latent.Async.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.channel.Channel;
import dev.latent.runtime.Latent;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The exercise of the guide's chapter on blocking and computing, solved: digests of files, some of which are read at a time. */
class DigestsTest {
    private static final int READERS = 4;

    private final List<String> files =
            IntStream.range(0, 2 * READERS).mapToObj(i -> "file " + i).toList();

    /** What blocks: {@code Files::readAllBytes}, for instance. */
    private interface Reader<F> {
        byte[] read(F file) throws Exception;
    }

    private static <F> Future<List<String>> digests(List<F> files, Reader<F> reader) {
        return join(READERS, files.stream().map(file -> digest(file, reader)).toList());
    }

    private static <F> Future<String> digest(F file, Reader<F> reader) {
        return async(() -> {
            byte[] bytes = await(spawnBlocking(() -> reader.read(file)));
            return await(compute(() -> sha256(bytes)));
        });
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void allInTheirOrderAndFourAtATime() throws Exception {
        var reading = new AtomicInteger();
        var most = new AtomicInteger();
        var together = new CyclicBarrier(READERS);
        List<String> digests = Latent.blockOn(digests(files, file -> {
            most.accumulateAndGet(reading.incrementAndGet(), Math::max);
            together.await(10, TimeUnit.SECONDS); // nobody gets on before four are here
            reading.decrementAndGet();
            return file.getBytes(UTF_8);
        }));
        assertEquals(READERS, most.get());
        for (int i = 0; i < files.size(); i++) {
            assertEquals(sha256(files.get(i).getBytes(UTF_8)), digests.get(i));
        }
    }

    @Test
    void othersGetTheirTurn() throws Exception {
        var opened = new CountDownLatch(1);
        var both = Latent.blockOn(join(
                digests(files, file -> {
                    assertTrue(opened.await(10, TimeUnit.SECONDS));
                    return file.getBytes(UTF_8);
                }),
                async(() -> {
                    await(yieldNow());
                    opened.countDown();
                    return "had its turn";
                })));
        assertEquals("had its turn", both.second());
        assertEquals(files.size(), both.first().size());
    }

    @Test
    void droppedItInterruptsTheReadersAndOpensNoOther() throws Exception {
        var begun = ConcurrentHashMap.<String>newKeySet();
        var interrupted = new CountDownLatch(READERS);
        var readers = Channel.<String>bounded(files.size());
        Latent.blockOn(async(() -> {
            var task = spawn(digests(files, file -> {
                begun.add(file);
                readers.sendBlocking(file);
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return new byte[0];
            }));
            var told = readers.receiver();
            for (int i = 0; i < READERS; i++) {
                await(told.receive());
            }
            await(task.cancel());
        }));
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
        assertEquals(READERS, begun.size());
    }
}
