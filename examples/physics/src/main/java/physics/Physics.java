package physics;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sender;
import dev.latent.channel.Watch;
import dev.latent.web.PreparedMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The loop that has to keep 60 frames a second, by whatever runs it. Two channels are all that the other world sees of it: the latest state, which it sets
 * without waiting for anybody, and kicks, of which it takes what is there.
 *
 * <p>One thread or one task runs {@link #onThisThread} or {@link #asTask}, once; {@link #state}, {@link #kicks} and {@link #stop} are for everybody.
 */
final class Physics {
    private static final int KICKS = 64;
    private static final int STATE_HEAD = 2 * Integer.BYTES;

    private final Scene scene;
    private final FrameTimes times;
    private final Watch<State> state = Watch.of(new State(0, 0, PreparedMessage.binary(new byte[0])));
    private final Channel<Kick> kicks = Channel.bounded(KICKS);
    private final Receiver<Kick> received = kicks.receiver();
    private volatile boolean stopping;

    /** How many frames were due, how many of them were missed, and what viewers get: that and the bodies, encoded once for all of them. */
    record State(int frame, int missed, PreparedMessage message) {}

    /** Somebody has struck there. */
    record Kick(double x, double y) {}

    Physics(Scene scene, FrameTimes times) {
        this.scene = scene;
        this.times = times;
    }

    /** {@return the latest state; who is slow misses some} */
    Watch<State> state() {
        return state;
    }

    /** {@return where to strike; full when more have struck within a frame than are taken} */
    Sender<Kick> kicks() {
        return kicks;
    }

    /** The frame that has been begun is the last one. */
    void stop() {
        stopping = true;
    }

    /** Runs until {@link #stop}, or until so many frames were due. */
    void onThisThread(int frames) {
        long due = System.nanoTime();
        while (!stopping && times.frames() < frames) {
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            due = frame(due);
        }
        state.close();
    }

    /** {@return what is complete when a thread of its own has done that, and failed if it could not} */
    CompletableFuture<Void> onThread(int frames) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread.ofPlatform().name("physics").start(() -> {
            try {
                onThisThread(frames);
                over.complete(null);
            } catch (Throwable t) {
                over.completeExceptionally(t);
            }
        });
        return over;
    }

    /** {@return a future that does the same as a task among others} */
    Future<Void> asTask(int frames) {
        return async(() -> {
            long due = System.nanoTime();
            while (!stopping && times.frames() < frames) {
                long rest = due - System.nanoTime();
                if (rest > 0) {
                    await(sleep(Duration.ofNanos(rest)));
                }
                due = frame(due);
            }
            state.close();
        });
    }

    private long frame(long due) {
        long begun = System.nanoTime();
        for (int i = 0; i < KICKS && received.tryReceive() instanceof Item<Kick>(Kick(double x, double y)); i++) {
            scene.kick(x, y);
        }
        scene.step();
        long ended = System.nanoTime();
        times.frame(due, begun, ended);
        state.set(new State(times.frames(), times.missed(), encoded()));
        return times.next(due, System.nanoTime());
    }

    /** How many frames were due and how many of them were missed, as 32-bit integers, little-endian; then the bodies. */
    private PreparedMessage encoded() {
        byte[] bodies = scene.snapshot();
        return PreparedMessage.binary(ByteBuffer.allocate(STATE_HEAD + bodies.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(times.frames())
                .putInt(times.missed())
                .put(bodies)
                .array());
    }
}
