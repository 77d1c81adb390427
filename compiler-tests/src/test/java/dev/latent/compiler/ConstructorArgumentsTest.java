package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.AsyncCallable;
import dev.latent.Future;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A {@code switch} with a {@code try} or {@code synchronized} in it, in the arguments of a constructor: compilers put the operand stack
 * aside around it, and with it an object whose constructor has not run.
 */
class ConstructorArgumentsTest {
    private final Drive drive = new Drive();

    private static class Two {
        final Object a;
        final Object b;

        Two(Object a, Object b) {
            this.a = a;
            this.b = b;
        }

        @Override
        public String toString() {
            return "(" + a + " " + b + ")";
        }
    }

    private class Inner extends Two {
        Inner(Object a) {
            super(a, drive.trace);
        }
    }

    private record Resource(Drive drive) implements AutoCloseable {
        @Override
        public void close() {
            drive.log("close");
        }
    }

    /** Each arm awaits {@code slow}, wherever it may. */
    private Future<Object> nested(int arm, Future<String> slow) {
        return async(() -> new Two(
                1,
                new Two(
                        "x" + arm,
                        switch (arm) {
                            case 0 -> {
                                try {
                                    yield await(slow);
                                } finally {
                                    drive.log("finally " + await(drive.later("f")));
                                }
                            }
                            case 1 -> {
                                try (var r = new Resource(drive)) {
                                    for (int k = 0; k < 3; k++) {
                                        if (await(drive.later(k)) == 1) {
                                            yield k + await(slow) + r.drive.trace;
                                        }
                                    }
                                    yield "never";
                                }
                            }
                            case 2 -> {
                                try {
                                    throw new IOException(await(drive.later("io")));
                                } catch (IOException e) {
                                    yield e.getMessage() + await(slow);
                                }
                            }
                            case 3 -> {
                                synchronized (this) {
                                    yield "locked";
                                }
                            }
                            case 4 -> throw new IllegalStateException(await(slow));
                            default -> await(slow);
                        })));
    }

    @Test
    void everyArm() throws Exception {
        assertEquals("(1 (x0 s))", drive.run(nested(0, drive.later("s"))).toString());
        assertEquals(
                "(1 (x1 1s[finally f]))", drive.run(nested(1, drive.later("s"))).toString());
        assertEquals("(1 (x2 ios))", drive.run(nested(2, drive.later("s"))).toString());
        assertEquals("(1 (x3 locked))", drive.run(nested(3, drive.later("s"))).toString());
        assertEquals("(1 (x5 s))", drive.run(nested(5, drive.later("s"))).toString());
        assertEquals(List.of("finally f", "close"), drive.trace);
        assertEquals(
                "s",
                assertThrows(IllegalStateException.class, () -> drive.run(nested(4, drive.later("s"))))
                        .getMessage());
    }

    @Test
    void aDropRunsWhatStandsAround() throws Exception {
        for (int arm : new int[] {1, 2, 4, 5}) {
            drive.trace.clear();
            Drive.Gate slow = drive.never("s");
            Future<Object> f = nested(arm, slow);
            for (int polls = 0; polls < 10; polls++) {
                drive.poll(f);
            }
            f.drop();
            assertEquals(arm == 1 ? List.of("drop s", "close") : List.of("drop s"), drive.trace);
            assertEquals(1, slow.drops);
        }
    }

    @Test
    void aDropWaitsForAFinally() throws Exception {
        Future<Object> f = nested(0, drive.never("s"));
        drive.poll(f);
        drive.pollDrop(f);
        drive.pollDrop(f);
        assertEquals(List.of("drop s", "finally f"), drive.trace);
    }

    @Test
    void onlyTheSelectorAwaits() throws Exception {
        assertEquals(
                "(2 (caught a))",
                drive.run(async(() -> new Two(
                                2,
                                new Two(
                                        switch (await(drive.later(1))) {
                                            case 1 -> {
                                                try {
                                                    yield "" + 1 / (drive.trace.size() - drive.trace.size());
                                                } catch (ArithmeticException e) {
                                                    yield "caught";
                                                }
                                            }
                                            default -> "no";
                                        },
                                        "a"))))
                        .toString());
    }

