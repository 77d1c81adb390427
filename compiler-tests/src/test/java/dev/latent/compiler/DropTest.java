package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Poll;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dropping a suspended body runs its cleanup, innermost first, once, and nothing else. */
class DropTest {
    private final Drive drive = new Drive();

    private final class Res implements AsyncCloseable {
        private final String name;
        private final Future<?> waits;

        Res(String name, Future<?> waits) {
            this.name = name;
            this.waits = waits;
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                drive.log("closing " + name);
                await(waits);
                drive.log("closed " + name);
            });
        }

        @Override
        public void close() {
            drive.log("close request " + name);
        }
    }

    private Res res(String name) {
        return new Res(name, drive.open(name));
    }

    @Test
    void neverPolledRunsNothing() {
        Future<Void> f = async(() -> {
            drive.log("ran");
        });
        f.drop();
        assertEquals(List.of(), drive.trace);
        assertThrows(IllegalStateException.class, () -> drive.poll(f));
    }

    @Test
    void neverPolledButOwningClosesWhatItOwns() {
        Res a = res("a");
        Res b = res("b");
        Future<Void> f = async(() -> {
            try (a;
                    b) {
                drive.log("ran");
                await(drive.never("n"));
            }
        });
        f.drop();
        assertEquals(List.of("closing b", "closed b", "closing a", "closed a"), drive.trace);
    }

    @Test
    void neverPolledButOwningUnderOtherNamesClosesWhatItOwns() {
        Res a = res("a");
        Res b = res("b");
        Future<Void> f = async(() -> {
            try (Res first = a;
                    Res second = b) {
                drive.log("ran " + first + second);
                await(drive.never("n"));
            }
        });
        f.drop();
        assertEquals(List.of("closing b", "closed b", "closing a", "closed a"), drive.trace);
    }

    @Test
    void neverPolledButOwningCatchesNothing() {
        Res a = res("a");
        Future<Void> f = async(() -> {
            try {
                try (a) {
                    drive.log("ran");
                } finally {
                    Integer.parseInt("fails");
                }
            } catch (Throwable t) {
                drive.log("caught " + t);
            }
            drive.log("went on");
            await(drive.never("n"));
        });
        assertEquals(Poll.done(), drive.pollDrop(f));
        assertEquals(List.of("closing a", "closed a"), drive.trace);
        assertEquals(NumberFormatException.class, drive.unhandled.getFirst().getClass());
    }

    @Test
    void neverPolledButOwningCatchesNothingAfterAClosingThatWaits() {
        Res a = new Res("a", drive.after(1, "gate"));
        Future<Void> f = async(() -> {
            try (a) {
                drive.log("ran");
                await(drive.never("n"));
            } catch (Throwable t) {
                drive.log("caught " + t);
            }
            drive.log("went on");
        });
        assertEquals(Poll.pending(), drive.pollDrop(f));
        assertEquals(Poll.done(), drive.pollDrop(f));
        assertEquals(List.of("closing a", "closed a"), drive.trace);
    }

    @Test
    void finallyRunsOutwardsAndCatchDoesNot() throws Exception {
        Future<Void> inner = async(() -> {
            try {
                try {
                    await(drive.never("leaf"));
                } finally {
                    drive.log("inner finally");
                }
                drive.log("not reached");
            } catch (Throwable t) {
                drive.log("swallowed " + t);
            } finally {
                drive.log("outer finally");
            }
        });
        Future<Void> caller = async(() -> {
            try {
                await(inner);
            } catch (Exception e) {
                drive.log("caller caught");
            } finally {
                drive.log("caller finally");
            }
        });
        drive.poll(caller);
        caller.drop();
        caller.drop();
        assertEquals(List.of("drop leaf", "inner finally", "outer finally", "caller finally"), drive.trace);
    }

    @Test
    void aFailingCleanupCannotRestartARetryLoop() throws Exception {
        Future<String> f = async(() -> {
            for (int i = 0; i < 3; i++) {
                try {
                    try {
                        return await(drive.never("leaf" + i));
                    } finally {
                        drive.log("cleanup " + i);
                        if (i >= 0) {
                            throw new IOException("cleanup");
                        }
                    }
                } catch (IOException e) {
                    drive.log("retry");
                }
            }
            return "done";
        });
        drive.poll(f);
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("drop leaf0", "cleanup 0"), drive.trace);
        assertEquals(1, drive.unhandled.size());
    }

    @Test
    void aWaitingCleanupIsFinishedFirst() throws Exception {
        Drive.Gate gate = drive.never("cleanup");
        Future<Void> f = async(() -> {
            try {
                await(drive.never("leaf"));
            } finally {
                try {
                    await(gate);
                    drive.log("cleaned");
                } catch (IllegalStateException e) {
                    drive.log("handled in the cleanup");
                }
            }
        });
        drive.poll(f);
        assertFalse(drive.pollDrop(f).isReady());
        assertFalse(drive.pollDrop(f).isReady());
        gate.open();
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("drop leaf", "cleaned"), drive.trace);
    }

    @Test
    void aDropThatComesDuringANormalCleanupWaitsForItsEnd() throws Exception {
        for (String way : List.of("fall", "return", "break", "branch")) {
            drive.trace.clear();
            Drive.Gate gate = drive.never("cleanup");
            Future<String> f = async(() -> {
                while (true) {
                    try {
                        if (way.equals("return")) {
                            return "r";
                        }
                        if (way.equals("break")) {
                            break;
                        }
                        drive.log("body");
                    } catch (IllegalArgumentException e) {
                        drive.log("caught");
                    } finally {
                        if (!way.equals("never")) {
                            await(gate);
                            if (way.equals("branch")) {
                                drive.log("branch");
                            }
                        }
                    }
                    drive.log("after");
                    if (way.length() > 100) {
                        continue;
                    }
                    await(drive.never("later"));
                }
                drive.log("end");
                return "e";
            });
            drive.poll(f);
            assertFalse(drive.pollDrop(f).isReady(), way);
            drive.log("opened");
            gate.open();
            assertTrue(drive.pollDrop(f).isReady(), way);
            assertFalse(drive.trace.contains("after"), () -> way + drive.trace);
            assertFalse(drive.trace.contains("end"), () -> way + drive.trace);
            assertEquals(0, gate.drops);
        }
    }

    @Test
    void aDropDuringACloseOnTheNormalPath() throws Exception {
        Drive.Gate gate = drive.never("close");
        Future<Void> f = async(() -> {
            try (Res outer = res("outer")) {
                try (Res inner = new Res("inner", gate)) {
                    drive.log("body");
                }
                drive.log("after");
                await(drive.never("later"));
            }
        });
        drive.poll(f);
        assertFalse(drive.pollDrop(f).isReady());
        gate.open();
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("body", "closing inner", "closed inner", "closing outer", "closed outer"), drive.trace);
    }

    @Test
    void failingClosesAreCollected() throws Exception {
        Future<?> bad = drive.open("x").failing(new IOException("close failed"));
        Future<?> worse = drive.open("y").failing(new IOException("so did the next"));
        Future<Void> f = async(() -> {
            try (Res a = res("a");
                    Res c = new Res("c", worse);
                    Res b = new Res("b", bad)) {
                await(drive.never("leaf"));
            }
        });
        drive.poll(f);
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("drop leaf", "closing b", "closing c", "closing a", "closed a"), drive.trace);
        assertEquals(
                List.of("close failed", "so did the next"),
                drive.unhandled.stream().map(Throwable::getMessage).toList());
    }

    @Test
    void dropWithoutAContextHandsTheRestToTheSpawner() throws Exception {
        Drive.Gate gate = drive.never("cleanup");
        Future<Void> f = async(() -> {
            try {
                await(drive.never("leaf"));
            } finally {
                await(gate);
                drive.log("cleaned");
            }
        });
        drive.poll(f);
        f.drop();
        assertEquals(1, drive.spawned.size());
        gate.open();
        drive.pollSpawned();
        assertTrue(drive.spawned.getFirst().isFinished());
        assertEquals(List.of("drop leaf", "cleaned"), drive.trace);
    }

    @Test
    void aCleanupBelowShieldsTheCalleesOfThatCleanup() throws Exception {
        Drive.Gate gate = drive.never("deep");
        Future<Void> callee = async(() -> {
            try {
                await(gate);
                drive.log("callee ran on");
            } finally {
                drive.log("callee finally");
            }
        });
        Future<Void> f = async(() -> {
            try {
                drive.log("body");
            } finally {
                await(callee);
                drive.log("cleaned");
            }
            drive.log("after");
        });
        Future<Void> root = async(() -> {
            try {
                await(f);
            } finally {
                drive.log("root finally");
            }
            drive.log("after root");
        });
        drive.poll(root);
        assertFalse(drive.pollDrop(root).isReady());
        gate.open();
        assertTrue(drive.pollDrop(root).isReady());
        assertEquals(List.of("body", "callee ran on", "callee finally", "cleaned", "root finally"), drive.trace);
    }

    @Test
    void theEndOfACleanupIsNotWithinItsOwnTries() throws Exception {
        for (boolean outside : List.of(false, true)) {
            drive.trace.clear();
            Drive.Gate gate = drive.never("cleanup");
            Future<Void> f = async(() -> {
                try (AutoCloseable around = () -> drive.log("closed")) {
                    try {
                        drive.log("body");
                    } finally {
                        await(gate);
                        try {
                            drive.log("last");
                        } catch (Throwable t) {
                            drive.log("swallowed");
                        }
                    }
                    if (outside) {
                        drive.log("after");
                    }
                }
            });
            drive.poll(f);
            assertFalse(drive.pollDrop(f).isReady());
            gate.open();
            assertTrue(drive.pollDrop(f).isReady());
            assertEquals(List.of("body", "last", "closed"), drive.trace);
        }
    }

    private Future<Integer> deepWithCleanup(int n, int[] cleaned, Future<?> leaf) {
        return async(() -> {
            try {
                if (n == 0) {
                    await(leaf);
                    return 0;
                }
                return await(deepWithCleanup(n - 1, cleaned, leaf)) + 1;
            } catch (Throwable t) {
                drive.log("swallowed");
                throw t;
            } finally {
                await(drive.open("cleanup"));
                assertEquals(n, cleaned[0]++);
            }
        });
    }

    @Test
    void aMillionCleanups() throws Exception {
        for (int depth : new int[] {1, 255, 256, 257, 1_000_000}) {
            int[] cleaned = {0};
            Future<Integer> f = deepWithCleanup(depth, cleaned, drive.never("leaf"));
            drive.poll(f);
            assertTrue(drive.pollDrop(f).isReady());
            assertEquals(depth + 1, cleaned[0]);
            assertEquals(List.of("drop leaf"), drive.trace);
            drive.trace.clear();
            cleaned[0] = 0;
            assertEquals(depth, drive.run(deepWithCleanup(depth, cleaned, drive.after(1, "leaf"))));
        }
        assertEquals(List.of(), drive.unhandled);
    }

    @Test
    void aSplicedChainIsDroppedAsOne() throws Exception {
        int[] cleaned = {0};
        Future<Integer> started = deepWithCleanup(300, cleaned, drive.never("leaf"));
        assertFalse(drive.poll(started).isReady());
        Future<Void> outer = async(() -> {
            try {
                await(started);
            } finally {
                drive.log("outer " + cleaned[0]);
            }
        });
        assertFalse(drive.poll(outer).isReady());
        assertTrue(drive.pollDrop(outer).isReady());
        assertEquals(List.of("drop leaf", "outer 301"), drive.trace);
        started.drop();
    }

    @Test
    void aChainSplicedWithinItsCleanupIsFinished() throws Exception {
        Drive.Gate gate = drive.never("gate");
        Future<Void> started = async(() -> {
            try {
                drive.log("body");
            } finally {
                await(gate);
                drive.log("cleaned");
            }
            drive.log("after");
        });
        drive.poll(started);
        Future<Void> outer = async(() -> {
            await(started);
            drive.log("outer after");
        });
        drive.poll(outer);
        assertFalse(drive.pollDrop(outer).isReady());
        gate.open();
        assertTrue(drive.pollDrop(outer).isReady());
        assertEquals(List.of("body", "cleaned"), drive.trace);
    }

    @Test
    void anExceptionInFlightIsReportedNotGiven() throws Exception {
        Drive.Gate gate = drive.never("gate");
        Future<Void> f = async(() -> {
            try {
                try {
                    throw new IOException("in flight");
                } finally {
                    await(gate);
                }
            } catch (IOException e) {
                drive.log("caught");
            } finally {
                drive.log("outer");
            }
        });
        drive.poll(f);
        assertFalse(drive.pollDrop(f).isReady());
        gate.open();
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("outer"), drive.trace);
        assertEquals(
                List.of("in flight"),
                drive.unhandled.stream().map(Throwable::getMessage).toList());
    }

    @Test
    void aLeafThatFailsToBeDroppedIsReported() throws Exception {
        Future<String> leaf = new Future<>() {
            @Override
            public dev.latent.Poll<String> poll(dev.latent.Context cx) {
                return dev.latent.Poll.pending();
            }

            @Override
            public void drop() {
                throw new IllegalStateException("leaf");
            }
        };
        Future<String> f = async(() -> {
            try (Res r = res("r")) {
                return await(leaf);
            }
        });
        drive.poll(f);
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("closing r", "closed r"), drive.trace);
        assertEquals("leaf", drive.unhandled.getFirst().getMessage());
    }

    @Test
    void futuresOfACleanupAreDroppedAsUsual() throws Exception {
        Drive.Gate gate = drive.never("gate");
        Future<Void> f = async(() -> {
            try {
                await(drive.never("leaf"));
            } finally {
                Future<Void> part = async(() -> {
                    try {
                        await(drive.never("part"));
                    } finally {
                        drive.log("part cleaned");
                    }
                });
                assertFalse(part.poll(drive.cx).isReady());
                part.drop();
                await(gate);
                drive.log("cleaned");
            }
        });
        drive.poll(f);
        assertFalse(drive.pollDrop(f).isReady());
        gate.open();
        assertTrue(drive.pollDrop(f).isReady());
        assertEquals(List.of("drop leaf", "drop part", "part cleaned", "cleaned"), drive.trace);
    }

    @Test
    void onlyTheHolderMayTouchAFuture() throws Exception {
        Future<String> inner = async(() -> await(drive.never("n")));
        Future<String> outer = async(() -> await(inner));
        drive.poll(outer);
        for (IllegalStateException e : List.of(
                assertThrows(IllegalStateException.class, inner::drop),
                assertThrows(IllegalStateException.class, () -> drive.pollDrop(inner)),
                assertThrows(IllegalStateException.class, () -> drive.poll(inner)))) {
            assertTrue(e.getMessage().contains("onlyTheHolderMayTouchAFuture"), e.getMessage());
        }
        outer.drop();
        inner.drop();
        assertThrows(IllegalStateException.class, () -> drive.poll(outer));
        assertEquals(List.of("drop n"), drive.trace);

        List<Future<String>> self = new java.util.ArrayList<>();
        self.add(async(() -> {
            drive.log("once");
            return await(self.getFirst());
        }));
        assertThrows(IllegalStateException.class, () -> drive.poll(self.getFirst()));
        assertEquals(List.of("drop n", "once"), drive.trace);
    }
}
