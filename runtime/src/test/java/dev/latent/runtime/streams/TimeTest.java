package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Operators to which time means something. */
class TimeTest extends Stand {
    private <T> List<String> timed(AsyncStream<T> stream) throws Exception {
        log.clear();
        long begun = now();
        run(stream.forEach(v -> log.add(v + "@" + (now() - begun))));
        return List.copyOf(log);
    }

    @Test
    void intervalBeginsAtOnceAndMakesUpForWhatWasLate() throws Exception {
        assertEquals(
                List.of("0@0", "1@10", "2@20"),
                timed(AsyncStream.interval(ms(10)).take(3)));
        log.clear();
        run(AsyncStream.interval(ms(10)).take(5).forEach(v -> {
            log("" + v);
            await(sleep(ms(v == 0 ? 35 : 1)));
        }));
        assertEquals(List.of("0@20", "1@55", "2@56", "3@57", "4@60"), log);
    }

    @Test
    void chunksGoOutWhenTheirTimeIsOver() throws Exception {
        assertEquals(
                List.of("[1, 2, 3]@3", "[20, 25]@30", "[40]@40"),
                timed(at(1, 2, 3, 20, 25, 40).chunks(3, ms(10))));
    }

    @Test
    void aChunkIsGivenBeforeTheFailure() throws Exception {
        assertThrows(
                IOException.class,
                () -> timed(AsyncStream.concat(AsyncStream.of(1, 2), AsyncStream.failed(new IOException()))
                        .chunks(5)));
        assertEquals(List.of("[1, 2]@0"), log);
    }

    @Test
    void spacedLosesNothing() throws Exception {
        assertEquals(
                List.of("1@1", "2@11", "3@21", "40@40", "41@50"),
                timed(at(1, 2, 3, 40, 41).spaced(ms(10))));
    }

    @Test
    void sampleGivesTheLatestOfEachPeriodAndTheLast() throws Exception {
        assertEquals(
                List.of("9@10", "25@30", "42@42"),
                timed(at(1, 5, 9, 21, 25, 41, 42).sample(ms(10))));
    }

    @Test
    void debounceWaitsUntilItIsQuiet() throws Exception {
        assertEquals(
                List.of("9@19", "25@35", "62@62"),
                timed(at(1, 5, 9, 21, 25, 60, 61, 62).debounce(ms(10))));
    }

    @Test
    void timeoutEachCountsFromTheAsking() throws Exception {
        assertThrows(TimeoutException.class, () -> timed(at(5, 12, 30).timeoutEach(ms(10))));
        assertEquals(List.of("5@5", "12@12"), log);
        assertEquals(22, now());
        log.clear();
        long begun = now();
        run(at(begun + 5, begun + 12).timeoutEach(ms(10)).forEach(v -> await(sleep(ms(50)))));
    }

    @Test
    void untilSomethingHappens() throws Exception {
        assertEquals(List.of("1@1", "5@5"), timed(at(1, 5, 9).takeUntil(sleep(ms(7)))));
        assertEquals(List.of("19@12"), timed(at(8, 12, 19).skipUntil(sleep(ms(7)))));
        assertThrows(
                IOException.class,
                () -> timed(at(1000).takeUntil(async(() -> {
                    throw new IOException();
                }))));
    }

    @Test
    void noTimerIsLeft() throws Exception {
        timed(at(1, 5, 9).timeoutEach(ms(1000)).spaced(ms(1)).chunks(2, ms(1000)));
        assertEquals(java.util.OptionalLong.empty(), executor.nextDeadline());
    }
}