    @Test
    void aSwitchBeforeAndAfterAnAwait() throws Exception {
        assertEquals(
                "(1 a)b(2 c)",
                drive.run(async(() -> ""
                        + new Two(
                                switch (drive.trace.size()) {
                                    default -> {
                                        try {
                                            yield 1;
                                        } finally {
                                            drive.log("1");
                                        }
                                    }
                                },
                                await(drive.later("a")))
                        + await(drive.later("b"))
                        + new Two(
                                await(drive.later(2)),
                                switch (drive.trace.size()) {
                                    case 1 -> {
                                        try {
                                            yield "c";
                                        } finally {
                                            drive.log("2");
                                        }
                                    }
                                    default -> "d";
                                }))));
    }

    @Test
    void whatIsThrown() {
        AsyncCallable<Object> body = () -> {
            throw new IllegalStateException(
                    switch (await(drive.later(2))) {
                        case 2 -> {
                            try {
                                yield "two";
                            } finally {
                                drive.log(await(drive.later("f")));
                            }
                        }
                        default -> "no";
                    });
        };
        assertEquals(
                "two",
                assertThrows(IllegalStateException.class, () -> drive.run(async(body)))
                        .getMessage());
        assertEquals(List.of("f"), drive.trace);
    }

    @Test
    void anonymousInnerAndArrays() throws Exception {
        int[] one = {1};
        assertEquals("anonymous a 1|(a [b])|[1, a, 5]|3", drive.run(async(() -> {
            Two anonymous =
                    new Two(
                            switch (one[0]) {
                                case 1 -> {
                                    try {
                                        yield await(drive.later("a"));
                                    } finally {
                                        one[0]++;
                                    }
                                }
                                default -> "no";
                            },
                            1) {
                        @Override
                        public String toString() {
                            return "anonymous " + a + " " + b;
                        }
                    };
            ConstructorArgumentsTest outer = this;
            Inner inner = outer
            .new Inner(
                    switch (one[0]) {
                        case 2 -> {
                            try {
                                yield await(drive.later("a"));
                            } finally {
                                drive.log("b");
                            }
                        }
                        default -> "no";
                    });
            Object[] array = {
                1,
                await(drive.later("a")),
                new StringBuilder(
                                switch (one[0]) {
                                    case 2 -> {
                                        try (var _ = new Resource(new Drive())) {
                                            yield await(drive.later("12345"));
                                        }
                                    }
                                    default -> "no";
                                })
                        .length()
            };
            int[] made = new int
                    [switch (one[0]) {
                        case 2 -> {
                            try {
                                yield 1 + await(drive.later(2));
                            } finally {
                                one[0]++;
                            }
                        }
                        default -> 0;
                    }];
            return anonymous + "|" + inner + "|" + Arrays.toString(array) + "|" + made.length;
        })));
    }

    private record Pair(Object left, Object right) {}

    @Test
    void patterns() throws Exception {
        for (Object o : List.of(new Pair(1, "x"), new Pair("y", 2), "z")) {
            assertEquals(
                    o.equals("z") ? "(k default)" : "(k [" + o + "])",
                    drive.run(async(() -> new Two(
                                    "k",
                                    switch (o) {
                                        case Pair(Integer a, String b)
                                        when await(drive.later(true)) -> {
                                            try {
                                                yield await(drive.later(List.of(new Pair(a, b))));
                                            } finally {
                                                drive.log("1");
                                            }
                                        }
                                        case Pair p -> await(drive.later(List.of(p)));
                                        default -> await(drive.later("default"));
                                    })))
                            .toString());
        }
    }

    private static final StringBuilder initialised = new StringBuilder();

    private static final class Late {
        static {
            initialised.append("Late");
        }

        Late(String seen) {
            initialised.append(seen);
        }
    }

    @Test
    void theClassIsInitialisedFirst() throws Exception {
        drive.run(async(() -> new Late(
                switch (1) {
                    default -> {
                        try {
                            yield " at new, then " + await(drive.later(initialised.toString()));
                        } finally {
                            initialised.append(" finally");
                        }
                    }
                })));
        assertEquals("Late finally at new, then Late", initialised.toString());
    }

    /** A constructor's own arguments are no part of a body, but may make one. */
    private final class Delegating {
        final Future<String> made;

        Delegating(int arm) {
            this(
                    switch (arm) {
                        case 1 -> {
                            try {
                                yield async(() -> "one" + await(drive.later(arm)));
                            } finally {
                                drive.log("made");
                            }
                        }
                        default -> async(() -> "other" + await(drive.later(arm)));
                    });
        }

        Delegating(Future<String> made) {
            this.made = made;
        }
    }

    @Test
    void aBodyInTheArgumentsOfThis() throws Exception {
        assertEquals("one1", drive.run(new Delegating(1).made));
        assertEquals("other2", drive.run(new Delegating(2).made));
    }
}
