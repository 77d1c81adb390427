package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What two goals at once make of the rules: each was wrong once. */
class HardCasesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestExecutor executor = new TestExecutor();

    private static <R> Future<R> scope(Scope.OnFailure onFailure, java.util.function.Function<Scope, Future<R>> body) {
        return Async.<R>scope(onFailure, Body.<Scope, R>of(body));
    }

    @Test
    void aFutureThatUsesUpEveryBudgetCannotOutrunItsTimeout() {
        var busy = executor.spawn(Async.timeout(SECOND, Futures.pollFn(cx -> {
            while (cx.spend()) {}
            return Poll.pending();
        })));
        executor.step();
        executor.pass(SECOND);
        executor.step(); // finds that it is late, and has no budget to say so
        executor.step();
        assertTrue(busy.isFinished());
        executor.cx.begin(Waker.noop());
        assertThrows(TimeoutException.class, () -> busy.poll(executor.cx));
        assertEquals(0, executor.pendingTimers());
    }

    @Test
    void everyCancelOfAChildIsToldOfItsEnd() throws Exception {
        Probe child = new Probe("child").waiting().cleanup(3);
        executor.blockOn(scope(Scope.OnFailure.CANCEL_SIBLINGS, s -> {
            ScopedTask<String> task = s.spawn(child);
            return Async.join(List.of(task.cancel(), task.cancel()));
        }));
        assertTrue(child.cleaned);
    }

    @Test
    void aCancelThatIsDroppedTakesNoWakeFromAnother() throws Exception {
        Probe child = new Probe("child").waiting().cleanup(3);
        executor.blockOn(scope(Scope.OnFailure.CANCEL_SIBLINGS, s -> {
            ScopedTask<String> task = s.spawn(child);
            return Async.join(List.of(task.cancel(), Async.selectBiased(task.cancel(), new Probe("wins").after(1))));
        }));
        assertTrue(child.cleaned);
    }

    @Test
    void aJoinThatMovesToAnotherExecutorTakesItsChildrenAlong() {
        Future<?> join = Async.join(List.of(Async.sleep(SECOND), Async.sleep(SECOND)));
        executor.cx.begin(Waker.noop());
        assertFalse(poll(join, executor.cx).isReady());
        TestExecutor other = new TestExecutor();
        var handle = other.spawn(join);
        other.advance(SECOND);
        assertTrue(handle.isFinished());
        assertEquals(0, executor.pendingTimers());
    }

    private static Poll<?> poll(Future<?> future, Context cx) {
        try {
            return future.poll(cx);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailureWhoseReaderWasDroppedBeforeItReadIsReported() throws Exception {
        Exception failure = new Exception("failed");
        Probe child = new Probe("child").waiting().failing(failure);
        Probe other = new Probe("other").waiting();
        var handle = executor.spawn(scope(Scope.OnFailure.REPORT, s -> {
            Future<String> task = s.spawn(child);
            return Async.selectBiased(other, task);
        }));
        executor.run();
        child.fire();
        executor.step(); // the child
        other.fire();
        executor.run();
        assertTrue(handle.isFinished());
        assertEquals(1, executor.reported.size());
        assertSame(failure, executor.reported.getFirst());
    }

    @Test
    void aFailureHandlerThatThrowsCostsNoCleanup() {
        List<String> log = new ArrayList<>();
        FailureHandler throwing = (_, _) -> {
            log.add("told");
            throw new IllegalStateException("the handler's own");
        };
        Spawner spawner = new Spawner() {
            @Override
            public <T> JoinHandle<T> spawn(Future<? extends T> future) {
                throw new UnsupportedOperationException();
            }

            @Override
            public World world() {
                return World.empty().with(FailureHandler.class, throwing);
            }
        };
        Probe fails = new Probe("fails", log).waiting().cleanupFailing(new Exception("cleanup"));
        Probe second = new Probe("second", log).waiting();
        Future<?> join = Async.join(List.of(fails, second));
        Context cx = new Context(spawner);
        assertFalse(poll(join, cx).isReady());
        assertTrue(join.pollDrop(cx).isReady());
        assertEquals(List.of("drop fails", "clean fails", "told", "drop second", "clean second"), log);
    }
}
