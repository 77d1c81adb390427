package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.channel.Channel;
import dev.latent.channel.Polled;
import dev.latent.channel.Receiver;
import dev.latent.stream.AsyncStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each place at which combinators, sets of futures and streams take memory, without it: a value is received, where it was, or let go. */
class NoMemoryTest {
    @TestFactory
    List<DynamicTest> withoutMemory() {
        return ScarceLoader.tests(Scenes.class);
    }

    private static final class Scenes {
        /** A value that has to be closed. */
        private static final class Thing implements Releasable {
            final int number;
            int closed;
            int received;

            Thing(int number) {
                this.number = number;
            }

            @Override
            public void close() {
                closed++;
            }

            @Override
            public String toString() {
                return number + ": received " + received + ", closed " + closed;
            }
        }

        /** Gives a value, which is its own until then. */
        private static final class Gives extends OwnedFuture<Thing> {
            private final Thing thing;
            private final Poll<Thing> ready;

            Gives(Thing thing) {
                this.thing = thing;
                this.ready = Poll.ready(thing);
            }

            @Override
            protected Poll<Thing> pollOwned(Context cx) {
                return ready;
            }

            @Override
            protected void dropOwned() {
                thing.close();
            }
        }

        private static final class Things {
            final List<Thing> all = IntStream.range(0, 12).mapToObj(Thing::new).toList();
            final Channel<Thing> channel = Channel.unbounded();
            final Receiver<Thing> inbox = channel.receiver();

            Things sent() {
                all.forEach(channel::trySend);
                channel.close();
                return this;
            }

            /** Received, in whatever it came. */
            static void receive(Object value) {
                switch (value) {
                    case Thing thing -> thing.received++;
                    case Item<?>(Object item) -> receive(item);
                    case First<?, ?, ?, ?>(Object won) -> receive(won);
                    case Timed.InTime<?>(Object inTime) -> receive(inTime);
                    case Outcome.Ok<?>(Object ok) -> receive(ok);
                    case Joined<?, ?>(var _, Object outcome) -> receive(outcome);
                    case Tuple2<?, ?>(Object a, Object b) -> {
                        receive(a);
                        receive(b);
                    }
                    case List<?> list -> list.forEach(Things::receive);
                    case null, default -> {}
                }
            }

            /** Each is somewhere, once. */
            void areAccountedFor() {
                while (inbox.tryReceive() instanceof Item<Thing>(Thing thing)) {
                    thing.received++;
                }
                for (Thing thing : all) {
                    assertEquals(1, thing.received + thing.closed, thing + " of " + all);
                }
            }
        }

        private static boolean receives(Polled<?> polled) throws Exception {
            if (polled.poll() instanceof Poll.Ready<?>(Object value)) {
                Things.receive(value);
                return true;
            }
            return false;
        }

        private static void around(String name, Function<Receiver<Thing>, Future<?>> made) {
            Memory.endsAnywhere(name, run -> {
                Things things = new Things().sent();
                Polled<?> polled = new Polled<>(made.apply(things.inbox));
                run.scarce(() -> assertTrue(receives(polled)));
                things.areAccountedFor();
            });
            Memory.mayEnd(name + ", undelivered", run -> {
                Things things = new Things().sent();
                Polled<?> polled = new Polled<>(made.apply(things.inbox));
                Object value = ready(polled);
                run.scarce(() -> polled.undelivered(value));
                things.areAccountedFor();
            });
        }

