package dev.latent.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.sync.Interleavings.Actor;
import dev.latent.sync.Interleavings.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every order of polls and drops of two to four tasks, on each primitive. */
class InterleavingsTest {
    private static void explore(String what, int drops, int atLeast, Supplier<Scene> scenes) throws Exception {
        int runs = Interleavings.explore(drops, scenes);
        System.out.println("interleavings: " + what + ", " + runs + " runs");
        assertTrue(runs >= atLeast, () -> "only " + runs + " of " + what);
    }

    /** Takes what {@code ask} gives, holds it over so many polls, and gives it back. */
    private static final class Holder<G extends Releasable> implements Actor {
        private final Supplier<Future<G>> ask;
        private final Consumer<Boolean> inside;
        private final int holds;
        private Future<G> future;
        private G held;
        private int polls;

        /** @param inside told true as it gets it, false before it gives it back */
        Holder(int holds, Supplier<Future<G>> ask, Consumer<Boolean> inside) {
            this.holds = holds;
            this.ask = ask;
            this.inside = inside;
        }

        @Override
        public boolean poll(Context cx) throws Exception {
            if (held == null) {
                if (future == null) {
                    future = ask.get();
                }
                if (!(future.poll(cx) instanceof Poll.Ready<G>(G got))) {
                    return false;
                }
                held = got;
                inside.accept(true);
            }
            if (polls++ < holds) {
                cx.waker().wake();
                return false;
            }
            leave();
            return true;
        }

        private void leave() {
            inside.accept(false);
            held.close();
        }

        @Override
        public void drop() {
            if (held != null) {
                leave();
            } else if (future != null) {
                future.drop();
            }
        }
    }

    /** Waits for {@code ask}, and is done. */
    private static final class Waits<T> implements Actor {
        private final Supplier<Future<T>> ask;
        private final Consumer<T> got;
        private Future<T> future;
        boolean done;
        boolean dropped;

        Waits(Supplier<Future<T>> ask, Consumer<T> got) {
            this.ask = ask;
            this.got = got;
        }

        Waits<T> polledOnce() {
            try {
                future = ask.get();
                assertFalse(future.poll(new Context(new Nowhere())).isReady());
                return this;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean poll(Context cx) throws Exception {
            if (future == null) {
                future = ask.get();
            }
            if (future.poll(cx) instanceof Poll.Ready<T>(T value)) {
                done = true;
                got.accept(value);
                return true;
            }
            return false;
        }

        @Override
        public void drop() {
            dropped = true;
            if (future != null) {
                future.drop();
            }
        }
    }

    /** Does each of these in a poll of its own. */
    private static final class Does implements Actor {
        private final Runnable[] steps;
        private Runnable whenDropped = () -> {};
        int done;

        Does(Runnable... steps) {
            this.steps = steps;
        }

        @Override
        public boolean poll(Context cx) {
            steps[done++].run();
            cx.waker().wake();
            return done == steps.length;
        }

        /** A drop does what is left, at once. */
        Does alsoDropped() {
            whenDropped = () -> {
                while (done < steps.length) {
                    steps[done++].run();
                }
            };
            return this;
        }

        @Override
        public void drop() {
            whenDropped.run();
        }
    }

    private record Stage(List<Actor> actors, Consumer<List<Actor>> end) implements Scene {
        @Override
        public void atEnd(List<Actor> stuck) {
            end.accept(stuck);
        }
    }

    private static void nobodyIsStuck(List<Actor> stuck) {
        assertEquals(List.of(), stuck);
    }

    @Test
    void mutex() throws Exception {
        explore("mutex, three tasks", 3, 900, () -> {
            AsyncMutex<List<Integer>> mutex = AsyncMutex.of(new ArrayList<>());
            int[] inside = {0};
            List<Integer> asked = new ArrayList<>();
            List<Integer> got = new ArrayList<>();
            List<Actor> actors = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int me = i;
                actors.add(new Holder<>(
                        1,
                        () -> {
                            asked.add(me);
                            return mutex.lock();
                        },
                        in -> {
                            inside[0] += in ? 1 : -1;
                            assertTrue(inside[0] <= 1, "two have the mutex");
                            if (in) {
                                got.add(me);
                            }
                        }));
            }
            return new Stage(actors, stuck -> {
                nobodyIsStuck(stuck);
                asked.retainAll(got);
                assertEquals(asked, got, "first come, first served");
                assertFalse(mutex.isLocked());
                assertTrue(mutex.tryLock().isPresent());
            });
        });
    }

    @Test
    void mutexOfFour() throws Exception {
        explore("mutex, four tasks", 2, 500, () -> {
            AsyncMutex<Object> mutex = AsyncMutex.of("x");
            int[] inside = {0};
            List<Actor> actors = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                actors.add(new Holder<>(0, mutex::lock, in -> {
                    inside[0] += in ? 1 : -1;
                    assertTrue(inside[0] <= 1, "two have the mutex");
                }));
            }
            // Held by one that comes first, so that all wait.
            Releasable first = mutex.tryLock().orElseThrow();
            actors.set(0, new Does(first::close).alsoDropped());
            return new Stage(actors, stuck -> {
                nobodyIsStuck(stuck);
                assertFalse(mutex.isLocked());
            });
        });
    }

