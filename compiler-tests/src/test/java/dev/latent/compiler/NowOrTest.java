package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NowOr;
import dev.latent.Poll;
import dev.latent.Source;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An await of a call whose method has a sibling makes no future where there is a value already. */
class NowOrTest {
    private final Drive drive = new Drive();

    /** Gives what is in it at once, and what is not there yet later; counts the futures that it made. */
    static class Shelf<T> {
        final Drive drive;
        final Deque<T> there = new ArrayDeque<>();
        final List<String> asked = new ArrayList<>();
        T later;
        IOException failure;
        int made;

        Shelf(Drive drive) {
            this.drive = drive;
        }

        @NowOr("takeNow")
        public Future<T> take(int a, long b, String c) {
            made++;
            asked.add(a + "," + b + "," + c);
            return drive.later(later);
        }

        public Object takeNow(int a, long b, String c, Context cx) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (there.isEmpty()) {
                return Poll.pending();
            }
            asked.add("now " + a + "," + b + "," + c);
            return there.poll();
        }

        @NowOr("putNow")
        Future<Void> put(T value) {
            made++;
            return Futures.done();
        }

        public Object putNow(T value, Context cx) {
            there.add(value);
            return null;
        }
    }

    /** Inherits the method, and its sibling. */
    static final class Drawer extends Shelf<String> {
        Drawer(Drive drive) {
            super(drive);
        }
    }

    /** Has a method that overrides, and no annotation of its own. */
    static final class Locked extends Shelf<String> {
        int refused;

        Locked(Drive drive) {
            super(drive);
        }

        @Override
        public Object takeNow(int a, long b, String c, Context cx) {
            refused++;
            return Poll.pending();
        }
    }

    private Shelf<String> shelf(String... there) {
        Shelf<String> shelf = new Shelf<>(drive);
        shelf.there.addAll(List.of(there));
        shelf.later = "later";
        return shelf;
    }

    @Test
    void aValueThatIsThereTakesNoFuture() throws Exception {
        Shelf<String> shelf = shelf("x");
        assertEquals("x!", drive.run(async(() -> await(shelf.take(1, 2L, "c")) + "!")));
        assertEquals(0, shelf.made);
        assertEquals(List.of("now 1,2,c"), shelf.asked);
    }

    @Test
    void oneThatIsNotIsAwaited() throws Exception {
        Shelf<String> shelf = shelf();
        assertEquals("later!", drive.run(async(() -> await(shelf.take(1, 2L, "c")) + "!")));
        assertEquals(1, shelf.made);
        assertEquals(List.of("1,2,c"), shelf.asked);
    }

    private int counted;

    private long count() {
        return ++counted;
    }

    @Test
    void argumentsAreEvaluatedOnceAndInOrder() throws Exception {
        Shelf<String> shelf = shelf();
        drive.run(async(() -> await(shelf.take((int) count(), count(), "" + count()))));
        shelf.there.add("x");
        drive.run(async(() -> await(shelf.take((int) count(), count(), "" + count()))));
        assertEquals(List.of("1,2,3", "now 4,5,6"), shelf.asked);
    }

    @Test
    void bothInALoopThatIsResumedBetweenThem() throws Exception {
        Shelf<String> shelf = shelf();
        String all = drive.run(async(() -> {
            StringBuilder seen = new StringBuilder();
            for (long i = 0; i < 6; i++) {
                if (i % 2 == 0) {
                    shelf.there.add("now" + i);
                }
                double beside = i / 2.0;
                seen.append(beside).append(await(shelf.take((int) i, i, "c"))).append(await(drive.later(",")));
            }
            return seen.toString();
        }));
        assertEquals("0.0now0,0.5later,1.0now2,1.5later,2.0now4,2.5later,", all);
        assertEquals(3, shelf.made);
    }

    record Pair(int a, long b, String c, Object d) {}

    @Test
    void whatLiesOnTheStackBeneathStays() throws Exception {
        Shelf<String> shelf = shelf("one", "two");
        Future<Pair> pair = async(
                () -> new Pair(await(drive.later(1)), 2L, await(shelf.take(0, 0, "")), await(shelf.take(1, 1, ""))));
        assertEquals(new Pair(1, 2L, "one", "two"), drive.run(pair));
        Future<String> text = async(() -> {
            String[] array = {"a", await(shelf.take(2, 2, "")), "b"};
            int i = 0;
            array[i++] += await(shelf.take(3, 3, ""));
            return String.join("-", array) + i;
        });
        shelf.there.add("three");
        assertEquals("alater-three-b1", drive.run(text));
    }

    @Test
    void waysThatMeetBeforeTheAwait() throws Exception {
        Shelf<String> a = shelf("a");
        Shelf<String> b = shelf("b");
        for (boolean first : new boolean[] {true, false}) {
            assertEquals(first ? "a" : "b", drive.run(async(() -> {
                await(drive.later(0));
                return await(first ? a.take(1, 1, "") : b.take(2, 2, "")).replace("later", first ? "a" : "b");
            })));
        }
    }

    @Test
    void nothingAsAValue() throws Exception {
        Shelf<String> shelf = shelf();
        Void nothing = drive.run(async(() -> await(shelf.put("x"))));
        assertNull(nothing);
        drive.run(async(() -> {
            await(drive.later(0));
            await(shelf.put("y"));
        }));
        assertEquals(0, shelf.made);
        assertEquals(List.of("x", "y"), List.copyOf(shelf.there));
    }

    @Test
    void aFailureOfTheSiblingIsCaughtAroundTheAwait() throws Exception {
        Shelf<String> shelf = shelf();
        shelf.failure = new IOException("broken");
        List<String> log = new ArrayList<>();
        String told = drive.run(async(() -> {
            try {
                await(drive.later(0));
                return await(shelf.take(1, 1, ""));
            } catch (IOException e) {
                return await(drive.later(e.getMessage()));
            } finally {
                log.add("finally");
            }
        }));
        assertEquals("broken", told);
        assertEquals(List.of("finally"), log);
    }

    @Test
    void siblingsAreInheritedAndOverridden() throws Exception {
        Drawer drawer = new Drawer(drive);
        drawer.there.add("d");
        assertEquals("d", drive.run(async(() -> await(drawer.take(1, 1, "")))));
        Locked locked = new Locked(drive);
        locked.there.add("l");
        locked.later = "unlocked";
        assertEquals("unlocked", drive.run(async(() -> await(locked.take(1, 1, "")))));
        assertEquals(1, locked.refused);
        assertEquals(1, locked.made);
    }

    @Test
    void ofASource() throws Exception {
        int[] made = {0};
        Source<Integer> three = new Source<>() {
            private int given;

            @Override
            public Future<Next<Integer>> next() {
                made[0]++;
                given++;
                return drive.later(new Item<>(given));
            }

            @Override
            public Object nextNow(Context cx) {
                return given == 3 ? Next.end() : given == 1 ? new Item<>(++given) : Poll.pending();
            }

            @Override
            public void close() {}
        };
        assertEquals(6, drive.run(async(() -> {
            int sum = 0;
            while (await(three.next()) instanceof Item(var n)) {
                sum += n;
            }
            return sum;
        })));
        assertEquals(2, made[0]);
    }

    static int ofNobody;

    @NowOr("staticNow")
    static Future<Integer> ofNobody(long n) {
        ofNobody++;
        return Futures.ready((int) n);
    }

    public static Object staticNow(long n, Context cx) {
        return n > 5 ? (Object) (int) n : Poll.pending();
    }

    @Test
    void staticOnes() throws Exception {
        ofNobody = 0;
        assertEquals(13, drive.run(async(() -> await(ofNobody(3)) + await(ofNobody(10)))));
        assertEquals(1, ofNobody);
    }

    @Test
    void aFutureThatIsKeptIsMade() throws Exception {
        Shelf<String> shelf = shelf("x");
        assertEquals("later", drive.run(async(() -> {
            var kept = shelf.take(1, 1, "");
            await(drive.later(0));
            return await(kept);
        })));
        assertEquals(1, shelf.made);
    }

    @Test
    void aDropBehindAPendingSiblingRunsTheCleanup() throws Exception {
        Shelf<String> shelf = shelf();
        List<String> log = new ArrayList<>();
        Future<String> body = async(() -> {
            try {
                return await(shelf.take(1, 1, ""));
            } finally {
                log.add("cleaned");
            }
        });
        assertEquals(Poll.pending(), drive.poll(body));
        body.drop();
        assertEquals(List.of("cleaned"), log);
        assertEquals(1, shelf.made);
    }
}
