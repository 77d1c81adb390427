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
import dev.latent.Now;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.channel.Explorer.Run;
import dev.latent.channel.Explorer.Step;
import dev.latent.channel.Heard.Lagged;
import dev.latent.channel.Heard.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BroadcastTest {
    private static <T> Item<Heard<T>> item(T value) {
        return new Item<>(new Message<>(value));
    }

    private static <T> Item<Heard<T>> missed(long count) {
        return new Item<>(new Lagged<>(count));
    }

    @Test
    void everyoneHearsEverything() throws Exception {
        Broadcast<String> news = Broadcast.of(4);
        assertEquals(0, news.send("before"));
        var one = news.subscribe();
        var other = news.subscribe();
        assertEquals(2, news.send("a"));
        assertEquals(item("a"), ready(one.next()));
        var late = news.subscribe();
        assertEquals(3, news.send("b"));
        assertEquals(item("b"), one.tryReceive());
        assertEquals(item("a"), other.tryReceive());
        assertEquals(item("b"), ready(other.next()));
        assertEquals(item("b"), ready(late.next()));
        assertEquals(Now.empty(), late.tryReceive());
    }

    @Test
    void allWhoWaitAreWoken() throws Exception {
        Broadcast<String> news = Broadcast.of(1);
        var one = pending(news.subscribe().next());
        var other = pending(news.subscribe().next());
        var dropped = pending(news.subscribe().next());
        dropped.drop();
        news.send("a");
        dropped.isNotWoken();
        assertEquals(item("a"), one.isWoken().isReady());
        assertEquals(item("a"), other.isWoken().isReady());
    }

    @Test
    void theCapacityIsExactAndWhatIsMissedIsCounted() {
        for (int capacity : new int[] {1, 2, 3, 7, 8, 9, 100}) {
            Broadcast<Integer> news = Broadcast.of(capacity);
            var slow = news.subscribe();
            for (int i = 0; i < capacity; i++) {
                news.send(i);
            }
            assertEquals(item(0), slow.tryReceive(), "nothing is missed yet, of " + capacity);
            for (int i = capacity; i < 3 * capacity + 2; i++) {
                news.send(i);
            }
            assertEquals(missed(2 * capacity + 1), slow.tryReceive());
            for (int i = 2 * capacity + 2; i < 3 * capacity + 2; i++) {
                assertEquals(item(i), slow.tryReceive());
            }
            assertEquals(Now.empty(), slow.tryReceive());
        }
    }

    /** Against a list of all that was ever sent, across many turns of the ring, which grows meanwhile. */
    @Test
    void asAListOfWhatWasSent() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int capacity = 1 + random.nextInt(20);
            Broadcast<Integer> news = Broadcast.of(capacity);
            List<Subscription<Integer>> subscriptions = new ArrayList<>();
            List<Integer> positions = new ArrayList<>();
            int sent = 0;
            for (int step = 0; step < 400; step++) {
                int op = random.nextInt(10);
                if (op < 4) {
                    assertEquals(subscriptions.size(), news.send(sent));
                    sent += subscriptions.isEmpty() ? 0 : 1;
                } else if (op == 4 && subscriptions.size() < 5) {
                    subscriptions.add(news.subscribe());
                    positions.add(sent);
                } else if (op == 5 && !subscriptions.isEmpty()) {
                    int who = random.nextInt(subscriptions.size());
                    subscriptions.remove(who).close();
                    positions.remove(who);
                } else if (!subscriptions.isEmpty()) {
                    int who = random.nextInt(subscriptions.size());
                    int at = positions.get(who);
                    Now<Heard<Integer>> expected;
                    if (at < sent - capacity) {
                        expected = missed(sent - capacity - at);
                        positions.set(who, sent - capacity);
                    } else if (at < sent) {
                        expected = item(at);
                        positions.set(who, at + 1);
                    } else {
                        expected = Now.empty();
                    }
                    assertEquals(expected, subscriptions.get(who).tryReceive(), "seed " + seed + ", step " + step);
                }
            }
        }
    }

    @Test
    void theEndTakesNoPlace() throws Exception {
        Broadcast<String> news = Broadcast.of(1);
        var one = news.subscribe();
        var waits = pending(news.subscribe().next());
        news.send("a");
        waits.isWoken().isReady();
        var two = pending(news.subscribe().next());
        news.close();
        news.close();
        assertTrue(news.isClosed());
        assertEquals(0, news.send("b"));
        assertSame(Next.end(), two.isWoken().isReady());
        assertEquals(item("a"), ready(one.next()));
        assertSame(Next.end(), ready(one.next()));
        assertSame(Next.end(), one.tryReceive());
        assertSame(Next.end(), ready(news.subscribe().next()));
    }

    @Test
    void aSubscriptionThatIsClosedHearsNothing() throws Exception {
        Broadcast<String> news = Broadcast.of(4);
        var mine = news.subscribe();
        var waits = pending(mine.next());
        mine.close();
        mine.close();
        assertEquals(0, news.subscribers());
        assertSame(Next.end(), waits.isWoken().isReady());
        assertSame(Next.end(), mine.tryReceive());
        assertEquals(0, news.send("a"));
    }

    @Test
    void whatWasFoundAndNotHeardComesAgain() throws Exception {
        Broadcast<String> news = Broadcast.of(1);
        var mine = news.subscribe();
        news.send("a");
        news.send("b");
        var lagged = new Polled<>(mine.next());
        lagged.undelivered(lagged.isReady());
        assertEquals(missed(1), mine.tryReceive());
        var message = new Polled<>(mine.next());
        Next<Heard<String>> b = message.isReady();
        var waits = pending(mine.next());
        message.undelivered(b);
        assertEquals(item("b"), waits.isWoken().isReady());
        news.send("c");
        var stale = new Polled<>(mine.next());
        Next<Heard<String>> c = stale.isReady();
        news.send("d");
        assertEquals(item("d"), mine.tryReceive());
        stale.undelivered(c);
        assertEquals(Now.empty(), mine.tryReceive(), "something was heard since, so it doesn't come behind that");
    }

    @Test
    void theNowPath() throws Exception {
        Broadcast<String> news = Broadcast.of(2);
        var mine = news.subscribe();
        Context cx = new Context(new Nowhere());
        assertSame(Poll.pending(), mine.nextNow(cx));
        news.send("a");
        assertEquals(item("a"), mine.nextNow(cx));
        assertThrows(IllegalArgumentException.class, () -> Broadcast.of(0));
        assertThrows(NullPointerException.class, () -> news.send(null));
    }

    @Test
    void everyOrder() {
        class Heard2 extends Run {
            final Broadcast<Integer> news = Broadcast.of(1);
            final List<Subscription<Integer>> all = new ArrayList<>();
            final long[] heard = new long[2];
            int sent;

            Heard2() {
                task(send(), send(), Explorer.call("close", news::close));
                for (int i = 0; i < 2; i++) {
                    all.add(news.subscribe());
                    task(next(i), next(i), next(i));
                }
            }

            private Step send() {
                return Explorer.call("send", () -> {
                    news.send(sent);
                    sent++;
                });
            }

            private Step next(int who) {
                return Explorer.await("next", all.get(who)::next, next -> count(who, next));
            }

            private void count(int who, Object next) {
                if (next instanceof Item<?>(Lagged<?>(long missed))) {
                    heard[who] += missed;
                } else if (next instanceof Item<?>(Message<?>(Object value))) {
                    assertEquals(
                            heard[who], ((Integer) value).longValue(), "what it hears, and how much it has missed");
                    heard[who]++;
                }
            }

            @Override
            void check(List<Integer> stuck) {
                assertEquals(List.of(), stuck, "it is closed");
                for (int i = 0; i < 2; i++) {
                    Now<Heard<Integer>> next;
                    while ((next = all.get(i).tryReceive()) instanceof Item) {
                        count(i, next);
                    }
                    assertEquals(sent, heard[i]);
                }
            }
        }
        System.out.println("broadcast: " + Explorer.explore(1, Heard2::new) + " orders");
    }
}
