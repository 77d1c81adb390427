package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.sync.AsyncMutex;
import dev.latent.sync.AsyncSemaphore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final TestExecutor executor = new TestExecutor();

    private static <R> Future<R> scope(Function<Scope, Future<R>> body) {
        return Async.<R>scope(Body.<Scope, R>of(body));
    }

    @Test
    void theBodysValueIsToldWhenAllChildrenHaveEnded() throws Exception {
        Probe child = new Probe("child").waiting();
        var handle = executor.spawn(scope(s -> {
            s.spawn(child);
            return Futures.ready("body");
        }));
        executor.run();
        assertFalse(handle.isFinished());
        child.fire();
        executor.run();
        assertEquals("body", executor.blockOn(handle));
    }

    @Test
    void childrenAreTasksAndCanBeAwaited() throws Exception {
        assertEquals(
                new Tuple2<>("a", "b"),
                executor.blockOn(scope(s -> Async.join(s.spawn(new Probe("a").after(3)), s.spawn(new Probe("b"))))));
        assertTrue(executor.queue.isEmpty());
    }

    @Test
    void scopeDoGivesNothing() throws Exception {
        Probe child = new Probe("a").after(2);
        executor.blockOn(Async.scopeDo(Body.<Scope, Object>of(s -> {
            s.spawn(child);
            return Futures.ready("unseen");
        })));
        assertTrue(child.finished);
    }

    @Test
    void theFirstFailureDropsTheOthersAndTheBody() {
        Exception first = new Exception("first");
        Exception later = new Exception("later");
        Probe sibling = new Probe("sibling").waiting().cleanup(3).cleanupFailing(later);
        Probe body = new Probe("body").waiting().cleanup(2);
        var thrown = assertThrows(
                Exception.class,
                () -> executor.blockOn(scope(s -> {
                    s.spawn(sibling);
                    s.spawn(new Probe("fails").after(1).failing(first));
                    return body;
                })));
        assertSame(first, thrown);
        assertEquals(List.of(later), Arrays.asList(first.getSuppressed()));
        assertTrue(sibling.cleaned && body.cleaned);
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void theBodyIsDroppedAtOnceNotAfterTheSiblings() {
        Probe body = new Probe("body").waiting();
        Waker[] cleanup = {null};
        Future<String> sibling = new Future<>() {
            @Override
            public Poll<String> poll(Context cx) {
                return Poll.pending();
            }

            @Override
            public void drop() {
                throw new AssertionError("dropped without a context");
            }

            @Override
            public Poll<Void> pollDrop(Context cx) {
                Waker before = cleanup[0];
                cleanup[0] = cx.waker();
                return before == null ? Poll.pending() : Poll.done();
            }
        };
        var handle = executor.spawn(scope(s -> {
            s.spawn(sibling);
            s.spawn(new Probe("fails").after(2).failing(new Exception("first")));
            return body;
        }));
        executor.run();
        assertTrue(body.cleaned);
        assertFalse(handle.isFinished());
        cleanup[0].wake();
        executor.run();
        assertTrue(handle.isFinished());
    }

    @Test
    void aFailingBodyDropsTheChildren() {
        Exception failure = new Exception();
        Probe child = new Probe("child").waiting().cleanup(3);
        assertSame(
                failure,
                assertThrows(
                        Exception.class,
                        () -> executor.blockOn(scope(s -> {
                            s.spawn(child);
                            return new Probe("body").after(1).failing(failure);
                        }))));
        assertTrue(child.cleaned);
    }

    @Test
    void anAwaitedFailingChildFailsTheScopeOnce() {
        Exception failure = new Exception();
        var thrown = assertThrows(
                Exception.class,
                () -> executor.blockOn(
                        scope(s -> s.spawn(new Probe("child").after(2).failing(failure)))));
        assertSame(failure, thrown);
        assertEquals(0, failure.getSuppressed().length);
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void withReportTheOthersRunOn() throws Exception {
        Exception unread = new Exception("unread");
        Exception read = new Exception("read");
        Probe sibling = new Probe("sibling").after(5);
        var got = executor.blockOn(
                Async.<Outcome<String>>scope(Scope.OnFailure.REPORT, Body.<Scope, Outcome<String>>of(s -> {
                    s.spawn(sibling);
                    s.spawn(new Probe("unread").failing(unread));
                    return Async.settle(s.spawn(new Probe("read").after(2).failing(read)));
                })));
        assertEquals(new Outcome.Failed<String>(read), got);
        assertEquals(List.of(unread), executor.reported);
        assertTrue(sibling.finished);
    }

    @Test
    void aDroppedScopeCancelsAndWaits() throws Exception {
        Probe child = new Probe("child").waiting().cleanup(4);
        Probe unstarted = new Probe("unstarted").waiting();
        Probe body = new Probe("body").waiting().cleanup(1);
        var handle = executor.spawn(scope(s -> {
            s.spawn(child);
            return body;
        }));
        executor.run();
        executor.blockOn(handle.cancel());
        assertTrue(child.cleaned && body.cleaned);
        assertEquals(0, unstarted.polls);
        assertThrows(CancellationException.class, () -> executor.blockOn(handle));
    }

    @Test
    void aScopeDroppedWithoutAContextCancelsItsChildren() throws Exception {
        Probe child = new Probe("child").waiting().cleanup(4);
        Probe body = new Probe("body").waiting();
        Future<String> scope = scope(s -> {
            s.spawn(child);
            return body;
        });
        executor.cx.begin(Waker.noop());
        assertFalse(scope.poll(executor.cx).isReady());
        executor.run();
        scope.drop();
        assertEquals(1, body.drops);
        executor.run();
        assertTrue(child.cleaned);
    }

    @Test
    void anUnpolledScopeRunsNothing() {
        scope(_ -> {
                    throw new AssertionError();
                })
                .drop();
    }

    @Test
    void nothingCanBeSpawnedAfterTheEnd() throws Exception {
        Scope[] kept = {null};
        executor.blockOn(scope(s -> {
            kept[0] = s;
            return Futures.done();
        }));
        Probe late = new Probe("late");
        assertThrows(IllegalStateException.class, () -> kept[0].spawn(late));
        assertEquals("late", executor.blockOn(late), "it was given back");
    }

    @Test
    void whatIsSpawnedWhileCancellingIsCancelled() throws Exception {
        Probe late = new Probe("late");
        List<ScopedTask<String>> tasks = new ArrayList<>();
        Exception failure = new Exception();
        assertThrows(
                Exception.class,
                () -> executor.blockOn(scope(s -> {
                    s.spawn(new Probe("fails").failing(failure));
                    return new Future<String>() {
                        @Override
                        public Poll<String> poll(Context cx) {
                            return Poll.pending();
                        }

                        @Override
                        public void drop() {
                            tasks.add(s.spawn(late));
                        }
                    };
                })));
        assertEquals(1, late.drops);
        assertThrows(CancellationException.class, () -> executor.blockOn(tasks.getFirst()));
    }

    @Test
    void oneChildCanBeCancelled() throws Exception {
        Probe child = new Probe("child").waiting().cleanup(2);
        assertEquals("after", executor.blockOn(scope(s -> {
            var task = s.spawn(child);
            return Futures.then(
                    Async.yieldNow(),
                    _ -> Futures.map(task.cancel(), _ -> {
                        assertTrue(child.cleaned);
                        return "after";
                    }));
        })));
    }

    @Test
    void aChildMaySpawnSiblings() throws Exception {
        Probe grandchild = new Probe("grandchild").after(3);
        executor.blockOn(scope(s -> {
            s.spawn(Futures.pollFn(_ -> {
                s.spawn(grandchild);
                return Poll.done();
            }));
            return Futures.done();
        }));
        assertTrue(grandchild.finished);
    }

    @Test
    void unreadResourcesAreLetGoOf() throws Exception {
        List<String> undelivered = new ArrayList<>();
        executor.blockOn(scope(s -> {
            s.spawn(Futures.onUndelivered(new Probe("unread"), undelivered::add));
            return s.spawn(Futures.onUndelivered(new Probe("read"), undelivered::add));
        }));
        assertEquals(List.of("unread"), undelivered);
    }

    @Test
    void whatIsHeldIsLetGoOfWhereNobodyReadsIt() throws Exception {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        AsyncSemaphore permits = AsyncSemaphore.of(1);
        executor.blockOn(scope(s -> {
            s.spawn(mutex.lock());
            s.spawn(Futures.map(permits.acquire(), Item::new));
            return Futures.ready("body");
        }));
        assertFalse(mutex.isLocked());
        assertEquals(1, permits.availablePermits());
    }

    @Test
    void onAClosedExecutorAChildIsCancelled() throws Exception {
        Probe child = new Probe("child");
        Future<String> scope = scope(s -> {
            executor.closed = true;
            return s.spawn(child);
        });
        assertThrows(CancellationException.class, () -> executor.blockOn(scope));
        assertEquals(1, child.drops);
    }

    @Test
    void scopesNest() {
        Exception failure = new Exception();
        Probe inner = new Probe("inner").waiting().cleanup(3);
        assertSame(
                failure,
                assertThrows(
                        Exception.class,
                        () -> executor.blockOn(scope(outer -> {
                            outer.spawn(scope(s -> {
                                s.spawn(inner);
                                return Futures.<String>pending();
                            }));
                            outer.spawn(new Probe("fails").after(3).failing(failure));
                            return Futures.<String>pending();
                        }))));
        assertTrue(inner.cleaned);
    }
}
