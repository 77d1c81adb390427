package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.CancelSafetyTest.Scene;
import dev.latent.channel.Broadcast;
import dev.latent.channel.Channel;
import dev.latent.channel.Heard;
import dev.latent.channel.Oneshot;
import dev.latent.channel.Permit;
import dev.latent.channel.Polled;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sent;
import dev.latent.channel.Subscription;
import dev.latent.channel.Watch;
import dev.latent.stream.AsyncStream;
import dev.latent.stream.StreamMap;
import dev.latent.sync.AsyncMutex;
import dev.latent.sync.AsyncRwLock;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.sync.Barrier;
import dev.latent.sync.CancellationToken;
import dev.latent.sync.LazyAsync;
import dev.latent.sync.Notify;
import dev.latent.sync.OnceCell;
import dev.latent.sync.TaskTracker;
import dev.latent.sync.UpgradableGuard;
import dev.latent.sync.WaitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@link CancelSafetyTest} drops, and counts. */
final class CancelSafetyScenes {
    private CancelSafetyScenes() {}

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static void add(Map<String, List<Supplier<Scene>>> all, String method, Supplier<Scene>... scenes) {
        all.put(method, List.of(scenes));
    }

    private static <T> T now(Future<T> future) {
        try {
            return Polled.ready(future);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void isReady(Future<?> future) {
        now(future);
    }

    // ---- scenes of a kind
    // ---------------------------------------------------------------------------------------------

    /** Waits for something that stays true: who asks again finds it, or waits for it again. */
    private static Scene stays(Future<?> future, Runnable happens, Supplier<Future<?>> again) {
        return new Scene() {
            private boolean happened;

            @Override
            Future<?> future() {
                return future;
            }

            @Override
            void others(int n) {
                happened = true;
                happens.run();
            }

            @Override
            void check() {
                if (!happened) {
                    happens.run();
                }
                isReady(again.get());
            }
        };
    }

    /** Waits for what somebody holds, and has it then; at the end it is free. */
    private static Scene holds(Releasable held, Future<? extends Releasable> future, BooleanSupplier isFree) {
        return new Scene() {
            private @Nullable Releasable got;

            @Override
            Future<?> future() {
                return future;
            }

            @Override
            void others(int n) {
                held.close();
            }

            @Override
            void received(@Nullable Object value) {
                got = (Releasable) value;
            }

            @Override
            void check() {
                held.close();
                if (got != null) {
                    got.close();
                }
                assertTrue(isFree.getAsBoolean(), "left free");
            }
        };
    }

    /** Receives from a channel what is sent in two steps: each message comes once. */
    private static class Receives extends Scene {
        final Channel<Integer> channel = Channel.bounded(3);
        final Receiver<Integer> inbox = channel.receiver();
        final List<Integer> got = new ArrayList<>();
        private final Function<Receives, Future<?>> how;
        private int sent;

        Receives(Function<Receives, Future<?>> how) {
            this.how = how;
        }

        @Override
        Future<?> future() {
            return how.apply(this);
        }

        @Override
        void others(int n) {
            assertEquals(Sent.SENT, channel.trySend(++sent));
            assertEquals(Sent.SENT, channel.trySend(++sent));
        }

        @Override
        void received(@Nullable Object value) {
            switch (value) {
                case Item<?>(Integer message) -> got.add(message);
                case Integer message -> got.add(message);
                case null, default -> {}
            }
        }

        @Override
        void check() {
            while (inbox.tryReceive() instanceof Item<Integer>(Integer message)) {
                got.add(message);
            }
            assertEquals(sent == 0 ? List.of() : List.of(1, 2), got);
            assertEquals(Sent.SENT, channel.trySend(3));
            assertEquals(Sent.SENT, channel.trySend(4));
            assertEquals(Sent.SENT, channel.trySend(5));
            assertEquals(Sent.FULL, channel.trySend(6), "so many places are free as before");
        }
    }

    /** Has a place, or sends into one, when others have received. */
    private static Scene sends(int places, Function<Channel<Integer>, Future<?>> how) {
        Channel<Integer> channel = Channel.bounded(2);
        Receiver<Integer> inbox = channel.receiver();
        return new Scene() {
            private int before;
            private int taken;

            @Override
            Future<?> future() {
                while (channel.trySend(1) == Sent.SENT) {
                    before++;
                }
                return how.apply(channel);
            }

            @Override
            int steps() {
                return places;
            }

            @Override
            void others(int n) {
                if (inbox.tryReceive() instanceof Item) {
                    taken++;
                }
            }

            @Override
            void received(@Nullable Object value) {
                if (value instanceof Permit<?> permit) {
                    assertEquals(places, permit.left());
                    permit.close();
                }
            }

            @Override
            void check() {
                int sent = before;
                while (channel.trySend(1) == Sent.SENT) {
                    sent++;
                }
                while (inbox.tryReceive() instanceof Item) {
                    taken++;
                }
                assertTrue(taken == sent || taken == sent + 1, "sent at most once by the future");
                assertEquals(Sent.SENT, channel.trySend(1));
                assertEquals(Sent.SENT, channel.trySend(1));
                assertEquals(Sent.FULL, channel.trySend(1), "no place is lost, and none too many");
            }
        };
    }

    // ---- channels
    // -------------------------------------------------------------------------------------------------------

    static void channels(Map<String, List<Supplier<Scene>>> all) {
        add(all, "Receiver.next", () -> new Receives(r -> r.inbox.next()));
        add(all, "Receiver.receive", () -> new Receives(r -> r.inbox.receive()));
        // What is in the list is received, whatever becomes of the number.
        add(all, "Receiver.receiveMany", () -> new Receives(r -> r.inbox.receiveMany(r.got, 5)) {
            @Override
            void received(@Nullable Object value) {}
        });
        add(
                all,
                "Sender.send",
                () -> sends(1, channel -> channel.send(2)),
                () -> sends(1, c -> c.newSender().send(2)));
        add(
                all,
                "Sender.reserve",
                () -> sends(1, Channel::reserve),
                () -> sends(1, c -> c.newSender().reserve()));
        add(all, "Sender.reserveMany", () -> sends(2, channel -> channel.reserveMany(2)));
        add(
                all,
                "Sender.closed",
                () -> {
                    Channel<Integer> channel = Channel.unbounded();
                    return stays(channel.closed(), channel::close, channel::closed);
                },
                () -> {
                    Channel<Integer> channel = Channel.unbounded();
                    Receiver<Integer> inbox = channel.receiver();
                    return stays(channel.closed(), inbox::close, channel::closed);
                });
        add(all, "Oneshot.receive", () -> {
            Oneshot<Integer> oneshot = Oneshot.create();
            return new Scene() {
                private boolean got;

                @Override
                Future<?> future() {
                    return oneshot.receive();
                }

                @Override
                void others(int n) {
                    assertTrue(oneshot.send(7));
                }

                @Override
                void received(@Nullable Object value) {
                    got = true;
                }

                @Override
                void check() {
                    oneshot.send(7);
                    assertTrue(got || now(oneshot.receive()) == 7, "there for who asks again");
                }
            };
        });
        add(all, "Oneshot.closed", () -> {
            Oneshot<Integer> oneshot = Oneshot.create();
            return stays(oneshot.closed(), oneshot::close, oneshot::closed);
        });
        add(all, "Subscription.next", () -> hears(1), () -> hears(5));
        add(all, "Watch.until", () -> {
            Watch<Integer> watch = Watch.of(0);
            return stays(watch.until(n -> n > 0), () -> watch.set(1), () -> watch.until(n -> n > 0));
        });
        add(all, "Watch.changes", () -> {
            Watch<Integer> watch = Watch.of(0);
            Source<Integer> changes = watch.changes();
            isReady(changes.next());
            return new Scene() {
                private int last;

                @Override
                Future<?> future() {
                    return changes.next();
                }

                @Override
                void others(int n) {
                    watch.set(1);
                }

                @Override
                void received(@Nullable Object value) {
                    last = CancelSafetyScenes.<Item<Integer>>cast(value).value();
                }

                @Override
                void check() {
                    if (watch.get() != last) {
                        assertEquals(new Item<>(watch.get()), now(changes.next()), "the latest comes again");
                    }
                }
            };
        });
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(@Nullable Object value) {
        return (T) value;
    }

    /** Of five messages the ring keeps two. */
    private static Scene hears(int messages) {
        Broadcast<Integer> broadcast = Broadcast.of(2);
        Subscription<Integer> subscription = broadcast.subscribe();
        return new Scene() {
            private int sent;
            private long heard;

            @Override
            Future<?> future() {
                return subscription.next();
            }

            @Override
            void others(int n) {
                while (sent < messages) {
                    broadcast.send(++sent);
                }
            }

            @Override
            void received(@Nullable Object value) {
                if (value instanceof Item<?>(Heard.Lagged<?>(long missed))) {
                    heard += missed;
                } else if (value instanceof Item<?>) {
                    heard++;
                }
            }

            @Override
            void check() {
                while (subscription.tryReceive() instanceof Item<Heard<Integer>> item) {
                    received(item);
                }
                assertEquals(sent, heard, "heard, or counted as missed");
            }
        };
    }

    // ---- locks
    // ------------------------------------------------------------------------------------------------------------

    private static <L> Supplier<Scene> lock(
            Supplier<L> maker,
            Function<L, Releasable> takes,
            Function<L, Future<? extends Releasable>> asks,
            Function<L, Boolean> isFree) {
        return () -> {
            L lock = maker.get();
            return holds(takes.apply(lock), asks.apply(lock), () -> isFree.apply(lock));
        };
    }

    static void locks(Map<String, List<Supplier<Scene>>> all) {
        add(
                all,
                "AsyncMutex.lock",
                lock(() -> AsyncMutex.of(1), m -> m.tryLock().orElseThrow(), AsyncMutex::lock, m -> !m.isLocked()));
        Supplier<AsyncRwLock<Integer>> rw = () -> AsyncRwLock.of(1);
        Function<AsyncRwLock<Integer>, Boolean> free = lock -> lock.tryWrite().isPresent();
        add(all, "AsyncRwLock.read", lock(rw, l -> l.tryWrite().orElseThrow(), AsyncRwLock::read, free));
        add(
                all,
                "AsyncRwLock.write",
                lock(rw, l -> l.tryWrite().orElseThrow(), AsyncRwLock::write, free),
                lock(rw, l -> l.tryRead().orElseThrow(), AsyncRwLock::write, free));
        add(
                all,
                "AsyncRwLock.upgradableRead",
                lock(rw, l -> l.tryWrite().orElseThrow(), AsyncRwLock::upgradableRead, free),
                lock(rw, l -> now(l.upgradableRead()), AsyncRwLock::upgradableRead, free));
        add(all, "UpgradableGuard.upgrade", () -> {
            AsyncRwLock<Integer> lock = rw.get();
            UpgradableGuard<Integer> guard = now(lock.upgradableRead());
            return holds(lock.tryRead().orElseThrow(), guard.upgrade(), () -> {
                guard.close(); // as it was, or given way to the other
                return free.apply(lock);
            });
        });
        Function<AsyncSemaphore, Boolean> three = few -> few.availablePermits() == 3;
        Supplier<AsyncSemaphore> few = () -> AsyncSemaphore.of(3);
        add(
                all,
                "AsyncSemaphore.acquire",
                lock(few, s -> s.tryAcquire(3).orElseThrow(), AsyncSemaphore::acquire, three),
                lock(few, s -> s.tryAcquire(2).orElseThrow(), s -> s.acquire(2), three));
        add(all, "Notify.notified", () -> {
            Notify notify = Notify.create();
            return new Scene() {
                private boolean told;
                private boolean got;
                private boolean lost;

                @Override
                Future<?> future() {
                    return notify.notified();
                }

                @Override
                void others(int n) {
                    told = true;
                    notify.notifyOne();
                }

                @Override
                void received(@Nullable Object value) {
                    got = true;
                }

                @Override
                void check() {
                    boolean kept = isReadyNow(notify.notified());
                    assertTrue(!got || !kept, "one word, told once");
                    assertTrue(!told || got || kept || lost, "the word goes on, or is kept");
                }

                /** The word was used up: there is nothing that could be given back. */
                @Override
                void lost() {
                    lost = true;
                }
            };
        });
        add(all, "Barrier.arrive", () -> {
            Barrier barrier = Barrier.of(2);
            return new Scene() {
                @Override
                Future<?> future() {
                    return barrier.arrive();
                }

                @Override
                void others(int n) {
                    assertTrue(now(barrier.arrive()));
                }

                @Override
                void check() {
                    // Whether dropped or gone on, it is counted no more: two are needed once again.
                    Polled<Boolean> one = new Polled<>(barrier.arrive());
                    try {
                        one.isPending();
                        assertTrue(now(barrier.arrive()));
                        one.isWoken().isReady();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
            };
        });
        add(all, "OnceCell.getOrInit", () -> once(false), () -> once(true));
        add(all, "LazyAsync.get", () -> {
            Oneshot<Integer> made = Oneshot.create();
            int[] calls = {0};
            LazyAsync<Integer> lazy = LazyAsync.of(Body.calling(() -> {
                calls[0]++;
                return made.receive();
            }));
            return stays(
                    lazy.get(), () -> made.send(1), () -> lazy.getIfMade().isPresent() ? Futures.done() : lazy.get());
        });
        add(all, "CancellationToken.cancelled", () -> {
            CancellationToken token = CancellationToken.create();
            return stays(token.cancelled(), token::cancel, token::cancelled);
        });
        add(all, "CancellationToken.runUntilCancelled", () -> {
            CancellationToken token = CancellationToken.create();
            return new Receives(r -> token.runUntilCancelled(r.inbox.next())) {
                @Override
                void received(@Nullable Object value) {
                    super.received(value instanceof First<?, ?, ?, ?>(Object first) ? first : null);
                }
            };
        });
        add(all, "WaitGroup.ended", () -> {
            WaitGroup group = WaitGroup.create();
            Releasable in = group.enter();
            return stays(group.ended(), in::close, group::ended);
        });
        add(all, "TaskTracker.ended", () -> {
            TaskTracker tracker = TaskTracker.create();
            return stays(tracker.ended(), tracker::close, tracker::ended);
        });
        add(all, "TaskTracker.track", () -> {
            TaskTracker tracker = TaskTracker.create();
            return new Receives(r -> tracker.track(r.inbox.next())) {
                @Override
                void check() {
                    super.check();
                    assertEquals(0, tracker.size(), "counted no more");
                }
            };
        });
        add(all, "TaskTracker.spawn", () -> {
            TaskTracker tracker = TaskTracker.create();
            TestExecutor executor = new TestExecutor();
            return new Receives(r -> tracker.spawn(executor, r.inbox.next())) {
                @Override
                void goOn() {
                    executor.run();
                }

                /** A result that has been taken from its handle has come out of the task for good. */
                @Override
                void lost() {
                    got.add(1);
                }

                @Override
                void others(int n) {
                    executor.run();
                    super.others(n);
                    executor.run();
                }

                @Override
                void check() {
                    executor.run();
                    super.check();
                    assertEquals(0, tracker.size(), "counted no more");
                }
            };
        });
    }

    private static boolean isReadyNow(Future<?> future) {
        try {
            Polled<?> polled = new Polled<>(future);
            boolean ready = polled.poll().isReady();
            polled.drop();
            return ready;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** It makes the value, or waits while another does. */
    private static Scene once(boolean another) {
        OnceCell<Integer> cell = OnceCell.create();
        Oneshot<Integer> made = Oneshot.create();
        Polled<Integer> other = new Polled<>(cell.getOrInit(Body.calling(made::receive)));
        return new Scene() {
            @Override
            Future<?> future() {
                if (another) {
                    assertTrue(!isReadyOnce(other));
                }
                return cell.getOrInit(Body.calling(made::receive));
            }

            @Override
            void others(int n) {
                made.send(1);
                if (another) {
                    assertTrue(isReadyOnce(other));
                }
            }

            @Override
            void check() {
                made.send(1);
                if (another && !other.hasEnded()) {
                    assertTrue(isReadyOnce(other));
                }
                assertEquals(1, now(cell.getOrInit(Body.calling(made::receive))));
            }
        };
    }

    private static boolean isReadyOnce(Polled<?> polled) {
        try {
            return polled.poll().isReady();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- streams
    // ----------------------------------------------------------------------------------------------------------

    /** A value that has to be closed. */
    private static final class Thing implements Releasable {
        int received;
        int closed;

        @Override
        public void close() {
            closed++;
        }

        @Override
        public String toString() {
            return "received " + received + ", closed " + closed;
        }
    }

    /** Of things that come by a channel. Each is received by whoever is asked to, or closed, once the stream is. */
    private static class Streams extends Scene {
        final Channel<Thing> channel = Channel.unbounded();
        final AsyncStream<Thing> stream = AsyncStream.from(channel.receiver());
        final List<Thing> things = new ArrayList<>();
        private final Function<Streams, Future<?>> how;
        private final Function<Streams, Releasable> closes;

        /** @param closes what is closed at the end */
        Streams(Function<Streams, Future<?>> how, Function<Streams, Releasable> closes) {
            this.how = how;
            this.closes = closes;
        }

        @Override
        Future<?> future() {
            return how.apply(this);
        }

        @Override
        int steps() {
            return 3;
        }

        @Override
        void others(int n) {
            if (n == 2) {
                channel.close();
                return;
            }
            for (int i = 0; i < 2; i++) {
                things.add(new Thing());
                channel.trySend(things.getLast());
            }
        }

        static void take(@Nullable Object value) {
            switch (value) {
                case Thing thing -> thing.received++;
                case Item<?>(Object item) -> take(item);
                case Tuple2<?, ?>(var _, Object second) -> take(second);
                case List<?> list -> list.forEach(Streams::take);
                case null, default -> {}
            }
        }

        @Override
        void received(@Nullable Object value) {
            take(value);
        }

        @Override
        void check() {
            closes.apply(this).close();
            channel.close();
            for (Thing thing : things) {
                assertEquals(1, thing.received + thing.closed, () -> "received or closed, once: " + things);
            }
        }
    }

    private static Releasable nothing() {
        return () -> {};
    }

    private static Supplier<Scene> terminal(Function<AsyncStream<Thing>, Future<?>> how) {
        return () -> new Streams(s -> how.apply(s.stream), s -> s.stream);
    }

    static void streams(Map<String, List<Supplier<Scene>>> all) {
        Body<Thing, @Nullable Void> takes = Body.of(thing -> {
            thing.received++;
            return Futures.done();
        });
        add(
                all,
                "AsyncStream.next",
                () -> new Streams(s -> s.stream.next(), s -> s.stream),
                () -> operator(s -> s.buffer(3)),
                () -> operator(s -> s.chunks(2)),
                () -> operator(s -> s.mapConcurrent(2, Body.of(Futures::ready))),
                () -> operator(s -> s.mapConcurrentUnordered(2, Body.of(Futures::ready))),
                () -> operator(s -> s.mergeWith(AsyncStream.of())));
        add(all, "AsyncStream.forEach", terminal(s -> s.forEach(takes)));
        add(all, "AsyncStream.forEachConcurrent", terminal(s -> s.forEachConcurrent(2, takes)));
        add(all, "AsyncStream.fold", terminal(s -> s.fold(0, (n, thing) -> n + ++thing.received)));
        add(
                all,
                "AsyncStream.foldAsync",
                terminal(s -> s.foldAsync(0, Body.<Thing, Integer>of(thing -> Futures.ready(++thing.received)))));
        add(all, "AsyncStream.reduce", terminal(s -> s.map(thing -> ++thing.received)
                .reduce(Integer::sum)));
        add(all, "AsyncStream.collect", terminal(s -> s.map(thing -> ++thing.received)
                .collect(Collectors.counting())));
        add(all, "AsyncStream.toList", terminal(s -> s.map(thing -> ++thing.received)
                .toList()));
        add(all, "AsyncStream.closeAsync", () -> new Streams(s -> s.stream.closeAsync(), s -> s.stream));
        add(all, "PeekableStream.peek", () -> {
            var peekable = new Object() {
                dev.latent.stream.PeekableStream<Thing> stream;
            };
            return new Streams(
                    s -> {
                        peekable.stream = s.stream.peekable();
                        return peekable.stream.peek();
                    },
                    _ -> peekable.stream) {
                @Override
                void received(@Nullable Object value) {} // it stays the next
            };
        });
        add(all, "SharedStream.closeAsync", () -> {
            TestExecutor executor = new TestExecutor();
            return new Streams(s -> s.stream.share(2, executor).closeAsync(), s -> {
                executor.run();
                return nothing();
            }) {
                @Override
                void others(int n) {
                    super.others(n);
                    executor.run();
                }
            };
        });
        add(all, "StreamMap.next", () -> {
            StreamMap<String, Thing> map = StreamMap.create();
            return new Streams(
                    s -> {
                        map.put("a", s.stream);
                        return map.next();
                    },
                    _ -> map);
        });
        add(all, "StreamMap.closeAsync", () -> {
            StreamMap<String, Thing> map = StreamMap.create();
            return new Streams(
                    s -> {
                        map.put("a", s.stream);
                        return map.closeAsync();
                    },
                    _ -> map);
        });
        // Dropped after its value was taken, it was given.
        add(all, "Emitter.emit", () -> new Scene() {
            private final Thing thing = new Thing();
            private final AsyncStream<Thing> stream = AsyncStream.generate(
                    Body.<dev.latent.stream.Emitter<Thing>, Void>of(out -> new EmitsAndDrops(out.emit(thing))));

            @Override
            Future<?> future() {
                return stream.next();
            }

            @Override
            void received(@Nullable Object value) {
                Streams.take(value);
            }

            @Override
            void check() {
                if (thing.received == 1 && isReadyNow(stream.next())) {
                    assertEquals(1, thing.received + thing.closed);
                }
                stream.close();
                assertTrue(thing.received + thing.closed <= 1);
            }
        });
    }

    private static <T> Scene operator(Function<AsyncStream<Thing>, AsyncStream<T>> operator) {
        List<AsyncStream<T>> made = new ArrayList<>();
        return new Streams(
                s -> {
                    made.add(operator.apply(s.stream));
                    return made.getFirst().next();
                },
                _ -> made.getFirst());
    }

    /** Polls an emit, and drops it in the next poll. */
    private static final class EmitsAndDrops extends OwnedFuture<Void> {
        private final Future<Void> emit;
        private boolean polled;

        EmitsAndDrops(Future<Void> emit) {
            this.emit = emit;
            Owners.claim(emit, this);
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) throws Exception {
            if (!polled) {
                polled = true;
                return Owners.poll(emit, this, cx);
            }
            Owners.drop(emit, this);
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            Owners.drop(emit, this);
        }
    }

    // ---- sets of tasks and futures
    // ------------------------------------------------------------------------------------------

    static void sets(Map<String, List<Supplier<Scene>>> all) {
        add(all, "JoinSet.next", () -> new Tasks(t -> t.set.next()));
        add(all, "JoinSet.firstSuccess", () -> new Tasks(t -> t.set.firstSuccess()));
        add(all, "JoinSet.closeAsync", () -> new Tasks(t -> t.set.closeAsync()));
        add(all, "JoinMap.next", () -> new Tasks(t -> t.map.next()));
        add(all, "JoinMap.closeAsync", () -> new Tasks(t -> t.map.closeAsync()));
        add(all, "FuturesUnordered.next", () -> futures(FuturesUnordered.create()));
        add(all, "FuturesOrdered.next", () -> futures(FuturesOrdered.create()));
        add(all, "FuturesUnordered.closeAsync", () -> closes(FuturesUnordered.create()));
        add(all, "FuturesOrdered.closeAsync", () -> closes(FuturesOrdered.create()));
    }

    /** Tasks that receive things from a channel. */
    private static final class Tasks extends Scene {
        final TestExecutor executor = new TestExecutor();
        final JoinSet<Thing> set = JoinSet.in(executor);
        final JoinMap<String, Thing> map = JoinMap.in(executor);
        private final Channel<Thing> channel = Channel.unbounded();
        private final Receiver<Thing> inbox = channel.receiver();
        private final List<Thing> things = new ArrayList<>();
        private final Function<Tasks, Future<?>> how;

        Tasks(Function<Tasks, Future<?>> how) {
            this.how = how;
        }

        @Override
        Future<?> future() {
            set.spawn(inbox.receive());
            set.spawn(inbox.receive());
            map.spawn("a", inbox.receive());
            map.spawn("b", inbox.receive());
            return how.apply(this);
        }

        @Override
        int steps() {
            return 2;
        }

        @Override
        void others(int n) {
            executor.run();
            for (int i = 0; i < 2; i++) {
                things.add(new Thing());
                channel.trySend(things.getLast());
            }
            executor.run();
        }

        @Override
        void received(@Nullable Object value) {
            switch (value) {
                case Item<?>(Joined<?, ?>(var _, Outcome.Ok<?>(Thing thing))) -> thing.received++;
                case null, default -> Streams.take(value);
            }
        }

        @Override
        void check() {
            set.close();
            map.close();
            executor.run();
            inbox.close();
            assertEquals(0, set.size() + map.size());
            for (Thing thing : things) {
                assertEquals(1, thing.received + thing.closed, () -> "received or closed, once: " + things);
            }
        }
    }

    private static Scene futures(Source<Thing> set) {
        return set(set, 3, () -> set.next());
    }

    private static Scene closes(Source<Thing> set) {
        return set(set, 1, () -> ((AsyncCloseable) set).closeAsync());
    }

    private static Scene set(Source<Thing> set, int size, Supplier<Future<?>> how) {
        List<Receiver<Thing>> inbox = new ArrayList<>();
        return new Streams(
                s -> {
                    inbox.add(s.channel.receiver());
                    for (int i = 0; i < size; i++) {
                        add(set, inbox.getFirst().receive());
                    }
                    return how.get();
                },
                s -> {
                    set.close();
                    inbox.getFirst().close();
                    return s.stream;
                });
    }

    private static void add(Source<Thing> set, Future<Thing> future) {
        if (set instanceof FuturesOrdered<Thing> ordered) {
            ordered.add(future);
        } else {
            ((FuturesUnordered<Thing>) set).add(future);
        }
    }
}
