package dev.latent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.List;

/** A future that is polled by hand, as by a task of its own, with its wakes counted. */
public final class Polled<T> implements Waker {
    private final Future<T> future;
    private final Here here = new Here();
    private final Context cx = new Context(here);
    private boolean ended;
    public int wakes;

    public Polled(Future<T> future) {
        this.future = future;
        Owners.claim(future, this);
    }

    /** {@return {@code future}, which has been polled and is pending} */
    public static <T> Polled<T> pending(Future<T> future) throws Exception {
        return new Polled<>(future).isPending();
    }

    /** {@return what {@code future} becomes at its first poll} */
    public static <T> T ready(Future<T> future) throws Exception {
        return new Polled<>(future).isReady();
    }

    @Override
    public void wake() {
        wakes++;
    }

    public Poll<T> poll() throws Exception {
        cx.begin(this);
        Poll<T> poll;
        try {
            poll = Owners.poll(future, this, cx);
        } catch (Exception e) {
            ended = true;
            throw e;
        }
        ended = poll.isReady();
        return poll;
    }

    public Polled<T> isPending() throws Exception {
        assertFalse(poll().isReady(), future + " is ready");
        return this;
    }

    @SuppressWarnings("unchecked")
    public T isReady() throws Exception {
        Poll<T> poll = poll();
        assertInstanceOf(Poll.Ready.class, poll, future + " is pending");
        return ((Poll.Ready<T>) poll).value();
    }

    /** Woken once since it was asked last. */
    public Polled<T> isWoken() {
        assertEquals(1, wakes, "wakes of " + future);
        wakes = 0;
        return this;
    }

    public Polled<T> isNotWoken() {
        assertEquals(0, wakes, "wakes of " + future);
        return this;
    }

    public boolean hasEnded() {
        return ended;
    }

    public void drop() {
        if (!ended) {
            ended = true;
            Owners.drop(future, this);
        }
    }

    /** As an owner with a context drops it: in as many polls as that takes, while {@code others} go on. */
    public void dropAwaited(Runnable others) {
        if (!ended) {
            for (int polls = 0; !Owners.pollDrop(future, this, cx).isReady(); polls++) {
                others.run();
                assertTrue(polls < 100, future + " can't be dropped");
            }
            ended = true;
        }
    }

    /** It was ready, and nobody has received that. */
    public void undelivered(Object value) {
        Owners.undelivered(future, value);
    }

    public List<String> reported() {
        return here.reported;
    }

    @Override
    public String toString() {
        return "polled " + future;
    }

    private static final class Here implements Spawner {
        final List<String> reported = new ArrayList<>();

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new UnsupportedOperationException();
        }

        @Override
        public World world() {
            return World.empty().with(FailureHandler.class, (where, _) -> reported.add(where));
        }
    }
}
