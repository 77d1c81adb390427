package dev.latent.runtime.streams;

import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.channel.Channel;
import dev.latent.stream.AsyncStream;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A source that always has something spends the whole budget of each poll; what else the operators hold gets on all the same. */
class TurnsTest extends Stand {
    /** {@return ones without an end; each takes a microsecond, and after {@code limit} milliseconds the test has failed} */
    private AsyncStream<Integer> endless(long limit) {
        return AsyncStream.repeat(1).inspect(_ -> {
            clock.advance(java.time.Duration.ofNanos(1000));
            if (now() > limit) {
                throw new AssertionError("nothing came for " + now() + " ms");
            }
        });
    }

    private AsyncStream<Integer> onlyTheFirst(long limit) {
        int[] seen = {0};
        return endless(limit).filter(_ -> seen[0]++ == 0);
    }

    @Test
    void timePassesWhileValuesCome() throws Exception {
        assertEquals(List.of(1, 1, 1), run(endless(100).sample(ms(20)).take(3).toList()));
        assertEquals(
                List.of(List.of(1)),
                run(onlyTheFirst(200).chunks(2, ms(20)).take(1).toList()));
        assertThrows(
                TimeoutException.class,
                () -> run(endless(300).filter(v -> v > 1).timeoutEach(ms(20)).toList()));
        assertEquals(
                List.of(),
                run(endless(400).filter(v -> v > 1).takeUntil(sleep(ms(20))).toList()));
    }

    @Test
    void bodiesRunWhileTheSourceIsSearched() throws Exception {
        assertEquals(
                List.of(2),
                run(onlyTheFirst(100)
                        .mapConcurrent(2, v -> {
                            await(yieldNow());
                            await(sleep(ms(5)));
                            return v + 1;
                        })
                        .take(1)
                        .toList()));
    }

    @Test
    void othersBeginWhileABodyIsBusy() throws Exception {
        var busy = Channel.<Integer>bounded(1);
        var inbox = busy.receiver();
        run(AsyncStream.of(1, 2, 3).filter(v -> v > 0).forEachConcurrent(3, v -> {
            log("begun");
            for (int i = 0; log.size() < 3; i++) {
                await(busy.send(v));
                await(inbox.next());
                assertTrue(i < 10_000, () -> "only " + log.size() + " have begun");
            }
        }));
    }

    @Test
    void whatWasSentIsReadWhileTheBodyIsBusy() throws Exception {
        var busy = Channel.<Integer>bounded(1);
        var inbox = busy.receiver();
        assertEquals(
                List.of(5),
                run(AsyncStream.<Integer>channel(8, tx -> {
                            await(tx.send(5));
                            for (int i = 0; i < 10_000; i++) {
                                await(busy.send(i));
                                await(inbox.next());
                            }
                            throw new AssertionError("nobody has read what was sent");
                        })
                        .take(1)
                        .toList()));
    }
}
