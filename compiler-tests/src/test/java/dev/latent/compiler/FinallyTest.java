package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A drop and the rarer forms of {@code finally}. */
class FinallyTest {
    private final Drive drive = new Drive();

    private final class Value implements AsyncCloseable {
        private final String name;

        Value(String name) {
            this.name = name;
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> drive.log(await(drive.open("closed " + name))));
        }

        @Override
        public void close() {
            drive.log("close request " + name);
        }
    }

    @Test
    @SuppressWarnings("finally")
    void aFinallyThatAlwaysThrowsSwallowsNoDrop() throws Exception {
        for (boolean waiting : List.of(false, true)) {
            drive.trace.clear();
            drive.unhandled.clear();
            Drive.Gate gate = drive.never("gate");
            Future<String> f = async(() -> {
                for (int i = 0; ; i++) {
                    try {
                        try {
                            if (!waiting) {
                                await(drive.never("leaf" + i));
                            }
                        } finally {
                            try {
                                await(gate);
                                throw new IllegalStateException("handled");
                            } catch (IllegalStateException e) {
                                drive.log(e.getMessage());
                            }
                            throw new IOException("always");
                        }
                    } catch (IOException e) {
                        drive.log("retry");
                    }
                }
            });
            drive.poll(f);
            assertFalse(drive.pollDrop(f).isReady());
            gate.open();
            assertTrue(drive.pollDrop(f).isReady());
            assertEquals(waiting ? List.of("handled") : List.of("drop leaf0", "handled"), drive.trace);
            assertEquals(
                    List.of("always"),
                    drive.unhandled.stream().map(Throwable::getMessage).toList());
        }
    }

    /** The copy of the outer finally within the inner one's handler is not part of the inner cleanup, which awaits nothing. */
    @Test
    @SuppressWarnings("finally")
    void aFinallyThatLeavesThroughAnAwaitingOne() throws Exception {
        for (boolean always : List.of(false, true)) {
            drive.trace.clear();
            Future<String> f = async(() -> {
                while (true) {
                    try {
                        try {
                            drive.log("body");
                        } finally {
                            if (always || drive.trace.size() == 1) {
                                break;
                            }
                        }
                    } finally {
                        drive.log(await(drive.after(1, "cleaned")));
                    }
                }
                drive.log("after");
                await(drive.never("leaf"));
                return "not reached";
            });
            drive.poll(f);
            drive.poll(f);
            assertTrue(drive.pollDrop(f).isReady());
            assertEquals(List.of("body", "cleaned", "after", "drop leaf"), drive.trace);
        }
    }

    @Test
    void aValueOnItsWayThroughAwaitingCleanupsIsUndelivered() throws Exception {
        Drive.Gate gate = drive.never("cleanup");
        Future<Value> f = async(() -> {
            try {
                try {
                    return new Value("value");
                } finally {
                    await(gate);
                    drive.log("inner");
                }
            } catch (RuntimeException e) {
                drive.log("caught");
            } finally {
                drive.log(await(drive.after(1, "outer")));
            }
            return new Value("other");
        });
        Future<Void> caller = async(() -> {
            try (Value got = await(f)) {
                drive.log("got");
            } finally {
                drive.log("caller");
            }
        });
        drive.poll(caller);
        assertFalse(drive.pollDrop(caller).isReady());
        gate.open();
        assertFalse(drive.pollDrop(caller).isReady());
        assertTrue(drive.pollDrop(caller).isReady());
        assertEquals(List.of("inner", "outer", "close request value", "caller"), drive.trace);
    }

    @Test
    @SuppressWarnings("finally")
    void aFinallyThatAlwaysGoesOnWithItsLoop() throws Exception {
        Future<Void> f = async(() -> {
            while (true) {
                drive.log(await(drive.after(1, "turn")));
                try {
                    drive.log("body");
                } finally {
                    continue;
                }
            }
        });
        drive.poll(f);
        drive.poll(f);
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("turn", "body"), drive.trace.subList(0, 2));
    }

    private record Pair(Object first, Object second) {}

    @Test
    void aFinallyThatMatchesARecordIsFinished() throws Exception {
        Drive.Gate gate = drive.never("gate");
        Object pair = new Pair("a", "b");
        Future<Void> f = async(() -> {
            try {
                await(drive.never("leaf"));
            } finally {
                if (pair instanceof Pair(String first, Object second)) {
                    await(gate);
                    drive.log(first + second);
                }
            }
        });
        drive.poll(f);
        assertFalse(drive.pollDrop(f).isReady());
        assertFalse(drive.pollDrop(f).isReady());
        gate.open();
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("drop leaf", "ab"), drive.trace);
    }
}
