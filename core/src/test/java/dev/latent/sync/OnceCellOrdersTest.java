package dev.latent.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Body;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.sync.Interleavings.Actor;
import dev.latent.sync.Interleavings.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Every order of two to four tasks that want the value of a {@link OnceCell}, each dropped wherever it can be: one makes it at a time, as long as there is none, all get the same
 * one, and nobody waits who could make it.
 */
class OnceCellOrdersTest {
    private static void explore(String what, int drops, int atLeast, Supplier<? extends Scene> scenes)
            throws Exception {
        int runs = Interleavings.explore(drops, scenes::get);
        System.out.println("interleavings: " + what + ", " + runs + " runs");
        assertTrue(runs >= atLeast, () -> "only " + runs + " of " + what);
    }

    /** A value that is made in two polls, and, if it is slow to clean up, dropped in two. */
    private static final class Makes extends OwnedFuture<String> {
        private final Makers of;
        private final boolean fails;
        private boolean begun;
        private boolean cleans;

        Makes(Makers of, boolean fails, boolean slow) {
            this.of = of;
            this.fails = fails;
            this.cleans = !slow;
        }

        @Override
        protected Poll<String> pollOwned(Context cx) throws Exception {
            if (!begun) {
                begun = true;
                of.begins();
                cx.waker().wake();
                return Poll.pending();
            }
            of.making--;
            if (fails) {
                throw new Exception("fails");
            }
            return Poll.ready("value " + ++of.made);
        }

        @Override
        protected void dropOwned() {
            if (begun) {
                of.making--;
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            if (begun && !cleans) {
                cleans = true;
                cx.waker().wake();
                return Poll.pending();
            }
            dropOwned();
            return Poll.done();
        }
    }

    private static final class Makers implements Scene {
        final OnceCell<String> cell = OnceCell.create();
        final LazyAsync<String> lazy;
        final List<Actor> actors = new ArrayList<>();
        final List<Gets> gets = new ArrayList<>();
        int making;
        int made;
        int calls;
        boolean set;

        /** @param failures of a lazy value, before it is made */
        Makers(int failures) {
            lazy = LazyAsync.of(Body.calling(() -> new Makes(this, calls++ < failures, false)));
        }

        Makers get(Supplier<Future<String>> ask) {
            Gets one = new Gets(ask);
            gets.add(one);
            actors.add(one);
            return this;
        }

        Makers get(boolean fails) {
            return get(() -> cell.getOrInit(Body.calling(() -> new Makes(this, fails, false))));
        }

        void begins() {
            assertEquals(1, ++making, "one makes it at a time");
            assertEquals(0, made, "there is one");
            assertFalse(set, "there is one");
        }

        @Override
        public List<Actor> actors() {
            return actors;
        }

        @Override
        public void atEnd(List<Actor> stuck) {
            assertEquals(List.of(), stuck);
            assertEquals(0, making);
            assertTrue(made <= 1, "made once");
            String value = cell.get().or(lazy::getIfMade).orElse(null);
            for (Gets one : gets) {
                assertTrue(one.got == null || one.got.equals(value), "all get the same");
                assertTrue(one.dropped || one.failed || one.got != null);
            }
            if (value == null) {
                assertTrue(gets.stream().allMatch(one -> one.dropped || one.failed));
                assertTrue(cell.set("later"), "the turn is free");
            } else {
                assertEquals(set ? 0 : 1, made);
            }
        }
    }

    /** One who wants it. Its drop, once begun, goes on over as many polls as that takes. */
    private static final class Gets implements Actor {
        private final Supplier<Future<String>> ask;
        private Future<String> future;
        String got;
        boolean failed;
        boolean dropped;

        Gets(Supplier<Future<String>> ask) {
            this.ask = ask;
        }

        @Override
        public boolean poll(Context cx) {
            if (future == null) {
                future = ask.get();
            }
            try {
                if (future.poll(cx) instanceof Poll.Ready<String>(String value)) {
                    got = value;
                }
            } catch (Exception e) {
                failed = true;
            }
            return got != null || failed;
        }

        @Override
        public void drop() {
            dropped = true;
            if (future != null) {
                future.drop();
            }
        }
    }

    /** One who wants it, and is given up in its second poll: cleanup and all is awaited. */
    private static final class GivesUp implements Actor {
        private final Future<String> future;
        private int polls;
        private Context last;

        GivesUp(Future<String> future) {
            this.future = future;
        }

        @Override
        public boolean poll(Context cx) throws Exception {
            last = cx;
            if (polls++ == 0) {
                if (future.poll(cx).isReady()) {
                    return true;
                }
                cx.waker().wake();
                return false;
            }
            return future.pollDrop(cx).isReady();
        }

        @Override
        public void drop() {
            if (last == null) {
                future.drop();
                return;
            }
            while (!future.pollDrop(last).isReady()) {}
        }
    }

    private static final class Sets implements Actor {
        private final Makers makers;

        Sets(Makers makers) {
            this.makers = makers;
        }

        @Override
        public boolean poll(Context cx) {
            makers.set = makers.cell.set("set");
            return true;
        }

        @Override
        public void drop() {}
    }

    @Test
    void oneMakesItAndAllGetIt() throws Exception {
        explore("once cell, three that make it", 3, 500, () -> new Makers(0)
                .get(false)
                .get(false)
                .get(false));
    }

    @Test
    void whereOneFailsTheNextMakesIt() throws Exception {
        explore("once cell, one fails", 3, 700, () -> new Makers(0)
                .get(true)
                .get(false)
                .get(true));
        explore("once cell, all fail", 1, 100, () -> new Makers(0)
                .get(true)
                .get(true)
                .get(true));
    }

    @Test
    void whileOneSetsIt() throws Exception {
        explore("once cell, set", 2, 500, () -> {
            Makers makers = new Makers(0).get(false).get(true).get(false);
            makers.actors.add(new Sets(makers));
            return makers;
        });
    }

    @Test
    void whileOneIsGivenUpWithItsCleanup() throws Exception {
        explore("once cell, given up", 2, 500, () -> {
            Makers makers = new Makers(0);
            makers.actors.add(new GivesUp(makers.cell.getOrInit(Body.calling(() -> new Makes(makers, false, true)))));
            return makers.get(false).get(true);
        });
    }

    @Test
    void lazy() throws Exception {
        explore("lazy value that fails once", 3, 800, () -> {
            Makers makers = new Makers(1);
            return makers.get(makers.lazy::get).get(makers.lazy::get).get(makers.lazy::get);
        });
        explore("lazy value, four", 2, 1_000, () -> {
            Makers makers = new Makers(0);
            return makers.get(makers.lazy::get)
                    .get(makers.lazy::get)
                    .get(makers.lazy::get)
                    .get(makers.lazy::get);
        });
    }
}
