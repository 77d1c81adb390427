package dev.latent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Item;
import dev.latent.channel.Explorer.Run;
import dev.latent.channel.Explorer.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Every order of two to four tasks over each kind of channel, with every place at which one may be dropped: each message that was sent is received,
 * left in the channel or undelivered, once; each sender's come in their order; and nobody waits who could go on.
 */
class ChannelOrdersTest {
    private interface Maker {
        Channel<Integer> make(java.util.function.Consumer<Integer> onUndelivered);
    }

    private static final List<Maker> WAITING =
            List.of(lost -> Channel.bounded(1, lost), lost -> Channel.bounded(2, lost), Channel::rendezvous);

    private static final List<Maker> ALL = List.of(
            lost -> Channel.bounded(1, lost),
            lost -> Channel.bounded(2, lost),
            lost -> Channel.local(1, lost),
            Channel::rendezvous,
            Channel::unbounded,
            lost -> Channel.dropOldest(1, lost),
            lost -> Channel.dropLatest(1, lost));

    private static final class OnChannel extends Run {
        final List<Integer> sent = new ArrayList<>();
        final List<Integer> received = new ArrayList<>();
        final List<Integer> lost = new ArrayList<>();
        final List<Integer> stuck = new ArrayList<>();
        final List<Permit<Integer>> permits = new ArrayList<>();
        final Channel<Integer> channel;
        final Receiver<Integer> inbox;
        final Receiver<Integer> second;
        boolean ended;
        boolean kept = true;

        OnChannel(Maker maker) {
            channel = maker.make(lost::add);
            inbox = channel.receiver();
            second = channel.receiver();
        }

        Step send(int value) {
            // Whoever is dropped after it was ready doesn't know that it was sent.
            return Explorer.await(
                    "send " + value, () -> channel.send(value), _ -> sent.add(value), _ -> sent.add(value));
        }

        Step trySend(int value) {
            return Explorer.call("trySend " + value, () -> {
                if (channel.trySend(value) == Sent.SENT) {
                    sent.add(value);
                }
            });
        }

        Step reserveAndSend(int... values) {
            return Explorer.await("reserve for " + values.length, () -> channel.reserveMany(values.length), permit -> {
                for (int value : values) {
                    if (permit.send(value)) {
                        sent.add(value);
                    }
                }
                permit.close();
            });
        }

        Step reserve() {
            return Explorer.await("reserve", channel::reserve, permits::add);
        }

        Step sendReserved(int value) {
            return Explorer.call("send reserved " + value, () -> {
                for (Permit<Integer> permit : permits) {
                    if (permit.left() > 0 && permit.send(value)) {
                        sent.add(value);
                    }
                }
            });
        }

        Step next() {
            return next(inbox);
        }

        Step next(Receiver<Integer> from) {
            return Explorer.await("next", from::next, next -> {
                if (next instanceof Item<Integer>(Integer value)) {
                    received.add(value);
                } else {
                    ended = true;
                }
            });
        }

        Step receiveMany(int max) {
            // What is in the list is received, whatever becomes of the number.
            return Explorer.await("receiveMany", () -> inbox.receiveMany(received, max), _ -> {});
        }

        Step tryReceive() {
            return Explorer.call("tryReceive", () -> {
                if (inbox.tryReceive() instanceof Item<Integer>(Integer value)) {
                    received.add(value);
                }
            });
        }

        Step close() {
            return Explorer.call("close", channel::close);
        }

        Step close(Receiver<Integer> which) {
            return Explorer.call("close receiver", which::close);
        }

        @Override
        boolean threw(int task, Exception thrown) {
            assertTrue(thrown instanceof ChannelClosedException && channel.isClosed(), thrown.toString());
            return true;
        }

        @Override
        void check(List<Integer> waiting) {
            stuck.addAll(waiting);
            permits.forEach(Permit::close);
            List<Integer> rest = new ArrayList<>();
            for (Receiver<Integer> receiver : List.of(inbox, second)) {
                while (receiver.tryReceive() instanceof Item<Integer>(Integer value)) {
                    rest.add(value);
                }
            }
            List<Integer> all = new ArrayList<>(received);
            all.addAll(rest);
            all.addAll(lost);
            all.sort(null);
            List<Integer> expected = new ArrayList<>(sent);
            expected.sort(null);
            assertEquals(
                    expected,
                    all,
                    "each that was sent, once: received " + received + ", left " + rest + ", lost " + lost);
            if (kept) {
                assertEquals(List.of(), lost);
            }
            inbox.close();
            second.close();
        }
    }

    private static void each(
            String name,
            List<Maker> makers,
            int drops,
            BiConsumer<OnChannel, Maker> tasks,
            java.util.function.Consumer<OnChannel> after) {
        long total = 0;
        for (Maker maker : makers) {
            Supplier<OnChannel> start = () -> {
                OnChannel run = new OnChannel(maker);
                tasks.accept(run, maker);
                return run;
            };
            total += Explorer.explore(drops, start, after);
        }
        System.out.println(name + ": " + total + " orders");
    }

