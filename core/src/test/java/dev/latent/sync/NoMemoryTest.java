package dev.latent.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCallable;
import dev.latent.Body;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Memory;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.ScarceLoader;
import dev.latent.channel.Polled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each place at which a lock takes memory, without it: it is left free, and nobody waits for ever. */
class NoMemoryTest {
    @TestFactory
    List<DynamicTest> withoutMemory() {
        return ScarceLoader.tests(Scenes.class);
    }

    private static final class Scenes {
        private static boolean polled(Polled<?> polled) {
            try {
                return polled.poll().isReady();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static <G> G value(Polled<G> polled) {
            try {
                return polled.isReady();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** As it is, without a word: words take memory. */
        private static <G> G taken(Polled<G> polled) throws Exception {
            return polled.poll() instanceof Poll.Ready<G>(G given) ? given : null;
        }

        private static void closeAll(List<? extends Releasable> held) {
            held.forEach(Releasable::close);
            held.clear();
        }

        /** A lock, or a semaphore of one, in all the ways in which one may ask for it. */
        private static <L, G extends Releasable> void lock(
                String name,
                Supplier<L> maker,
                Function<L, Releasable> tryAll,
                Function<L, Future<G>> ask,
                Function<L, Object> now,
                Function<L, Optional<G>> tries) {
            Consumer<L> isFree = lock -> {
                Releasable all = tryAll.apply(lock);
                assertTrue(all != null, name + " is left free");
                all.close();
            };
            Memory.endsAnywhere(name + ", free", run -> {
                L lock = maker.get();
                Polled<G> polled = new Polled<>(ask.apply(lock));
                List<G> held = new ArrayList<>();
                run.scarce(() -> held.add(taken(polled)));
                closeAll(held);
                isFree.accept(lock);
            });
            Memory.endsAnywhere(name + ", waits", run -> {
                L lock = maker.get();
                Releasable holds = tryAll.apply(lock);
                Polled<G> polled = new Polled<>(ask.apply(lock));
                boolean waits = run.scarce(() -> assertFalse(polled.poll().isReady()));
                if (waits) {
                    polled.drop();
                }
                Polled<G> behind = new Polled<>(ask.apply(lock));
                assertFalse(polled(behind));
                holds.close();
                value(behind.isWoken()).close();
                isFree.accept(lock);
            });
            Memory.endsAnywhere(name + ", handed over", run -> {
                L lock = maker.get();
                Releasable holds = tryAll.apply(lock);
                Polled<G> polled = new Polled<>(ask.apply(lock));
                assertFalse(polled(polled));
                Polled<?> behind = new Polled<>(ask.apply(lock));
                assertFalse(polled(behind));
                holds.close();
                List<G> held = new ArrayList<>();
                run.scarce(() -> held.add(taken(polled)));
                closeAll(held);
                ((Releasable) value(behind)).close();
                isFree.accept(lock);
            });
            Memory.isNotTaken(name + ", given back", run -> {
                L lock = maker.get();
                Releasable holds = tryAll.apply(lock);
                Polled<G> polled = new Polled<>(ask.apply(lock));
                assertFalse(polled(polled));
                Polled<G> dropped = new Polled<>(ask.apply(lock));
                assertFalse(polled(dropped));
                run.scarce(() -> {
                    dropped.drop();
                    holds.close();
                    polled.drop();
                });
                isFree.accept(lock);
            });
            Memory.endsAnywhere(name + ", now", run -> {
                L lock = maker.get();
                List<Releasable> held = new ArrayList<>();
                run.scarce(() -> held.add((Releasable) now.apply(lock)));
                closeAll(held);
                isFree.accept(lock);
            });
            if (tries != null) {
                Memory.endsAnywhere(name + ", tried", run -> {
                    L lock = maker.get();
                    List<Releasable> held = new ArrayList<>();
                    run.scarce(() -> held.add(tries.apply(lock).orElseThrow()));
                    closeAll(held);
                    isFree.accept(lock);
                });
            }
        }

        private static Context here() {
            return new Context(new Nowhere());
        }

        static void mutex() {
            Function<AsyncMutex<String>, Releasable> tryAll = m -> m.tryLock().orElse(null);
            Context cx = here();
            lock("mutex", () -> AsyncMutex.of("a"), tryAll, AsyncMutex::lock, m -> m.lockNow(cx), AsyncMutex::tryLock);
        }

        static void semaphore() {
            Function<AsyncSemaphore, Releasable> tryAll = s -> s.tryAcquire(3).orElse(null);
            Context cx = here();
            lock(
                    "semaphore",
                    () -> AsyncSemaphore.of(3),
                    tryAll,
                    s -> s.acquire(2),
                    s -> s.acquireNow(2, cx),
                    s -> s.tryAcquire(2));
        }

        static void rwLock() {
            Function<AsyncRwLock<String>, Releasable> tryAll = l -> l.tryWrite().orElse(null);
            Supplier<AsyncRwLock<String>> maker = () -> AsyncRwLock.of("a");
            Context cx = here();
            lock("read lock", maker, tryAll, AsyncRwLock::read, l -> l.readNow(cx), AsyncRwLock::tryRead);
            lock("write lock", maker, tryAll, AsyncRwLock::write, l -> l.writeNow(cx), AsyncRwLock::tryWrite);
            lock("upgradable lock", maker, tryAll, AsyncRwLock::upgradableRead, l -> l.upgradableReadNow(cx), null);
        }

        static void upgrade() {
            for (boolean other : new boolean[] {false, true}) {
                Memory.endsAnywhere("upgrade" + (other ? ", a reader is there" : ""), run -> {
                    AsyncRwLock<String> lock = AsyncRwLock.of("a");
                    UpgradableGuard<String> guard = value(new Polled<>(lock.upgradableRead()));
                    Guard<String> reader = other ? lock.tryRead().orElseThrow() : null;
                    Polled<WriteGuard<String>> upgrade = new Polled<>(guard.upgrade());
                    List<WriteGuard<String>> held = new ArrayList<>();
                    boolean done = run.scarce(() -> {
                        if (upgrade.poll() instanceof Poll.Ready<WriteGuard<String>>(var writes)) {
                            held.add(writes);
                        }
                    });
                    if (reader != null) {
                        reader.close();
                        if (done) {
                            held.add(value(upgrade.isWoken()));
                        }
                    }
                    closeAll(held);
                    guard.close();
                    assertTrue(lock.tryWrite().isPresent());
                });
            }
            Memory.endsAnywhere("upgrade, handed over", run -> {
                AsyncRwLock<String> lock = AsyncRwLock.of("a");
                UpgradableGuard<String> guard = value(new Polled<>(lock.upgradableRead()));
                Guard<String> reader = lock.tryRead().orElseThrow();
                Polled<WriteGuard<String>> upgrade = new Polled<>(guard.upgrade());
                assertFalse(polled(upgrade));
                reader.close();
                List<WriteGuard<String>> held = new ArrayList<>();
                run.scarce(() -> held.add(taken(upgrade)));
                closeAll(held);
                guard.close();
                assertTrue(lock.tryWrite().isPresent());
            });
        }

        private static <G extends Releasable> void other(
                String name,
                Supplier<Guard<String>> maker,
                Function<Guard<String>, Guard<?>> next,
                Supplier<Boolean> free) {
            Memory.endsAnywhere(name, run -> {
                Guard<String> guard = maker.get();
                List<Releasable> held = new ArrayList<>();
                if (!run.scarce(() -> held.add(next.apply(guard)))) {
                    guard.close();
                }
                closeAll(held);
                assertTrue(free.get(), name + " leaves it free");
            });
        }

        static void guards() {
            AsyncMutex<String> mutex = AsyncMutex.of("a");
            Supplier<Boolean> free = () -> mutex.tryLock()
                    .map(g -> {
                        g.close();
                        return true;
                    })
                    .orElse(false);
            other("map of a mutex", () -> mutex.tryLock().orElseThrow(), g -> g.map(s -> s + "b"), free);
            other("owned of a mutex", () -> mutex.tryLock().orElseThrow(), Guard::owned, free);
            other("map of a map", () -> mutex.tryLock().orElseThrow().map(s -> s), g -> g.map(s -> s + "b"), free);
            other("owned of a map", () -> mutex.tryLock().orElseThrow().map(s -> s), Guard::owned, free);
            AsyncRwLock<String> lock = AsyncRwLock.of("a");
            Supplier<Boolean> unlocked = () -> lock.tryWrite()
                    .map(g -> {
                        g.close();
                        return true;
                    })
                    .orElse(false);
            other("map of a reader", () -> lock.tryRead().orElseThrow(), g -> g.map(s -> s + "b"), unlocked);
            other("owned of a reader", () -> lock.tryRead().orElseThrow(), Guard::owned, unlocked);
            other("map of a writer", () -> lock.tryWrite().orElseThrow(), g -> g.map(s -> s + "b"), unlocked);
            other("owned of a writer", () -> lock.tryWrite().orElseThrow(), Guard::owned, unlocked);
            other(
                    "a writer is content to read",
                    () -> lock.tryWrite().orElseThrow(),
                    g -> ((WriteGuard<String>) g).downgrade(),
                    unlocked);
            other(
                    "no upgrade any more",
                    () -> value(new Polled<>(lock.upgradableRead())),
                    g -> ((UpgradableGuard<String>) g).downgrade(),
                    unlocked);
        }

        static void permits() {
            Memory.endsAnywhere("split", run -> {
                AsyncSemaphore few = AsyncSemaphore.of(3);
                AsyncSemaphore.Permits all = few.tryAcquire(3).orElseThrow();
                List<Releasable> held = new ArrayList<>();
                run.scarce(() -> held.add(all.split(2)));
                closeAll(held);
                all.close();
                assertEquals(3, few.availablePermits());
            });
            Memory.isNotTaken("semaphore closed", run -> {
                AsyncSemaphore few = AsyncSemaphore.of(0);
                Polled<?> waits = new Polled<>(few.acquire());
                assertFalse(polled(waits));
                run.scarce(few::close);
                waits.isWoken();
            });
        }

        static void notified() {
            Memory.endsAnywhere("notified", run -> {
                Notify notify = Notify.create();
                Polled<Void> waits = new Polled<>(notify.notified());
                if (run.scarce(() -> assertFalse(waits.poll().isReady()))) {
                    waits.drop();
                }
                Polled<Void> other = new Polled<>(notify.notified());
                assertFalse(polled(other));
                notify.notifyOne();
                assertTrue(polled(other.isWoken()));
            });
            Memory.isNotTaken("told", run -> {
                Notify notify = Notify.create();
                Polled<Void> one = new Polled<>(notify.notified());
                Polled<Void> other = new Polled<>(notify.notified());
                assertFalse(polled(one) | polled(other));
                run.scarce(() -> {
                    notify.notifyOne();
                    one.drop();
                    assertTrue(other.poll().isReady());
                    notify.notifyWaiters();
                });
                assertTrue(other.hasEnded());
            });
        }

        static void barrier() {
            Memory.endsAnywhere("barrier", run -> {
                Barrier barrier = Barrier.of(2);
                Polled<Boolean> one = new Polled<>(barrier.arrive());
                Polled<Boolean> other = new Polled<>(barrier.arrive());
                assertFalse(polled(one));
                if (!run.scarce(() -> other.poll().isReady())) {
                    assertTrue(value(new Polled<>(barrier.arrive())), "the last");
                }
                assertFalse(value(one.isWoken()));
            });
            Memory.isNotTaken("barrier, told", run -> {
                Barrier barrier = Barrier.of(2);
                Polled<Boolean> one = new Polled<>(barrier.arrive());
                assertFalse(polled(one));
                assertTrue(value(new Polled<>(barrier.arrive())));
                run.scarce(() -> one.poll());
                assertTrue(one.hasEnded());
            });
        }

        static void cancellation() {
            Memory.endsAnywhere("a token's child", run -> {
                CancellationToken root = CancellationToken.create();
                List<CancellationToken> children = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    children.add(root.child());
                }
                run.scarce(() -> children.add(root.child()));
                root.cancel();
                assertTrue(children.stream().allMatch(CancellationToken::isCancelled));
            });
            Memory.isNotTaken("a token is cancelled", run -> {
                CancellationToken root = CancellationToken.create();
                CancellationToken child = root.child();
                Polled<Void> waits = new Polled<>(root.cancelled());
                Polled<Void> below = new Polled<>(child.cancelled());
                assertFalse(polled(waits) | polled(below));
                run.scarce(root::cancel);
                assertTrue(polled(waits.isWoken()));
                assertTrue(polled(below.isWoken()));
            });
            Memory.endsAnywhere("who waits for a cancel", run -> {
                CancellationToken root = CancellationToken.create();
                Polled<Void> waits = new Polled<>(root.cancelled());
                run.scarce(() -> waits.poll());
                Polled<Void> other = new Polled<>(root.cancelled());
                assertFalse(polled(other));
                root.cancel();
                assertTrue(polled(other.isWoken()));
            });
        }

        static void groups() {
            Memory.endsAnywhere("wait group", run -> {
                WaitGroup group = WaitGroup.create();
                List<Releasable> in = new ArrayList<>();
                run.scarce(() -> in.add(group.enter()));
                assertEquals(in.size(), group.size());
                in.add(group.enter());
                Polled<Void> ended = new Polled<>(group.ended());
                assertFalse(polled(ended));
                closeAll(in);
                assertTrue(polled(ended.isWoken()));
            });
            Memory.endsAnywhere("task tracker", run -> {
                TaskTracker tracker = TaskTracker.create();
                run.scarce(() -> tracker.track(Futures.pending()).drop());
                tracker.close();
                assertEquals(0, tracker.size());
            });
        }

        private static AsyncCallable<String> made(String value) {
            return Body.calling(() -> value == null ? Futures.pending() : Futures.ready(value));
        }

        static void onceCell() {
            Memory.endsAnywhere("once cell", run -> {
                OnceCell<String> cell = OnceCell.create();
                Polled<String> first = new Polled<>(cell.getOrInit(made("a")));
                String[] got = {null};
                if (!run.scarce(() -> got[0] = taken(first)) && !cell.isSet()) {
                    assertEquals("b", value(new Polled<>(cell.getOrInit(made("b")))));
                } else {
                    assertEquals("a", cell.get().orElseThrow());
                }
            });
            Memory.endsAnywhere("once cell, waits", run -> {
                OnceCell<String> cell = OnceCell.create();
                AsyncCallable<String> never = made(null);
                Polled<String> first = new Polled<>(cell.getOrInit(never));
                assertFalse(polled(first));
                Polled<String> second = new Polled<>(cell.getOrInit(made("b")));
                if (run.scarce(() -> assertFalse(second.poll().isReady()))) {
                    second.drop();
                }
                Polled<String> third = new Polled<>(cell.getOrInit(made("c")));
                assertFalse(polled(third));
                first.drop();
                assertEquals("c", value(third.isWoken()));
            });
            Memory.endsAnywhere("once cell, its turn", run -> {
                OnceCell<String> cell = OnceCell.create();
                Polled<String> first = new Polled<>(cell.getOrInit(made(null)));
                Polled<String> second = new Polled<>(cell.getOrInit(made("b")));
                Polled<String> third = new Polled<>(cell.getOrInit(made("c")));
                assertFalse(polled(first) | polled(second) | polled(third));
                first.drop();
                boolean done = run.scarce(() -> taken(second));
                assertEquals(done || cell.isSet() ? "b" : "c", value(third.isWoken()));
            });
        }
    }
}
