package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCallable;
import dev.latent.AsyncClosure;
import dev.latent.AsyncFunction;
import dev.latent.Future;
import dev.latent.Poll;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies of many shapes give what the same code would give with a blocking await, however often they suspend. */
class WovenTest {
    private final Drive drive = new Drive();
    private int field;

    private Future<String> later(String s) {
        return drive.after(2, s);
    }

    private Future<Integer> number(int n) {
        return async(() -> {
            await(later("x"));
            return n;
        });
    }

    @Test
    void nothingRunsBeforeThePoll() throws Exception {
        List<String> ran = new ArrayList<>();
        Future<String> f = async(() -> {
            ran.add("ran");
            return await(later("a"));
        });
        assertTrue(ran.isEmpty());
        assertFalse(drive.poll(f).isReady());
        assertEquals(List.of("ran"), ran);
        assertEquals("a", drive.run(f));
        assertThrows(IllegalStateException.class, () -> drive.poll(f));
    }

    @Test
    void capturesLocalsAndStackSurvive() throws Exception {
        int i = 3;
        long l = 1L << 40;
        double d = 2.5;
        boolean z = true;
        char c = 'c';
        String s = "s";
        Future<String> f = async(() -> {
            byte b = (byte) (i + 4);
            long sum = l + await(number(2)) * 2L + (z ? await(number(3)) : 0);
            String t =
                    s + await(later("m")) + c + b + d + (z && await(later("q")).equals("q"));
            field += await(number(5));
            int[] a = {await(number(1)), await(number(2)), 3};
            a[1] += await(number(7));
            return t
                    + sum
                    + a[0]
                    + a[1]
                    + a[2]
                    + field
                    + new StringBuilder(await(later("sb"))).append(await(later("e")));
        });
        assertEquals("sm" + "c" + 7 + 2.5 + true + ((1L << 40) + 4 + 3) + 1 + 9 + 3 + 5 + "sb" + "e", drive.run(f));
    }

    @Test
    void loopsAndSwitches() throws Exception {
        Future<String> f = async(() -> {
            StringBuilder out = new StringBuilder();
            outer:
            for (int i = 0; ; i++) {
                for (String s : List.of("a", "b", "c")) {
                    switch (await(later(s + i))) {
                        case "a0" -> out.append("first ");
                        case "b1" -> {
                            continue outer;
                        }
                        case "a2" -> {
                            break outer;
                        }
                        default -> out.append(s).append(i).append(' ');
                    }
                }
            }
            Object o = await(number(4));
            return out
                    + switch (o) {
                        case Integer n when n > 3 -> "big" + await(number(n));
                        case Integer n -> "small";
                        default -> "none";
                    };
        });
        assertEquals("first b0 c0 a1 big4", drive.run(f));
    }

    @Test
    void exceptionsAreThrownAtTheAwait() throws Exception {
        Future<String> f = async(() -> {
            String out = "";
            for (int i = 0; i < 3; i++) {
                try {
                    out += await(drive.after(i, "ok").failing(i == 1 ? null : new IOException("no" + i)));
                } catch (IOException e) {
                    out += e.getMessage() + await(later("!"));
                } finally {
                    out += await(later("f"));
                }
            }
            return out;
        });
        assertEquals("no0!fokfno2!f", drive.run(f));
    }

    @Test
    void finallyWithPendingReturnAndThrow() throws Exception {
        Future<String> f = async(() -> {
            try {
                return await(later("r"));
            } finally {
                drive.log(await(later("fin")));
            }
        });
        assertEquals("r", drive.run(f));
        Future<String> g = async(() -> {
            try {
                throw new IOException("x");
            } finally {
                drive.log(await(later("fin2")));
            }
        });
        assertEquals("x", assertThrows(IOException.class, () -> drive.run(g)).getMessage());
        assertEquals(List.of("fin", "fin2"), drive.trace);
    }

    @AsyncClosure
    interface Handler {
        int handle(String s, long n) throws Exception;
    }

    private Future<Integer> twice(Handler h) {
        return async(() -> h.handle("ab", 1L << 33) + h.handle("c", 2));
    }

    private <R> Future<R> retry(int times, AsyncCallable<R> body) {
        return async(() -> {
            for (int i = 1; ; i++) {
                try {
                    return await(async(body));
                } catch (IOException e) {
                    if (i == times) {
                        throw e;
                    }
                    await(later("pause"));
                }
            }
        });
    }

    @Test
    void closuresOfAnyKind() throws Exception {
        assertEquals(
                2 + 33 + 1 + 1, drive.run(twice((s, n) -> await(later(s)).length() + Long.numberOfTrailingZeros(n))));
        int[] tries = {0};
        String out = drive.run(retry(3, () -> {
            String a = await(later("v"));
            if (++tries[0] < 3) {
                throw new IOException("try " + tries[0]);
            }
            return a + tries[0];
        }));
        assertEquals("v3", out);
        AsyncFunction<String, String> twice = s -> await(later(s)) + await(later(s));
        assertEquals("xx", drive.run(async(twice, "x")));
        assertEquals("yy", drive.run(async(twice, "y")));
        assertThrows(IllegalStateException.class, () -> twice.apply("z"));
    }

