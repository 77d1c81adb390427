package dev.latent.channel;

import static dev.latent.channel.Polled.pending;
import static dev.latent.channel.Polled.ready;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.channel.Explorer.Run;
import dev.latent.channel.Explorer.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final Watch<Integer> watch = Watch.of(0);

    @Test
    void changesBeginWithTheValueNowAndKeepTheLatestOnly() throws Exception {
        Source<Integer> changes = watch.changes();
        assertEquals(new Item<>(0), ready(changes.next()));
        var waits = pending(changes.next());
        watch.set(1);
        watch.set(2);
        assertEquals(new Item<>(2), waits.isWoken().isReady());
        pending(changes.next());
        assertEquals(2, watch.get());
        assertEquals(new Item<>(2), ready(watch.changes().next()));
    }

    @Test
    void equalValuesAreKept() throws Exception {
        Source<Integer> changes = watch.changes();
        ready(changes.next());
        watch.set(0);
        assertEquals(new Item<>(0), ready(changes.next()));
    }

    @Test
    void untilLooksAtOnce() throws Exception {
        assertEquals(0, ready(watch.until(n -> n == 0)));
        var waits = pending(watch.until(n -> n > 1));
        watch.set(1);
        waits.isWoken().isPending();
        watch.set(5);
        assertEquals(5, waits.isWoken().isReady());
    }

    @Test
    void whatAConditionThrowsIsThrownAndNobodyWaits() throws Exception {
        var waits = pending(watch.until(n -> {
            if (n == 1) {
                throw new IllegalStateException("one");
            }
            return false;
        }));
        watch.set(1);
        assertThrows(IllegalStateException.class, waits.isWoken()::poll);
        watch.set(2);
        waits.isNotWoken();
    }

    @Test
    void aValueThatIsSetWhileAConditionLooksIsNotMissed() throws Exception {
        assertEquals(7, ready(watch.until(n -> {
            if (n == 0) {
                watch.set(7);
            }
            return n == 7;
        })));
    }

    @Test
    void anUpdateThatComesTooLateIsMadeAgain() {
        int[] calls = {0};
        assertEquals(11, watch.update(n -> {
            if (calls[0]++ == 0) {
                watch.set(10);
            }
            return n + 1;
        }));
        assertEquals(2, calls[0]);
        assertEquals(11, watch.get());
    }

    @Test
    void theEndComesBehindTheLastValue() throws Exception {
        Source<Integer> changes = watch.changes();
        Source<Integer> other = watch.changes();
        ready(other.next());
        var waits = pending(other.next());
        var until = pending(watch.until(n -> n > 5));
        watch.set(1);
        waits.isWoken().isReady();
        until.isWoken().isPending();
        watch.close();
        watch.close();
        assertTrue(watch.isClosed());
        assertThrows(ChannelClosedException.class, until.isWoken()::poll);
        assertThrows(ChannelClosedException.class, () -> watch.set(2));
        assertThrows(ChannelClosedException.class, () -> watch.update(n -> n));
        assertEquals(new Item<>(1), ready(changes.next()));
        assertSame(Next.end(), ready(changes.next()));
        assertEquals(1, ready(watch.until(n -> n == 1)));
        assertEquals(new Item<>(1), ready(watch.changes().next()));
    }

    @Test
    void changesThatAreClosedEnd() throws Exception {
        Source<Integer> changes = watch.changes();
        ready(changes.next());
        var waits = pending(changes.next());
        changes.close();
        changes.close();
        assertSame(Next.end(), waits.isWoken().isReady());
        watch.set(3);
        assertSame(Next.end(), ready(changes.next()));
    }

    @Test
    void whatWasFoundAndNotSeenComesAgain() throws Exception {
        Source<Integer> changes = watch.changes();
        var found = new Polled<>(changes.next());
        Next<Integer> zero = found.isReady();
        var waits = pending(changes.next());
        found.undelivered(zero);
        assertEquals(new Item<>(0), waits.isWoken().isReady());
    }

    /** Who comes in the middle of a change sees the value before it and the one after it, or that one alone: never none. */
    @Test
    void whoComesWhileItChangesSeesTheLatest() throws Exception {
        List<Source<Integer>> came = new ArrayList<>();
        watch.update(n -> {
            came.add(watch.changes());
            came.add(watch.changes());
            try {
                assertEquals(new Item<>(0), ready(came.getFirst().next()));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return 1;
        });
        for (Source<Integer> changes : came) {
            assertEquals(new Item<>(1), ready(changes.next()));
            pending(changes.next());
        }
        int rounds = 2_000;
        for (int i = 0; i < rounds; i++) {
            Watch<Integer> changed = Watch.of(0);
            Thread other = new Thread(() -> changed.set(1));
            other.start();
            Source<Integer> changes = changed.changes();
            int last = -1;
            while (last != 1) {
                if (changes.nextNow(new Context(new Nowhere())) instanceof Item<?>(Integer value)) {
                    assertTrue(value > last, "the same again");
                    last = value;
                }
            }
            other.join();
            pending(changes.next());
        }
    }

    @Test
    void whoIsDroppedIsNotWoken() throws Exception {
        var until = pending(watch.until(n -> n > 5));
        until.drop();
        watch.set(6);
        until.isNotWoken();
    }

    @Test
    void theNowPath() throws Exception {
        Source<Integer> changes = watch.changes();
        Context cx = new Context(new Nowhere());
        assertEquals(new Item<>(0), changes.nextNow(cx));
        assertSame(Poll.pending(), changes.nextNow(cx));
        watch.close();
        assertSame(Next.end(), changes.nextNow(cx));
    }

    @Test
    void everyOrder() {
        class Seen extends Run {
            final Watch<Integer> watch = Watch.of(0);
            final Source<Integer> changes = watch.changes();
            final List<Integer> seen = new ArrayList<>();

            Seen() {
                task(set(1), set(2), Explorer.call("close", watch::close));
                task(next(), next(), next(), next());
                task(Explorer.await("until", () -> watch.until(n -> n >= 2), n -> assertEquals(2, n)));
            }

            private Step set(int value) {
                return Explorer.call("set " + value, () -> watch.set(value));
            }

            private Step next() {
                return Explorer.await("next", changes::next, next -> {
                    if (next instanceof Item<Integer>(Integer n)) {
                        assertTrue(seen.isEmpty() || seen.getLast() < n);
                        seen.add(n);
                    } else {
                        assertEquals(2, seen.getLast(), "the end comes behind the last value");
                    }
                });
            }

            @Override
            boolean threw(int task, Exception thrown) {
                return true;
            }

            @Override
            void check(List<Integer> stuck) {
                assertEquals(List.of(), stuck);
            }
        }
        System.out.println("watch: " + Explorer.explore(2, Seen::new) + " orders");
    }
}
