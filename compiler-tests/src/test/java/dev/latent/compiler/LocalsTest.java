package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.latent.Future;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Locals of every type across an await, and what a suspended frame holds of them. */
class LocalsTest {
    private final Drive drive = new Drive();

    @Test
    void localsOfEachKind() throws Exception {
        Future<String> f = async(() -> {
            String out = "";
            for (int round = 0; round < 2; round++) {
                {
                    long wide = await(drive.later(5L));
                    out += wide;
                }
                {
                    String narrow = await(drive.later("n"));
                    double after = 2;
                    out += narrow + await(drive.later(after));
                }
                Object merged = round == 0 ? null : "m";
                Object never = null;
                await(drive.later("x"));
                out += merged;
                out += never;
                byte b = (byte) (await(drive.later(127)) + 1);
                char c = 'a';
                c += await(drive.later(1));
                short s;
                boolean z;
                if (round == 0) {
                    s = 3;
                    z = await(drive.later(true));
                } else {
                    s = await(drive.later((short) 4));
                    z = false;
                }
                await(drive.later("y"));
                out += b + "" + c + s + z;
                int[] array = null;
                if (round == 1) {
                    array = new int[] {await(drive.later(1))};
                }
                await(drive.later("y"));
                out += array == null ? "null" : array.length;
            }
            return out;
        });
        assertEquals("5n2.0nullnull-128b3truenull" + "5n2.0mnull-128b4false1", drive.run(f));
    }

    @Test
    void nothingIsKeptThatTheSourceCannotReach() throws Exception {
        List<WeakReference<Object>> dead = new ArrayList<>();
        Future<String> f = async(() -> {
            Object first = new Object();
            dead.add(new WeakReference<>(first));
            await(drive.after(1, "a"));
            dead.add(new WeakReference<>(first));
            first.hashCode();
            Object second = new Object();
            dead.add(new WeakReference<>(second));
            await(drive.after(1, second.toString()));
            await(drive.never("n"));
            return "x";
        });
        drive.poll(f);
        drive.poll(f);
        drive.poll(f);
        for (int i = 0; i < 50 && dead.stream().anyMatch(d -> d.get() != null); i++) {
            System.gc();
        }
        dead.forEach(d -> assertNull(d.get()));
    }

    record Pair(Object left, int right) {}

    @Test
    void bindings() throws Exception {
        Object[] values = {new Pair(new Pair("in", 1), 2), new Pair("s", 3), "text", 4};
        List<String> out = new ArrayList<>();
        for (Object o : values) {
            out.add(drive.run(async(() -> {
                if (!(o instanceof Pair(var left, int right))) {
                    return o instanceof String s && s.length() > await(drive.later(2))
                            ? s + await(drive.later("!"))
                            : "none";
                }
                long wide = await(drive.later(10L)) + right;
                if (left instanceof Pair(String deep, int n) && await(drive.later(n)) == n) {
                    return deep + await(drive.later(wide)) + n;
                }
                return left + "" + await(drive.later(wide));
            })));
        }
        assertEquals(List.of("in121", "s13", "text!", "none"), out);
    }

    private <T extends CharSequence & Comparable<T>> Future<String> both(T a, T b) {
        return async(() -> {
            T first = await(drive.later(a));
            var second = await(drive.later(b));
            return first.length() + " " + first.compareTo(second) + second.charAt(0);
        });
    }

    @Test
    void aTypeThatIsAnIntersection() throws Exception {
        assertEquals("2 -1b", drive.run(both("aa", "ba")));
    }
}
