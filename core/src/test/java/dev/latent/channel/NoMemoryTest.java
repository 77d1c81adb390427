package dev.latent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Memory;
import dev.latent.Next;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.ScarceLoader;
import dev.latent.channel.Heard.Lagged;
import dev.latent.channel.Heard.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each place at which a channel takes memory, without it: no message and no place is lost, and nobody waits for ever. */
class NoMemoryTest {
    @TestFactory
    List<DynamicTest> withoutMemory() {
        return ScarceLoader.tests(Scenes.class);
    }

    private static final class Scenes {
        /** A channel, and what has become of its messages. */
        private static final class Here {
            final List<Integer> lost = new ArrayList<>();
            final List<Integer> got = new ArrayList<>();
            final Channel<Integer> channel;
            final Receiver<Integer> inbox;

            Here(int capacity) {
                channel = capacity == 0 ? Channel.unbounded(lost::add) : Channel.bounded(capacity, lost::add);
                inbox = channel.receiver();
            }

            Here sent(int... messages) {
                for (int message : messages) {
                    assertEquals(Sent.SENT, channel.trySend(message));
                }
                return this;
            }

            void took(Object next) {
                if (next instanceof Item<?>(Integer message)) {
                    got.add(message);
                } else if (next instanceof Integer message) {
                    got.add(message);
                }
            }

            /** Each of {@code messages} was received, is there, or is undelivered, once. */
            void has(Integer... messages) {
                while (inbox.tryReceive() instanceof Item<Integer>(Integer message)) {
                    got.add(message);
                }
                got.addAll(lost);
                got.sort(null);
                assertEquals(List.of(messages), got);
            }

            /** So many places are free. */
            void hasPlaces(int n) {
                int free = 0;
                while (channel.trySend(-1) == Sent.SENT) {
                    free++;
                }
                assertEquals(n, free, "places");
            }
        }

        /** Polls once: {@return what was ready, or null} */
        private static Object polled(Polled<?> polled) throws Exception {
            return polled.poll() instanceof Poll.Ready<?>(Object value) ? value : null;
        }

        private static void receives(String name, Function<Receiver<Integer>, Future<?>> how) {
            Memory.endsAnywhere(name + ", ready", run -> {
                Here here = new Here(4).sent(1, 2);
                Polled<?> one = new Polled<>(how.apply(here.inbox));
                run.scarce(() -> here.took(polled(one)));
                here.has(1, 2);
                here.hasPlaces(4);
            });
            Memory.endsAnywhere(name + ", told", run -> {
                Here here = new Here(4);
                List<Polled<?>> waiting = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    waiting.add(new Polled<>(how.apply(here.inbox)));
                    assertEquals(null, silently(waiting.get(i)));
                }
                here.sent(1);
                if (!run.scarce(() -> here.took(polled(waiting.getFirst())))) {
                    waiting.getLast().isWoken();
                    here.took(silently(waiting.getLast()));
                    assertEquals(List.of(1), here.got);
                }
                here.has(1);
                waiting.getLast().drop();
                here.hasPlaces(4);
            });
            Memory.endsAnywhere(name + ", waits", run -> {
                Here here = new Here(4);
                Polled<?> waits = new Polled<>(how.apply(here.inbox));
                if (!run.scarce(() -> here.took(polled(waits)))) {
                    Polled<?> next = new Polled<>(how.apply(here.inbox));
                    assertEquals(null, silently(next));
                    here.sent(1);
                    next.isWoken();
                    here.took(silently(next));
                    here.has(1);
                }
            });
            Memory.endsAnywhere(name + ", ready and undelivered, as the ring grows", run -> {
                Here here = new Here(8).sent(EIGHT);
                Polled<?> one = new Polled<>(how.apply(here.inbox));
                Object found = silently(one);
                here.sent(9);
                run.scarce(() -> one.undelivered(found));
                here.has(1, 2, 3, 4, 5, 6, 7, 8, 9);
            });
        }