    @Test
    void oneOwner() throws Exception {
        Future<String> inner = async(() -> await(drive.never("n")));
        Future<String> outer = async(() -> await(inner));
        drive.poll(outer);
        assertTrue(assertThrows(IllegalStateException.class, () -> drive.poll(inner))
                .getMessage()
                .contains("oneOwner"));
        Future<String> second = async(() -> await(inner));
        assertThrows(IllegalStateException.class, () -> drive.run(second));
    }

    private Future<Long> deep(int n) {
        return async(() -> n == 0 ? (long) await(later("end")).length() : await(deep(n - 1)) + 1);
    }

    private Future<Long> deepNow(int n) {
        return async(() -> n == 0 ? 0L : await(deepNow(n - 1)) + 1);
    }

    private Future<Long> deepFailing(int n) {
        return async(() -> {
            if (n == 0) {
                await(later("end"));
                throw new IOException("bottom");
            }
            return await(deepFailing(n - 1)) + 1;
        });
    }

    @Test
    void aMillionDeep() throws Exception {
        assertEquals(1_000_003L, drive.run(deep(1_000_000)));
        assertEquals(1_000_000L, drive.run(deepNow(1_000_000)));
        IOException e = assertThrows(IOException.class, () -> drive.run(deepFailing(1_000_000)));
        assertTrue(e.getStackTrace().length <= 1_024);
        Future<Long> dropped = deep(1_000_000);
        drive.poll(dropped);
        dropped.drop();
        assertEquals(List.of("drop end"), drive.trace);
    }

    @Test
    void spliced() throws Exception {
        Future<Long> started = deep(1_000);
        assertFalse(drive.poll(started).isReady());
        Future<Long> outer = async(() -> await(started) + 1);
        assertEquals(1_004L, drive.run(outer));
    }

    @Test
    void traceReadsLikeTheSource() {
        IOException e = assertThrows(IOException.class, () -> drive.run(outer()));
        List<String> methods = new ArrayList<>();
        for (StackTraceElement s : e.getStackTrace()) {
            if (s.getClassName().startsWith("dev.latent")) {
                methods.add(s.getClassName().replaceAll(".*\\.", "") + "." + s.getMethodName());
            }
        }
        assertEquals(
                List.of("WovenTest.inner", "WovenTest.middle", "WovenTest.outer"),
                methods.subList(0, 3),
                () -> "" + methods);
        assertSame(1L, methods.stream().filter(m -> m.endsWith("middle")).count());
    }

    @Test
    void eachAwaitOnceAndInOrder() throws Exception {
        for (int crossings : new int[] {0, 1, 300}) {
            IOException e = assertThrows(IOException.class, () -> drive.run(top(crossings)));
            List<String> methods = new ArrayList<>();
            for (StackTraceElement s : e.getStackTrace()) {
                if (s.getClassName().equals(WovenTest.class.getName())
                        && !s.getMethodName().equals("eachAwaitOnceAndInOrder")
                        && !s.getMethodName().startsWith("lambda$")) {
                    methods.add(s.getMethodName());
                }
            }
            List<String> expected = new ArrayList<>(List.of("inner"));
            expected.addAll(java.util.Collections.nCopies(crossings + 1, "recurse"));
            expected.addAll(List.of("rethrow", "top"));
            assertEquals(expected, methods);
        }
    }

    private Future<String> recurse(int n) {
        return async(() -> {
            if (n > 0) {
                return await(recurse(n - 1));
            }
            await(later("x"));
            return await(inner());
        });
    }

    private Future<String> rethrow(int n) {
        return async(() -> {
            try {
                return await(recurse(n));
            } catch (IOException e) {
                await(later("x"));
                throw e;
            } finally {
                await(later("x"));
            }
        });
    }

    private Future<String> top(int n) {
        return async(() -> await(rethrow(n)));
    }

    private Future<String> inner() {
        return async(() -> {
            await(later("x"));
            throw new IOException("out of stock");
        });
    }

    private Future<String> middle() {
        return async(() -> "m" + await(inner()));
    }

    private Future<String> outer() {
        return async(() -> "o" + await(middle()));
    }

    @Test
    void nestedLambdasAndOrdinaryOnes() throws Exception {
        Future<Integer> f = async(() -> {
            int total = 0;
            for (Future<Integer> each : List.of(1, 2, 3).stream()
                    .map(n -> async(() -> n + await(number(n))))
                    .toList()) {
                total += await(each);
            }
            return total;
        });
        assertEquals(12, drive.run(f));
        assertSame(Poll.pending(), drive.poll(async(() -> await(later("z")))));
    }
}