        private static Object ready(Polled<?> polled) {
            try {
                return polled.isReady();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        static void combinators() {
            around("next", Receiver::next);
            around("settle", inbox -> Async.settle(inbox.next()));
            around("select", inbox -> Async.select(inbox.next(), Futures.pending()));
            around("join", inbox -> Async.join(inbox.next(), inbox.receive()));
            around("join of many", inbox -> Async.join(List.of(inbox.receive(), inbox.receive())));
            around("race", inbox -> Async.race(List.of(inbox.receive(), Futures.<Thing>pending())));
            around("now", inbox -> Futures.now(inbox.receive()));
            for (boolean thrown : new boolean[] {false, true}) {
                Memory.endsAnywhere("timeout", run -> {
                    Things things = new Things().sent();
                    TestExecutor executor = new TestExecutor();
                    Duration second = Duration.ofSeconds(1);
                    Future<?> limited = thrown
                            ? Async.timeout(second, things.inbox.next())
                            : Async.withTimeout(second, things.inbox.next());
                    executor.cx.begin(Waker.noop());
                    run.scarce(() -> {
                        if (limited.poll(executor.cx) instanceof Poll.Ready<?>(Object value)) {
                            Things.receive(value);
                        }
                    });
                    things.areAccountedFor();
                });
            }
        }

        static void sets() {
            for (boolean ordered : new boolean[] {false, true}) {
                Memory.endsAnywhere(ordered ? "futures ordered" : "futures unordered", run -> {
                    Things things = new Things();
                    List<Future<Thing>> futures =
                            things.all.stream().<Future<Thing>>map(Gives::new).toList();
                    Source<Thing> set = ordered ? FuturesOrdered.of(futures) : FuturesUnordered.of(futures);
                    run.scarce(() -> {
                        while (true) {
                            Polled<?> next = new Polled<>(set.next());
                            if (next.poll() instanceof Poll.Ready<?>(Item<?>(Thing thing))) {
                                thing.received++;
                            } else {
                                return;
                            }
                        }
                    });
                    set.close();
                    things.areAccountedFor();
                });
            }
        }

        static void tasks() {
            for (boolean now : new boolean[] {false, true}) {
                Memory.endsAnywhere("join set", run -> {
                    Things things = new Things();
                    TestExecutor executor = new TestExecutor();
                    JoinSet<Thing> set = JoinSet.in(executor);
                    things.all.forEach(thing -> set.spawn(Futures.ready(thing)));
                    executor.run();
                    run.scarce(() -> takeAll(set, now, executor));
                    set.close();
                    things.areAccountedFor();
                });
                Memory.endsAnywhere("join map", run -> {
                    Things things = new Things();
                    TestExecutor executor = new TestExecutor();
                    JoinMap<Integer, Thing> map = JoinMap.in(executor);
                    things.all.forEach(thing -> map.spawn(thing.number, Futures.ready(thing)));
                    executor.run();
                    run.scarce(() -> takeAll(map, now, executor));
                    map.close();
                    things.areAccountedFor();
                });
            }
            Memory.endsAnywhere("spawn in a join map", run -> {
                TestExecutor executor = new TestExecutor();
                JoinMap<Integer, Thing> map = JoinMap.in(executor);
                boolean spawned = run.scarce(() -> map.spawn(1, Futures.pending()));
                executor.run();
                assertEquals(spawned ? 1 : 0, map.size());
                assertEquals(spawned, map.contains(1));
                map.close();
            });
            Memory.endsAnywhere("first success", run -> {
                Things things = new Things();
                TestExecutor executor = new TestExecutor();
                JoinSet<Thing> set = JoinSet.in(executor);
                things.all.forEach(thing -> set.spawn(Futures.ready(thing)));
                executor.run();
                Polled<Thing> first = new Polled<>(set.firstSuccess());
                run.scarce(() -> receives(first));
                set.close();
                executor.run();
                things.areAccountedFor();
            });
        }

        private static void takeAll(Source<?> source, boolean now, TestExecutor executor) throws Exception {
            for (int i = 0; i < 12; i++) {
                executor.cx.begin(Waker.noop());
                if (now) {
                    Things.receive(source.nextNow(executor.cx));
                } else if (source.next().poll(executor.cx) instanceof Poll.Ready<?>(Object value)) {
                    Things.receive(value);
                }
            }
        }

        private static <T> void stream(String name, Function<AsyncStream<Thing>, AsyncStream<T>> operator) {
            for (boolean now : new boolean[] {false, true}) {
                Memory.endsAnywhere(name + (now ? ", now" : ""), run -> {
                    Things things = new Things().sent();
                    AsyncStream<T> stream = operator.apply(AsyncStream.from(things.inbox));
                    TestExecutor executor = new TestExecutor();
                    run.scarce(() -> takeAll(stream, now, executor));
                    stream.close();
                    stream.close();
                    things.areAccountedFor();
                });
            }
        }

        /** What a body gave is received or let go. */
        private static void results(
                String name, BiFunction<AsyncStream<Thing>, Body<Thing, Thing>, AsyncStream<Thing>> operator) {
            Memory.endsAnywhere(name, run -> {
                Things things = new Things().sent();
                List<Thing> results = new ArrayList<>();
                Body<Thing, Thing> body = Body.of(thing -> {
                    Future<Thing> gives = Futures.ready(thing);
                    results.add(thing);
                    return gives;
                });
                AsyncStream<Thing> stream = operator.apply(AsyncStream.from(things.inbox), body);
                TestExecutor executor = new TestExecutor();
                run.scarce(() -> takeAll(stream, false, executor));
                stream.close();
                for (Thing thing : results) {
                    assertEquals(1, thing.received + thing.closed, thing + " of " + results);
                }
            });
        }

        static void streams() {
            stream("stream", stream -> stream);
            stream("map", stream -> stream.map(thing -> thing));
            stream("peekable", AsyncStream::peekable);
            stream("buffer", stream -> stream.buffer(10));
            stream("chunks", stream -> stream.chunks(3));
            stream("chunks within a time", stream -> stream.chunks(20, Duration.ofSeconds(1)));
            stream("filterAsync", stream -> stream.filterAsync(Body.of(_ -> Futures.ready(true))));
            // What a body has been given is its own.
            Body<Thing, Integer> takes = Body.of(thing -> {
                thing.received++;
                return Futures.ready(thing.number);
            });
            stream("mapAsync", stream -> stream.mapAsync(takes));
            results("mapConcurrent", (stream, body) -> stream.mapConcurrent(10, body));
            results("mapConcurrentUnordered", (stream, body) -> stream.mapConcurrentUnordered(10, body));
            stream("mergeWith", stream -> stream.mergeWith(AsyncStream.of()));
        }
    }
}