    @Test
    void semaphore() throws Exception {
        explore("semaphore of three, by one, two and three", 3, 1_000, () -> {
            AsyncSemaphore few = AsyncSemaphore.of(3);
            int[] out = {0};
            List<Actor> actors = new ArrayList<>();
            for (int n = 1; n <= 3; n++) {
                int wants = n;
                actors.add(new Holder<>(1, () -> few.acquire(wants), in -> {
                    out[0] += in ? wants : -wants;
                    assertTrue(out[0] <= 3, "more than there are");
                }));
            }
            return new Stage(actors, stuck -> {
                nobodyIsStuck(stuck);
                assertEquals(3, few.availablePermits());
            });
        });
    }

    @Test
    void semaphoreClosed() throws Exception {
        explore("semaphore closed with waiters", 2, 200, () -> {
            AsyncSemaphore few = AsyncSemaphore.of(1);
            List<Actor> actors = new ArrayList<>();
            for (int n = 0; n < 3; n++) {
                Actor holder = new Holder<>(1, few::acquire, in -> {});
                actors.add(new Actor() {
                    @Override
                    public boolean poll(Context cx) throws Exception {
                        try {
                            return holder.poll(cx);
                        } catch (SemaphoreClosedException e) {
                            assertTrue(few.isClosed());
                            return true;
                        }
                    }

                    @Override
                    public void drop() {
                        holder.drop();
                    }
                });
            }
            actors.set(0, new Does(few::close));
            return new Stage(actors, stuck -> {
                nobodyIsStuck(stuck);
                assertEquals(1, few.availablePermits());
            });
        });
    }

    @Test
    void readersWritersAndOneThatUpgrades() throws Exception {
        explore("rwlock: reader, writer, upgrade", 3, 200, () -> {
            AsyncRwLock<String> lock = AsyncRwLock.of("x");
            int[] readers = {0};
            int[] writers = {0};
            Consumer<Boolean> reads = in -> {
                readers[0] += in ? 1 : -1;
                assertEquals(0, writers[0], "read while somebody writes");
            };
            Consumer<Boolean> writes = in -> {
                writers[0] += in ? 1 : -1;
                assertTrue(writers[0] <= 1 && readers[0] == 0, "written while somebody reads or writes");
            };
            List<Actor> actors = List.of(
                    new Holder<>(1, lock::read, reads),
                    new Holder<>(0, lock::write, writes),
                    new Upgrades(lock, writes));
            return new Stage(actors, stuck -> {
                nobodyIsStuck(stuck);
                assertTrue(lock.tryWrite().isPresent(), "left free");
            });
        });
    }

    /** Reads, and goes on to write: nobody writes in between. */
    private static final class Upgrades implements Actor {
        private final AsyncRwLock<String> lock;
        private final Consumer<Boolean> writes;
        private Future<UpgradableGuard<String>> asking;
        private UpgradableGuard<String> reading;
        private String read;
        private Future<WriteGuard<String>> upgrading;

        Upgrades(AsyncRwLock<String> lock, Consumer<Boolean> writes) {
            this.lock = lock;
            this.writes = writes;
        }

        @Override
        public boolean poll(Context cx) throws Exception {
            if (reading == null) {
                asking = asking == null ? lock.upgradableRead() : asking;
                if (!(asking.poll(cx) instanceof Poll.Ready<UpgradableGuard<String>>(var guard))) {
                    return false;
                }
                reading = guard;
                read = guard.get();
                upgrading = guard.upgrade();
            }
            if (!(upgrading.poll(cx) instanceof Poll.Ready<WriteGuard<String>>(var writing))) {
                return false;
            }
            writes.accept(true);
            assertEquals(read, writing.get());
            writing.set(read + "x");
            writes.accept(false);
            writing.close();
            return true;
        }

        @Override
        public void drop() {
            if (upgrading != null) {
                upgrading.drop();
                assertEquals(read, reading.get(), "as it was");
                reading.close();
            } else if (asking != null) {
                asking.drop();
            }
        }
    }

