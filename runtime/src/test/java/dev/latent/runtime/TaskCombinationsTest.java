package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every way to let a task go, at every moment of its life, on every executor, with every outcome. */
final class TaskCombinationsTest {
    private enum When {
        BEFORE_FIRST_POLL,
        QUEUED,
        RUNNING,
        RUNNING_LAST_POLL,
        PENDING,
        IN_CLEANUP,
        AFTER_END
    }

    private enum How {
        CLOSE,
        DROP,
        CANCEL,
        DETACH,
        AWAIT
    }

    /** The future of a handle, polled by hand. */
    private static Object pollHandle(JoinHandle<?> handle, Object owner, Rig rig, AtomicInteger wakes) {
        Context cx = new Context(rig.spawner());
        Waker waker = wakes::getAndIncrement;
        cx.begin(waker);
        try {
            return Owners.poll(handle, owner, cx) instanceof Poll.Ready<?>(var value)
                    ? String.valueOf(value)
                    : "pending";
        } catch (Throwable t) {
            return t;
        }
    }

    @Test
    void all() throws Exception {
        int ran = 0;
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            for (When when : When.values()) {
                for (How how : How.values()) {
                    for (Probe.Result result : Probe.Result.values()) {
                        for (Probe.Cleanup cleanup : Probe.Cleanup.values()) {
                            for (boolean foreign : new boolean[] {false, true}) {
                                for (int selfWakes = 0; selfWakes < 2; selfWakes++) {
                                    String name = kind + " " + when + " " + how + " " + result + " " + cleanup + " "
                                            + (foreign ? "foreign" : "here") + " " + selfWakes;
                                    rig.reported.clear();
                                    try {
                                        one(rig, when, how, result, cleanup, foreign, selfWakes);
                                    } catch (Throwable t) {
                                        throw new AssertionError(name, t);
                                    }
                                    ran++;
                                }
                            }
                        }
                    }
                }
            }
            rig.close();
        }
        assertEquals(7 * 7 * 5 * 5 * 3 * 2 * 2, ran);
    }

    @Test
    void allWhileTheExecutorCloses() throws Exception {
        int ran = 0;
        for (Rig.Kind kind : Rig.Kind.values()) {
            for (When when : When.values()) {
                boolean inAPoll = when == When.RUNNING || when == When.RUNNING_LAST_POLL;
                if (!kind.closes() || inAPoll && !kind.hasThreads()) {
                    continue;
                }
                for (boolean detached : new boolean[] {false, true}) {
                    if (detached && when == When.IN_CLEANUP) {
                        continue; // its handle can't cancel it
                    }
                    for (Probe.Result result : Probe.Result.values()) {
                        for (Probe.Cleanup cleanup : Probe.Cleanup.values()) {
                            for (int selfWakes = 0; selfWakes < 2; selfWakes++) {
                                String name = kind + " closed " + when + " " + result + " " + cleanup + " "
                                        + (detached ? "detached" : "kept") + " " + selfWakes;
                                try {
                                    closed(kind, when, detached, result, cleanup, selfWakes);
                                } catch (Throwable t) {
                                    throw new AssertionError(name, t);
                                }
                                ran++;
                            }
                        }
                    }
                }
            }
        }
        assertEquals((2 * 13 + 2 * 9) * 5 * 3 * 2, ran);
    }

    private void closed(
            Rig.Kind kind, When when, boolean detached, Probe.Result result, Probe.Cleanup cleanup, int selfWakes)
            throws Exception {
        Rig rig = Rig.of(kind);
        Probe probe = new Probe(result, cleanup);
        probe.selfWakes = selfWakes;
        AtomicInteger wakes = new AtomicInteger();
        Throwable[] thrown = new Throwable[1];
        Thread closer = new Thread(rig::shutdown);
        closer.setUncaughtExceptionHandler((_, t) -> thrown[0] = t);
        if (when == When.BEFORE_FIRST_POLL || when == When.RUNNING || when == When.RUNNING_LAST_POLL) {
            rig.hold();
        }
        if (when == When.RUNNING || when == When.RUNNING_LAST_POLL) {
            probe.released = when == When.RUNNING_LAST_POLL;
            probe.inPoll = () -> startAndWaitForIt(closer);
        }
        JoinHandle<Object> handle = rig.spawner().spawn(probe.future());
        if (detached) {
            handle.detach();
        }
        int pollsBefore = 1 + selfWakes;
        switch (when) {
            case BEFORE_FIRST_POLL -> {}
            case RUNNING, RUNNING_LAST_POLL -> rig.release();
            case QUEUED -> {
                rig.runUntil(() -> probe.polls.get() == pollsBefore);
                rig.hold();
                probe.wake();
            }
            case PENDING -> rig.runUntil(() -> probe.polls.get() == pollsBefore);
            case IN_CLEANUP -> {
                rig.runUntil(() -> probe.polls.get() == pollsBefore);
                handle.close();
                rig.runUntil(() -> probe.dropPolls.get() > 0);
            }
            case AFTER_END -> {
                probe.released = true;
                rig.runUntil(() -> {
                    probe.wake();
                    return handle.isFinished() || !kind.hasThreads();
                });
                rig.runUntil(handle::isFinished);
            }
        }
        if (when != When.RUNNING && when != When.RUNNING_LAST_POLL) {
            closer.start();
            if (kind.hasThreads() && (when == When.BEFORE_FIRST_POLL || when == When.QUEUED)) {
                waitForIt(closer);
            }
            rig.release();
        }
        boolean cancelled = when != When.AFTER_END && when != When.RUNNING_LAST_POLL;
        if (cancelled && cleanup == Probe.Cleanup.WAITS) {
            Rig.await(() -> probe.dropPolls.get() > 0);
            assertFalse(handle.isFinished(), "finished before its cleanup was");
            probe.cleanupReleased = true;
            probe.wake();
        }
        if (when == When.RUNNING || when == When.RUNNING_LAST_POLL) {
            Rig.await(() -> probe.inPoll == null && closer.getState() != Thread.State.NEW);
        }
        closer.join();
        assertNull(thrown[0]);
        assertTrue(handle.isFinished());
        assertEquals(0, rig.live());
        assertNull(probe.wrong);
        assertEquals(cancelled ? 1 : 0, probe.dropped.get(), "drops");
        if (when == When.BEFORE_FIRST_POLL) {
            assertEquals(0, probe.polls.get());
        }
        if (!detached) {
            Object me = new Object();
            Owners.claim(handle, me);
            expect(cancelled ? null : result, probe, pollHandle(handle, me, rig, wakes));
        }
        boolean lost = !cancelled && detached;
        assertEquals(lost && isGivenBack(result) ? 1 : 0, probe.resource.closed.get());
        boolean reports = lost && isFailure(result) || cancelled && cleanup == Probe.Cleanup.FAILS;
        assertEquals(reports ? 1 : 0, rig.reported.size());
        rig.close();
    }

    private static void startAndWaitForIt(Thread closer) {
        closer.start();
        waitForIt(closer);
    }

    /** Until the executor is closing, and waits for its tasks. */
    private static void waitForIt(Thread closer) {
        Rig.await(() -> closer.getState() == Thread.State.TIMED_WAITING);
    }

    private static boolean isFailure(Probe.Result result) {
        return result == Probe.Result.FAILURE || result == Probe.Result.ERROR;
    }

    private static boolean isGivenBack(Probe.Result result) {
        return result == Probe.Result.RESOURCE || result == Probe.Result.OWED;
    }

    /** @param result null: it was cancelled */
    private static void expect(Probe.@Nullable Result result, Probe probe, Object got) {
        switch (result) {
            case null -> assertInstanceOf(CancellationException.class, got);
            case FAILURE -> assertInstanceOf(Probe.Broken.class, got);
            case ERROR -> assertInstanceOf(Probe.Panic.class, got);
            case VALUE -> assertEquals("value", got);
            case OWED -> assertEquals("owed", got);
            case RESOURCE -> assertEquals(probe.resource.toString(), got);
        }
    }

    private void one(
            Rig rig, When when, How how, Probe.Result result, Probe.Cleanup cleanup, boolean foreign, int selfWakes)
            throws Exception {
        Probe probe = new Probe(result, cleanup);
        probe.selfWakes = selfWakes;
        Object me = new Object();
        AtomicInteger wakes = new AtomicInteger();
        AtomicInteger cancelWakes = new AtomicInteger();
        if (when == When.BEFORE_FIRST_POLL) {
            rig.hold();
        }
        if (when == When.RUNNING || when == When.RUNNING_LAST_POLL) {
            rig.hold(); // until inPoll is set
        }
        JoinHandle<Object> handle = rig.spawner().spawn(probe.future());
        Future<Void> cancel = handle.cancel();
        Object[] first = {"pending"};
        Runnable act = () -> act(how, handle, cancel, me, rig, wakes, cancelWakes, first);
        Runnable action = foreign ? () -> onOtherThread(act) : act;
        int pollsBefore = 1 + selfWakes;
        switch (when) {
            case BEFORE_FIRST_POLL -> action.run();
            case QUEUED -> {
                rig.runUntil(() -> probe.polls.get() == pollsBefore);
                rig.hold();
                probe.wake();
                probe.wake();
                action.run();
            }
            case RUNNING, RUNNING_LAST_POLL -> {
                probe.released = when == When.RUNNING_LAST_POLL;
                probe.inPoll = action;
                rig.runUntil(() -> probe.polls.get() > 0 && probe.inPoll == null);
            }
            case PENDING -> {
                rig.runUntil(() -> probe.polls.get() == pollsBefore);
                action.run();
            }
            case IN_CLEANUP -> {
                rig.runUntil(() -> probe.polls.get() == pollsBefore);
                handle.close();
                rig.runUntil(() -> probe.dropPolls.get() > 0);
                action.run();
            }
            case AFTER_END -> {
                probe.released = true;
                probe.wake();
                rig.runUntil(() -> {
                    probe.wake();
                    return handle.isFinished();
                });
                action.run();
            }
        }
        boolean request = how == How.CLOSE || how == How.DROP || how == How.CANCEL;
        boolean cancelled =
                when == When.IN_CLEANUP || request && when != When.AFTER_END && when != When.RUNNING_LAST_POLL;
        if (cancelled) {
            rig.runUntil(() -> probe.dropPolls.get() > 0);
            if (cleanup == Probe.Cleanup.WAITS) {
                assertFalse(handle.isFinished(), "finished before its cleanup was");
                probe.cleanupReleased = true;
                probe.wake();
            }
        } else {
            rig.runUntil(() -> probe.polls.get() > 0);
            probe.released = true;
            probe.wake();
        }
        rig.runUntil(handle::isFinished);
        rig.runUntil(() -> rig.live() == 0);

        assertNull(probe.wrong);
        assertEquals(cancelled ? 1 : 0, probe.dropped.get(), "drops");
        if (when == When.BEFORE_FIRST_POLL && request) {
            assertEquals(0, probe.polls.get());
        }
        boolean delivered = false;
        boolean gone = cancelled || request || how == How.DETACH;
        if (how == How.AWAIT) {
            boolean waited = first[0].equals("pending");
            if (waited) {
                rig.runUntil(() -> wakes.get() > 0);
            }
            Object got = waited ? pollHandle(handle, me, rig, wakes) : first[0];
            expect(cancelled ? null : result, probe, got);
            delivered = !cancelled;
            handle.close();
        } else if (how == How.CLOSE || how == How.CANCEL) {
            Owners.claim(handle, me);
            assertInstanceOf(CancellationException.class, pollHandle(handle, me, rig, wakes));
        } else if (how == How.DETACH || how == How.DROP) {
            assertInstanceOf(IllegalStateException.class, pollHandle(handle, me, rig, wakes));
        }
        boolean made = !cancelled;
        rig.runUntil(() -> (made && gone && isGivenBack(result) ? 1 : 0) == probe.resource.closed.get());
        boolean reports = made && gone && isFailure(result) || cancelled && cleanup == Probe.Cleanup.FAILS;
        rig.runUntil(() -> (reports ? 1 : 0) == rig.reported.size());
        if (how == How.CANCEL && when != When.AFTER_END && !cancelEnded(cancel)) {
            rig.runUntil(() -> cancelWakes.get() > 0);
        }
        assertTrue(delivered || gone);
    }

    private static boolean cancelEnded(Future<Void> cancel) {
        return Owners.isEnded(cancel);
    }

    private static void act(
            How how,
            JoinHandle<Object> handle,
            Future<Void> cancel,
            Object me,
            Rig rig,
            AtomicInteger wakes,
            AtomicInteger cancelWakes,
            Object[] first) {
        switch (how) {
            case CLOSE -> handle.close();
            case DROP -> handle.drop();
            case DETACH -> handle.detach();
            case AWAIT -> {
                Owners.claim(handle, me);
                Object got = pollHandle(handle, me, rig, wakes);
                first[0] = got;
                assertTrue(got.equals("pending") || handle.isFinished(), () -> "awaited too early: " + got);
            }
            case CANCEL -> {
                Context cx = new Context(rig.spawner());
                cx.begin(cancelWakes::getAndIncrement);
                try {
                    Owners.poll(cancel, null, cx);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static void onOtherThread(Runnable act) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(act);
        thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (thrown[0] != null) {
            throw new AssertionError(thrown[0]);
        }
    }
}