        private static Object silently(Polled<?> polled) {
            try {
                return polled(polled);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        static void next() {
            receives("next", Receiver::next);
        }

        static void receive() {
            receives("receive", Receiver::receive);
        }

        static void receiveMany() {
            for (int max : new int[] {1, 4}) {
                Memory.endsAnywhere("receiveMany", run -> {
                    Here here = new Here(4).sent(1, 2);
                    Polled<Integer> many = new Polled<>(here.inbox.receiveMany(here.got, max));
                    run.scarce(() -> polled(many));
                    here.has(1, 2);
                    here.hasPlaces(4);
                });
            }
            Memory.endsAnywhere("receiveMany, told", run -> {
                Here here = new Here(4);
                Polled<Integer> many = new Polled<>(here.inbox.receiveMany(here.got, 3));
                Polled<Next<Integer>> next = new Polled<>(here.inbox.next());
                assertEquals(null, silently(many));
                assertEquals(null, silently(next));
                here.sent(1);
                if (!run.scarce(() -> polled(many)) && here.got.isEmpty()) {
                    here.took(silently(next.isWoken()));
                    assertEquals(List.of(1), here.got);
                }
                here.has(1);
            });
        }

        static void withoutAFuture() {
            Memory.endsAnywhere("nextNow", run -> {
                Here here = new Here(2).sent(1, 2);
                Context cx = new Context(new Nowhere());
                run.scarce(() -> here.took(here.inbox.nextNow(cx)));
                here.has(1, 2);
            });
            Memory.endsAnywhere("tryReceive", run -> {
                Here here = new Here(2).sent(1, 2);
                run.scarce(() -> here.took(here.inbox.tryReceive()));
                here.has(1, 2);
            });
            Memory.endsAnywhere("nextNow, others wait for places", run -> {
                Here here = new Here(1).sent(1);
                Polled<Void> sends = new Polled<>(here.channel.send(2));
                assertFalse(pending(sends));
                Context cx = new Context(new Nowhere());
                if (!run.scarce(() -> here.took(here.inbox.nextNow(cx)))) {
                    here.took(here.inbox.nextNow(cx));
                }
                assertTrue(pending(sends), "there is a place");
                here.has(1, 2);
            });
        }

        private static boolean pending(Polled<?> polled) {
            try {
                return polled.poll().isReady();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static final int[] EIGHT = {1, 2, 3, 4, 5, 6, 7, 8};

        static void sends() {
            Memory.endsAnywhere("send, as the ring grows", run -> {
                Here here = new Here(16).sent(EIGHT);
                Polled<Void> send = new Polled<>(here.channel.send(9));
                boolean sent = run.scarce(() -> assertTrue(pending(send)));
                here.hasPlaces(sent ? 7 : 8);
            });
            Memory.endsAnywhere("trySend, as the ring grows", run -> {
                Here here = new Here(16).sent(EIGHT);
                boolean sent = run.scarce(() -> here.sent(9));
                here.hasPlaces(sent ? 7 : 8);
            });
            Memory.endsAnywhere("send that was granted, as the ring grows", run -> {
                Here here = new Here(9).sent(EIGHT);
                Permit<Integer> permit = here.channel.tryReserve().orElseThrow();
                Polled<Void> send = new Polled<>(here.channel.send(9));
                Polled<Void> behind = new Polled<>(here.channel.send(10));
                assertFalse(pending(send));
                assertFalse(pending(behind));
                permit.close();
                if (!run.scarce(() -> assertTrue(pending(send)))) {
                    assertTrue(pending(behind.isWoken()), "the place goes on to the next");
                    here.has(1, 2, 3, 4, 5, 6, 7, 8, 10);
                }
            });
            Memory.endsAnywhere("send that waits", run -> {
                Here here = new Here(1).sent(1);
                Polled<Void> send = new Polled<>(here.channel.send(2));
                if (!run.scarce(() -> assertFalse(pending(send)))) {
                    Polled<Void> other = new Polled<>(here.channel.send(3));
                    assertFalse(pending(other));
                    here.took(here.inbox.tryReceive());
                    assertTrue(pending(other.isWoken()));
                }
            });
        }

        static void permits() {
            Memory.endsAnywhere("reserve", run -> {
                Here here = new Here(3);
                Polled<Permit<Integer>> reserve = new Polled<>(here.channel.reserveMany(2));
                boolean has = run.scarce(() -> assertTrue(pending(reserve)));
                here.hasPlaces(has ? 1 : 3);
                here.channel.close();
                while (here.inbox.tryReceive() instanceof Item) {}
                assertEquals(!has, here.inbox.tryReceive() instanceof dev.latent.End, "no permit is out");
            });
            Memory.endsAnywhere("reserve that was granted", run -> {
                Here here = new Here(1).sent(1);
                Polled<Permit<Integer>> reserve = new Polled<>(here.channel.reserve());
                Polled<Void> behind = new Polled<>(here.channel.send(2));
                assertFalse(pending(reserve));
                assertFalse(pending(behind));
                here.took(here.inbox.tryReceive());
                if (!run.scarce(() -> assertTrue(pending(reserve)))) {
                    assertTrue(pending(behind.isWoken()));
                }
            });
            Memory.isNotTaken("reserve, undelivered", run -> {
                Here here = new Here(1);
                Polled<Permit<Integer>> reserve = new Polled<>(here.channel.reserve());
                Object permit = silently(reserve);
                Polled<Void> behind = new Polled<>(here.channel.send(2));
                assertFalse(pending(behind));
                run.scarce(() -> reserve.undelivered(permit));
                assertTrue(pending(behind.isWoken()));
            });
            Memory.endsAnywhere("tryReserve", run -> {
                Here here = new Here(3);
                List<Optional<?>> got = new ArrayList<>();
                run.scarce(() -> got.add(here.channel.tryReserve()));
                here.hasPlaces(3 - got.size());
            });
            Memory.endsAnywhere("a permit's send, as the ring grows", run -> {
                Here here = new Here(16).sent(EIGHT);
                Permit<Integer> permit = here.channel.tryReserve().orElseThrow();
                boolean sent = run.scarce(() -> permit.send(9));
                assertEquals(sent ? 0 : 1, permit.left());
                permit.close();
                here.hasPlaces(sent ? 7 : 8);
                here.channel.close();
                while (here.inbox.tryReceive() instanceof Item) {}
                assertInstanceOf(dev.latent.End.class, here.inbox.tryReceive());
            });
        }

        static void ends() {
            Memory.isNotTaken("the last receiver's close", run -> {
                Here here = new Here(2);
                Polled<Next<Integer>> waits = new Polled<>(here.inbox.next());
                assertFalse(pending(waits));
                Polled<Void> closed = new Polled<>(here.channel.closed());
                assertFalse(pending(closed));
                run.scarce(here.inbox::close);
                here.inbox.close();
                assertTrue(pending(waits.isWoken()));
                assertTrue(pending(closed.isWoken()));
            });
            Memory.isNotTaken("the last receiver's close, and what is left", run -> {
                Here here = new Here(2).sent(1, 2);
                Polled<Void> send = new Polled<>(here.channel.send(3));
                assertFalse(pending(send));
                run.scarce(here.inbox::close);
                here.inbox.close();
                assertEquals(1, send.wakes);
                assertEquals(List.of(1, 2), here.lost);
            });
            Memory.endsAnywhere("receiver", run -> {
                Here here = new Here(2).sent(1);
                List<Receiver<Integer>> more = new ArrayList<>();
                run.scarce(() -> more.add(here.channel.receiver()));
                more.forEach(Receiver::close);
                here.inbox.close();
                assertTrue(here.channel.isClosed(), "none is left that nobody has");
            });
            Memory.endsAnywhere("newSender", run -> {
                Here here = new Here(2).sent(1);
                Sender<Integer> counted = here.channel.newSender();
                List<Sender<Integer>> more = new ArrayList<>();
                run.scarce(() -> more.add(here.channel.newSender()));
                more.forEach(Sender::close);
                counted.close();
                assertTrue(here.channel.isClosed());
            });
            Memory.endsAnywhere("closed", run -> {
                Here here = new Here(2);
                Polled<Void> closed = new Polled<>(here.channel.closed());
                run.scarce(() -> assertFalse(pending(closed)));
                Polled<Void> again = new Polled<>(here.channel.closed());
                assertFalse(pending(again));
                here.channel.close();
                assertTrue(pending(again.isWoken()));
            });
        }

        static void oneshot() {
            Memory.endsAnywhere("oneshot, sent", run -> {
                Oneshot<Integer> oneshot = Oneshot.create();
                Polled<Integer> waits = new Polled<>(oneshot.receive());
                assertFalse(pending(waits));
                if (!run.scarce(() -> oneshot.send(1))) {
                    assertTrue(oneshot.send(1));
                }
                assertEquals(1, silently(waits.isWoken()));
            });
            Memory.endsAnywhere("oneshot, undelivered", run -> {
                List<Integer> lost = new ArrayList<>();
                Oneshot<Integer> oneshot = Oneshot.create(lost::add);
                oneshot.send(1);
                Polled<Integer> receive = new Polled<>(oneshot.receive());
                Object found = silently(receive);
                if (!run.scarce(() -> receive.undelivered(found)) || !lost.isEmpty()) {
                    assertEquals(List.of(1), lost);
                } else {
                    assertEquals(1, oneshot.receiveNow(new Context(new Nowhere())));
                }
            });
            Memory.isNotTaken("oneshot, closed with its value", run -> {
                List<Integer> lost = new ArrayList<>();
                Oneshot<Integer> oneshot = Oneshot.create(lost::add);
                Polled<Void> closed = new Polled<>(oneshot.closed());
                assertFalse(pending(closed));
                oneshot.send(1);
                run.scarce(oneshot::close);
                assertEquals(List.of(1), lost);
                assertTrue(pending(closed.isWoken()));
            });
            Memory.endsAnywhere("oneshot, who waits for its end", run -> {
                Oneshot<Integer> oneshot = Oneshot.create();
                Polled<Void> closed = new Polled<>(oneshot.closed());
                run.scarce(() -> pending(closed));
                Polled<Void> again = new Polled<>(oneshot.closed());
                assertFalse(pending(again));
                oneshot.close();
                assertTrue(pending(again.isWoken()));
            });
        }

        private static int heard(Object next) {
            return switch (next) {
                case Item<?>(Message<?>(Integer message)) -> message;
                case Item<?>(Lagged<?>(long missed)) -> (int) -missed;
                default -> 0;
            };
        }

        static void broadcast() {
            Memory.endsAnywhere("broadcast, heard", run -> {
                Broadcast<Integer> news = Broadcast.of(2);
                Subscription<Integer> mine = news.subscribe();
                Polled<Next<Heard<Integer>>> next = new Polled<>(mine.next());
                assertFalse(pending(next));
                news.send(1);
                int[] got = {0};
                if (!run.scarce(() -> got[0] = heard(polled(next)))) {
                    got[0] = heard(mine.tryReceive());
                }
                assertEquals(1, got[0]);
            });
            for (boolean now : new boolean[] {false, true}) {
                Memory.endsAnywhere("broadcast, missed", run -> {
                    Broadcast<Integer> news = Broadcast.of(2);
                    Subscription<Integer> mine = news.subscribe();
                    for (int i = 1; i <= 5; i++) {
                        news.send(i);
                    }
                    Polled<Next<Heard<Integer>>> next = new Polled<>(mine.next());
                    int[] got = {0};
                    Context cx = new Context(new Nowhere());
                    if (!run.scarce(() -> got[0] = heard(now ? mine.nextNow(cx) : polled(next)))) {
                        got[0] = heard(mine.tryReceive());
                    }
                    assertEquals(-3, got[0]);
                    assertEquals(4, heard(mine.tryReceive()));
                });
            }
            Memory.endsAnywhere("broadcast, subscribed and sent", run -> {
                Broadcast<Integer> news = Broadcast.of(2);
                List<Subscription<Integer>> all = new ArrayList<>();
                run.scarce(() -> all.add(news.subscribe()));
                assertEquals(all.size(), news.subscribers(), "none that nobody has");
            });
            Memory.endsAnywhere("broadcast, as the ring grows", run -> {
                Broadcast<Integer> news = Broadcast.of(20);
                Subscription<Integer> mine = news.subscribe();
                for (int i = 1; i <= 8; i++) {
                    news.send(i);
                }
                boolean sent = run.scarce(() -> news.send(9));
                for (int i = 1; i <= (sent ? 9 : 8); i++) {
                    assertEquals(i, heard(mine.tryReceive()));
                }
            });
        }

        static void watch() {
            for (boolean now : new boolean[] {false, true}) {
                Memory.endsAnywhere("watch, changes", run -> {
                    Watch<Integer> watch = Watch.of(1);
                    var changes = watch.changes();
                    Polled<Next<Integer>> next = new Polled<>(changes.next());
                    Context cx = new Context(new Nowhere());
                    Object[] got = {null};
                    if (!run.scarce(() -> got[0] = now ? changes.nextNow(cx) : polled(next))) {
                        got[0] = changes.nextNow(cx);
                    }
                    assertEquals(new Item<>(1), got[0]);
                });
            }
            Memory.endsAnywhere("watch, set", run -> {
                Watch<Integer> watch = Watch.of(1);
                Polled<Integer> until = new Polled<>(watch.until(n -> n > 1));
                assertFalse(pending(until));
                if (!run.scarce(() -> watch.set(2))) {
                    watch.set(2);
                }
                assertEquals(2, silently(until.isWoken()));
            });
            Memory.endsAnywhere("watch, closed", run -> {
                Watch<Integer> watch = Watch.of(1);
                var changes = watch.changes();
                changes.nextNow(new Context(new Nowhere()));
                Polled<Next<Integer>> next = new Polled<>(changes.next());
                if (run.scarce(() -> assertFalse(pending(next)))) {
                    watch.close();
                    assertEquals(Next.end(), silently(next.isWoken()));
                }
                run.scarce(watch::close);
                watch.close();
                assertTrue(watch.isClosed());
            });
        }
    }
}
