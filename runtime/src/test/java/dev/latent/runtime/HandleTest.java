package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many may do with one handle. */
@Timeout(60)
final class HandleTest {
    private static Context context(Rig rig, AtomicInteger wakes) {
        Context cx = new Context(rig.spawner());
        cx.begin(wakes::getAndIncrement);
        return cx;
    }

    @Test
    void aCancelThatIsDroppedNoLongerWaits() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
            JoinHandle<Object> handle = rig.spawner().spawn(probe);
            rig.runUntil(() -> probe.polls.get() > 0);
            AtomicInteger gone = new AtomicInteger();
            AtomicInteger stays = new AtomicInteger();
            AtomicInteger reader = new AtomicInteger();
            Future<Void> first = handle.cancel();
            first.poll(context(rig, stays));
            handle.poll(context(rig, reader));
            for (int i = 0; i < 20_000; i++) {
                Future<Void> cancel = handle.cancel();
                assertFalse(cancel.poll(context(rig, gone)).isReady());
                assertFalse(cancel.poll(context(rig, gone)).isReady());
                cancel.drop();
            }
            Future<Void> last = handle.cancel();
            last.poll(context(rig, gone));
            last.poll(context(rig, stays));
            rig.runUntil(() -> probe.dropPolls.get() > 0);
            probe.cleanupReleased = true;
            probe.wake();
            rig.runUntil(handle::isFinished);
            rig.runUntil(() -> stays.get() == 2 && reader.get() == 1);
            assertEquals(0, gone.get(), kind::toString);
            assertTrue(first.poll(context(rig, stays)).isReady());
            assertTrue(last.poll(context(rig, stays)).isReady());
            rig.close();
        }
    }

    @Test
    void cancelsThatComeAndGoMeetTheEnd() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            for (int round = 0; round < 300; round++) {
                Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
                JoinHandle<Object> handle = rig.spawner().spawn(probe);
                rig.runUntil(() -> probe.polls.get() > 0);
                AtomicInteger[] woken = new AtomicInteger[20];
                boolean[] pending = new boolean[woken.length];
                Thread other = new Thread(() -> {
                    try {
                        for (int i = 0; i < woken.length; i++) {
                            woken[i] = new AtomicInteger();
                            Future<Void> cancel = handle.cancel();
                            pending[i] = !cancel.poll(context(rig, woken[i])).isReady() && i % 2 == 0;
                            if (i % 2 == 1) {
                                cancel.drop();
                            }
                            if (i == woken.length / 2) {
                                probe.cleanupReleased = true;
                                probe.wake();
                            }
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                other.start();
                other.join();
                rig.runUntil(handle::isFinished);
                for (int i = 0; i < woken.length; i++) {
                    int n = i;
                    rig.runUntil(() -> !pending[n] || woken[n].get() == 1);
                }
            }
            rig.close();
        }
    }

    private interface Attempt {
        void at(JoinHandle<Integer> handle);
    }

    /** {@return how often this thread was first, and how often the other one} Each tries to be it at every handle. */
    private static int[] race(Rig rig, Attempt mine, Attempt others) throws Exception {
        int[] first = new int[2];
        for (int round = 0; round < 100; round++) {
            List<JoinHandle<Integer>> handles = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                handles.add(rig.spawner().spawn(Hand.value(1)));
            }
            AtomicInteger ready = new AtomicInteger();
            Thread other = new Thread(() -> first[1] += tryAll(handles, others, ready));
            other.start();
            first[0] += tryAll(handles, mine, ready);
            other.join();
            handles.forEach(JoinHandle::close);
            rig.runUntil(() -> rig.live() == 0);
        }
        return first;
    }

    private static int tryAll(List<JoinHandle<Integer>> handles, Attempt attempt, AtomicInteger ready) {
        ready.getAndIncrement();
        while (ready.get() < 2) {
            Thread.onSpinWait();
        }
        int first = 0;
        for (JoinHandle<Integer> handle : handles) {
            try {
                attempt.at(handle);
                first++;
            } catch (IllegalStateException e) {
                // Making it took time, so the other one has come up to here.
            }
        }
        return first;
    }

    @Test
    void aDetachTakesNoCancelBack() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            Probe closed = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
            Probe detached = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
            JoinHandle<Object> first = rig.spawner().spawn(closed);
            JoinHandle<Object> second = rig.spawner().spawn(detached);
            rig.runUntil(() -> closed.polls.get() > 0 && detached.polls.get() > 0);
            first.close();
            first.detach();
            second.detach();
            second.close();
            rig.runUntil(() -> closed.dropped.get() == 1);
            assertEquals(0, detached.dropPolls.get(), kind::toString);
            rig.close();
        }
    }

    @Test
    void ofThreadsThatClaimAHandleAtOnceOneGetsIt() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            int[] first = race(rig, h -> Owners.claim(h, "one"), h -> Owners.claim(h, "two"));
            assertEquals(100_000, first[0] + first[1], kind + ": " + first[0] + " and " + first[1]);
            rig.close();
        }
    }

    @Test
    void ofThreadsThatDropOrClaimAHandleAtOnceOneIsFirst() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            int[] first = race(rig, h -> Owners.claim(h, "one"), JoinHandle::drop);
            assertEquals(100_000, first[0] + first[1], kind + ": " + first[0] + " and " + first[1]);
            rig.close();
        }
    }

    @Test
    void ofThreadsThatGiveAHandleUpAtOnceNoneIsRefused() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            for (Attempt others : List.<Attempt>of(JoinHandle::drop, JoinHandle::detach)) {
                Rig rig = Rig.of(kind);
                int[] done = race(rig, JoinHandle::detach, others);
                assertEquals(200_000, done[0] + done[1], kind + ": " + done[0] + " and " + done[1]);
                rig.close();
            }
        }
    }

    @Test
    void aDetachIsRefusedToWhoDoesNotOwnTheHandle() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            JoinHandle<Integer> handle = rig.spawner().spawn(Hand.value(1));
            Owners.claim(handle, "the owner");
            String said =
                    assertThrows(IllegalStateException.class, handle::detach).getMessage();
            assertTrue(said.contains("detached by somebody else, but it belongs to the owner"), said);
            Owners.drop(handle, "the owner");
            handle.detach();
            rig.close();
        }
    }
}
