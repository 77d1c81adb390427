package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PriorityOrderTest {
    private final List<String> polled = new ArrayList<>();
    private final LocalExecutor executor =
            LocalExecutor.builder().order(ReadyOrder.byPriority()).build();

    private Future<String> noting(String name, int polls) {
        AtomicInteger left = new AtomicInteger(polls);
        return Hand.poll(cx -> {
            polled.add(name);
            if (left.decrementAndGet() == 0) {
                return Poll.ready(name);
            }
            cx.waker().wake();
            return Poll.pending();
        });
    }

    private void spawn(Future<String> future) {
        executor.spawn(future).detach();
    }

    @Test
    void theHighestComesFirstAndThenTheOldest() {
        spawn(noting("a", 1));
        spawn(Async.prioritized(1, noting("b", 2)));
        spawn(Async.prioritized(-1, noting("c", 1)));
        spawn(Async.named("d", Async.prioritized(2, noting("d", 1))));
        spawn(Async.prioritized(1, noting("e", 1)));
        executor.runUntilStalled();
        assertEquals(List.of("d", "b", "e", "b", "a", "c"), polled);
    }

    @Test
    void whoIsLowHasATurnInSixteen() {
        spawn(noting("low", 5));
        for (int i = 0; i < 4; i++) {
            spawn(Async.prioritized(1, noting("high", 100)));
        }
        executor.runUntilStalled();
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < polled.size(); i++) {
            if (polled.get(i).equals("low")) {
                turns.add(i + 1);
            }
        }
        assertEquals(405, polled.size());
        assertEquals(PriorityOrder.TURNS, (int) turns.getFirst());
    }

    @Test
    void ofALongQueueTheFirstAreCompared() {
        for (int i = 0; i < PriorityOrder.FIRST; i++) {
            spawn(noting("low", 1));
        }
        spawn(Async.prioritized(1, noting("high", 1)));
        executor.runUntilStalled();
        assertEquals(1, polled.indexOf("high"), "one had to go before it was among the first");
    }

    @Test
    void oneThatHasEndedInTheQueueIsPassedOver() throws Exception {
        var gone = executor.spawn(Async.prioritized(9, noting("gone", 1)));
        spawn(noting("a", 1));
        gone.close();
        executor.runUntilStalled();
        assertEquals(List.of("a"), polled);
    }
}
