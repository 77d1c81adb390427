package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AtomicWaker;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestTaskTest {
    private final List<String> log = new ArrayList<>();

    @Test
    void pollsCountAndWakesToo() {
        var place = new AtomicWaker();
        var ready = new boolean[1];
        var task = TestTask.spawn(Futures.pollFn(cx -> {
            place.register(cx.waker());
            return ready[0] ? Poll.ready("there") : Poll.pending();
        }));
        assertEquals(0, task.polls());
        task.assertPending();
        assertFalse(task.isWoken());
        place.wake();
        assertTrue(task.isWoken());
        assertEquals(1, task.wakes());
        task.assertPending();
        assertFalse(task.isWoken());
        ready[0] = true;
        task.waker().wake();
        task.assertReady("there");
        assertEquals(2, task.wakes());
        assertEquals(3, task.polls());
        assertTrue(task.isEnded());
        assertThrows(IllegalStateException.class, task::poll);
    }

    @Test
    void aWakeDuringThePollIsOneSinceItBegan() {
        var task = TestTask.spawn(yieldNow());
        task.assertPending();
        assertTrue(task.isWoken());
        task.assertReady();
    }

    @Test
    void assertionsThatFailSayWhatIs() {
        assertTrue(said(() -> TestTask.spawn(Futures.ready(1)).assertPending()).contains("is ready: 1"));
        assertTrue(said(() -> TestTask.spawn(Futures.pending()).assertReady()).contains("is pending"));
        assertTrue(said(() -> TestTask.spawn(Futures.ready(1)).assertReady(2)).contains("with 2, not with 1"));
        assertTrue(said(() -> TestTask.spawn(Futures.pending()).assertFailed(IOException.class))
                .contains("is pending"));
        assertTrue(
                said(() -> TestTask.spawn(Futures.failed(new IOException("it"))).assertPending())
                        .contains("threw java.io.IOException: it"));
        assertTrue(
                said(() -> TestTask.spawn(Futures.failed(new IOException("it"))).assertReady())
                        .contains("threw java.io.IOException: it"));
        assertTrue(said(() ->
                        TestTask.spawn(Futures.failed(new IOException("it"))).assertFailed(IllegalStateException.class))
                .contains("not java.io.IOException: it"));
    }

    private static String said(Runnable check) {
        return assertThrows(AssertionError.class, check::run).getMessage();
    }

    @Test
    void aFailureIsGiven() {
        var failure = new IOException("it");
        var task = TestTask.spawn(Futures.failed(failure));
        assertSame(failure, task.assertFailed(IOException.class));
        assertTrue(task.isEnded());
    }

    @Test
    void itOwnsItsFuture() {
        var future = async(() -> await(yieldNow()));
        try (var task = TestTask.spawn(future)) {
            String refused = assertThrows(IllegalStateException.class, () -> TestTask.spawn(future))
                    .getMessage();
            assertTrue(refused.contains("TestTask"), refused);
            task.assertPending();
        }
    }

    private Future<Void> cleansUp() {
        return async(() -> {
            try {
                await(Futures.pending());
            } finally {
                await(sleep(Duration.ofSeconds(1)));
                log.add("clean");
            }
        });
    }

    @Test
    void aDropIsPolledToTheEndOfTheCleanup() {
        var task = TestTask.spawn(cleansUp());
        task.assertPending();
        assertInstanceOf(Poll.Pending.class, task.pollDrop());
        assertThrows(IllegalStateException.class, task::poll);
        task.advance(Duration.ofSeconds(1));
        assertTrue(task.isWoken());
        assertInstanceOf(Poll.Ready.class, task.pollDrop());
        assertEquals(List.of("clean"), log);
        assertInstanceOf(Poll.Ready.class, task.pollDrop());
        task.drop();
        assertEquals(List.of("clean"), log);
    }

    @Test
    void aDropWithoutPollsLeavesTheCleanupToTheOthers() {
        var task = TestTask.spawn(cleansUp());
        task.assertPending();
        task.drop();
        assertEquals(1, task.executor().liveTasks());
        task.runOthers();
        task.advance(Duration.ofSeconds(1));
        assertEquals(List.of("clean"), log);
        assertEquals(0, task.executor().liveTasks());
    }

    @Test
    void whatItSpawnsIsPolledWhenAsked() {
        var task = TestTask.spawn(async(() -> {
            var other = spawn(async(() -> {
                log.add("other");
                return 7;
            }));
            return await(other);
        }));
        task.assertPending();
        assertEquals(List.of(), log);
        task.runOthers();
        assertEquals(List.of("other"), log);
        assertEquals(1, task.wakes());
        task.assertReady(7);
    }

    @Test
    void aSleepIsWokenByItsClock() {
        var task = TestTask.spawn(sleep(Duration.ofDays(1)));
        task.assertPending();
        task.advance(Duration.ofDays(1).minusNanos(1));
        assertFalse(task.isWoken());
        task.advance(Duration.ofNanos(1));
        assertTrue(task.isWoken());
        task.assertReady();
        assertEquals(Duration.ofDays(1), task.clock().elapsed());
    }
}