    @Test
    void notifyOneReachesOneWhoIsNotDropped() throws Exception {
        explore("notifyOne, three waiters, two words", 2, 1_000, () -> {
            Notify notify = Notify.create();
            List<Waits<Void>> waits = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waits.add(new Waits<>(notify::notified, _ -> {}).polledOnce()); // so that no two words are one
            }
            List<Actor> actors = new ArrayList<>(waits);
            Does tells = new Does(notify::notifyOne, notify::notifyOne);
            actors.add(tells);
            return new Stage(actors, stuck -> {
                long done = waits.stream().filter(w -> w.done).count();
                boolean kept = isTold(notify);
                assertTrue(stuck.isEmpty() || !kept, "a word is kept while somebody waits");
                if (!stuck.isEmpty()) {
                    assertEquals(tells.done, done, "each word has told one who was not dropped");
                }
                assertTrue(tells.done == 0 || done > 0 || kept, "no word is lost");
            });
        });
    }

    @Test
    void aWordIsKeptForWhoComesLater() throws Exception {
        explore("notifyOne, two that come", 2, 50, () -> {
            Notify notify = Notify.create();
            List<Waits<Void>> waits =
                    List.of(new Waits<>(notify::notified, _ -> {}), new Waits<>(notify::notified, _ -> {}));
            List<Actor> actors = new ArrayList<>(waits);
            Does tells = new Does(notify::notifyOne);
            actors.add(tells);
            return new Stage(actors, stuck -> {
                long done = waits.stream().filter(w -> w.done).count();
                boolean kept = isTold(notify);
                assertEquals(tells.done, done + (kept ? 1 : 0), "one word, told or kept");
                assertTrue(stuck.isEmpty() || !kept);
            });
        });
    }

    /** {@return whether a word was kept} */
    private static boolean isTold(Notify notify) {
        try {
            Future<Void> future = notify.notified();
            boolean told = future.poll(new Context(new Nowhere())).isReady();
            if (!told) {
                future.drop();
            }
            return told;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void notifyWaitersTellsAllWhoAskedBefore() throws Exception {
        explore("notifyWaiters beside notifyOne", 1, 300, () -> {
            Notify notify = Notify.create();
            boolean[] told = {false};
            int[] words = {0};
            boolean[] wordAfterAll = {false};
            Future<Void> before = notify.notified();
            Waits<Void> early = new Waits<>(() -> before, _ -> assertTrue(told[0] || words[0] > 0));
            Waits<Void> late = new Waits<>(notify::notified, _ -> {});
            List<Actor> actors = List.of(
                    early,
                    late,
                    new Does(() -> {
                        told[0] = true;
                        notify.notifyWaiters();
                    }),
                    new Does(() -> {
                        words[0]++;
                        wordAfterAll[0] = told[0];
                        notify.notifyOne();
                    }));
            return new Stage(actors, stuck -> {
                assertTrue(!told[0] || !stuck.contains(early), "it asked before");
                if (wordAfterAll[0] && !early.dropped && !late.dropped) {
                    assertTrue(late.done, "the one word is not swallowed by who was told already");
                }
            });
        });
    }

    @Test
    void barrier() throws Exception {
        explore("barrier of two, four tasks", 2, 2_000, () -> {
            Barrier barrier = Barrier.of(2);
            int[] leaders = {0};
            List<Waits<Boolean>> waits = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waits.add(new Waits<>(barrier::arrive, leads -> leaders[0] += leads ? 1 : 0));
            }
            return new Stage(new ArrayList<>(waits), stuck -> {
                long done = waits.stream().filter(w -> w.done).count();
                assertTrue(stuck.size() <= 1, "two wait for each other");
                assertTrue(done <= 2L * leaders[0] + 1 && leaders[0] <= 2);
                if (waits.stream().noneMatch(w -> w.dropped)) {
                    assertEquals(4, done);
                    assertEquals(2, leaders[0]);
                }
            });
        });
    }

    @Test
    void cancellation() throws Exception {
        explore("a token and its child", 1, 1_000, () -> {
            CancellationToken root = CancellationToken.create();
            CancellationToken child = root.child();
            List<Waits<Void>> waits = List.of(
                    new Waits<>(root::cancelled, _ -> assertTrue(root.isCancelled())),
                    new Waits<>(child::cancelled, _ -> assertTrue(child.isCancelled())),
                    new Waits<>(() -> root.child().cancelled(), _ -> {}));
            List<Actor> actors = new ArrayList<>(waits);
            Does cancels = new Does(child::cancel, root::cancel);
            actors.add(cancels);
            return new Stage(actors, stuck -> {
                assertEquals(cancels.done > 0, child.isCancelled());
                assertEquals(cancels.done > 1, root.isCancelled());
                if (cancels.done > 1) {
                    nobodyIsStuck(stuck);
                } else if (cancels.done > 0) {
                    assertFalse(stuck.contains(waits.get(1)));
                }
            });
        });
    }

    @Test
    void waitGroup() throws Exception {
        explore("who waits for two that are in", 2, 80, () -> {
            WaitGroup group = WaitGroup.create();
            Releasable one = group.enter();
            Releasable other = group.enter();
            Does leaves = new Does(one::close);
            Does leavesToo = new Does(other::close, other::close);
            Waits<Void> waits =
                    new Waits<>(group::ended, _ -> assertEquals(2, leaves.done + Math.min(1, leavesToo.done)));
            return new Stage(List.of(leaves, leavesToo, waits), stuck -> {
                if (leaves.done == 1 && leavesToo.done > 0) {
                    nobodyIsStuck(stuck);
                }
            });
        });
    }
}