    private static void inOrder(OnChannel run) {
        List<Integer> ones = run.received.stream().filter(v -> v < 10).toList();
        List<Integer> sorted = new ArrayList<>(ones);
        Collections.sort(sorted);
        assertEquals(sorted, ones, "the messages of one sender, as one receiver gets them");
    }

    @Test
    void oneSenderAndOneReceiver() {
        each(
                "1:1",
                ALL,
                2,
                (run, _) -> {
                    run.kept = !run.channel.kind.drops();
                    run.task(run.send(1), run.send(2), run.send(3), run.close());
                    run.task(run.next(), run.next(), run.next(), run.next());
                },
                ChannelOrdersTest::inOrder);
    }

    @Test
    void withoutDropsAllArrivesAndTheEnd() {
        each(
                "1:1, nothing dropped",
                List.of(WAITING.get(0), WAITING.get(1), WAITING.get(2), ALL.get(4)),
                0,
                (run, _) -> {
                    run.task(run.send(1), run.send(2), run.send(3), run.close());
                    run.task(run.next(), run.next(), run.next(), run.next());
                },
                run -> {
                    assertEquals(List.of(1, 2, 3), run.received);
                    assertTrue(run.ended);
                    assertEquals(List.of(), run.stuck);
                });
    }

    @Test
    void twoSendersAndTwoReceivers() {
        each(
                "2:2",
                WAITING,
                1,
                (run, _) -> {
                    run.task(run.send(1), run.send(2));
                    run.task(run.send(11));
                    run.task(run.next(), run.next());
                    run.task(run.next(run.second));
                },
                _ -> {});
    }

    @Test
    void threeSendersAndOneReceiver() {
        each(
                "3:1",
                WAITING,
                2,
                (run, _) -> {
                    run.task(run.send(1));
                    run.task(run.send(11));
                    run.task(run.send(21));
                    run.task(run.next(), run.next());
                },
                _ -> {});
    }

    @Test
    void oneSenderAndThreeReceivers() {
        each(
                "1:3",
                WAITING,
                2,
                (run, _) -> {
                    run.task(run.send(1), run.send(2));
                    run.task(run.next());
                    run.task(run.next(run.second));
                    run.task(run.next());
                },
                _ -> {});
    }

    @Test
    void permits() {
        each(
                "permits",
                List.of(WAITING.get(1), ALL.get(4)),
                2,
                (run, _) -> {
                    run.task(run.reserveAndSend(1, 2), run.send(3));
                    run.task(run.reserve(), run.sendReserved(11));
                    run.task(run.next(), run.next(), run.next());
                },
                _ -> {});
    }

    @Test
    void manyAtOnce() {
        each(
                "receiveMany",
                WAITING,
                2,
                (run, _) -> {
                    run.task(run.send(1), run.send(2), run.send(3));
                    run.task(run.send(11));
                    run.task(run.receiveMany(2), run.receiveMany(2));
                },
                ChannelOrdersTest::inOrder);
    }

    @Test
    void whoDoesNotWaitBesideThoseWhoDo() {
        each(
                "trySend and tryReceive",
                ALL,
                1,
                (run, _) -> {
                    run.kept = !run.channel.kind.drops();
                    run.task(run.send(1), run.trySend(2));
                    run.task(run.trySend(11), run.send(12));
                    run.task(run.next(), run.tryReceive(), run.next());
                },
                _ -> {});
    }

    @Test
    void closedAtAnyMoment() {
        each(
                "close",
                ALL,
                1,
                (run, _) -> {
                    run.kept = !run.channel.kind.drops();
                    run.task(run.send(1), run.send(2));
                    run.task(run.close());
                    run.task(run.next(), run.next(), run.next());
                    run.task(run.next(run.second));
                },
                run -> assertEquals(List.of(), run.stuck, "at the end nobody waits"));
    }

    @Test
    void theLastReceiverLeavesAtAnyMoment() {
        each(
                "receivers close",
                ALL,
                1,
                (run, _) -> {
                    run.kept = false;
                    run.task(run.send(1), run.send(2), run.reserveAndSend(3));
                    run.task(run.next(), run.close(run.inbox));
                    run.task(run.next(run.second), run.close(run.second));
                },
                run -> {
                    if (run.trace.stream()
                                    .filter(s -> s.endsWith("close receiver"))
                                    .count()
                            == 2) {
                        assertFalse(run.stuck.contains(0), "nobody will receive, so nobody waits to send");
                    }
                });
    }

    /** An explorer that finds nothing may be one that looks nowhere. */
    @Test
    void everyOrderIsTried() {
        Set<String> seen = new HashSet<>();
        Function<Run, Step[]> steps = run -> new Step[] {
            Explorer.call("a", () -> {}), Explorer.call("b", () -> {}),
        };
        long runs = Explorer.explore(
                0,
                () -> {
                    Run run = new Run();
                    run.task(steps.apply(run));
                    run.task(steps.apply(run));
                    return run;
                },
                run -> seen.add(run.trace.toString()));
        assertEquals(6, runs);
        assertEquals(6, seen.size());
    }
}
