package dev.latent.compiler.generated;

import java.util.concurrent.Semaphore;

/**
 * One line of plain execution in the model: the program itself, or one of several futures that run at the same time. It is a thread, but
 * never runs beside another one: who {@linkplain #step steps} it waits until it suspends or ends.
 */
class Strand {
    private final PlainWorld world;
    private final PlainAsync.Future<?> work;
    private final Semaphore goOn = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private boolean started;

    boolean ended;
    Object value;
    Throwable failure;

    /** It is lent to who steps it, and not dropped by them. */
    boolean pinned;

    /** Cleanups that it is in. */
    int cleanups;

    /** A drop has arrived, which in a cleanup has to wait. */
    boolean arrived;

    boolean unwinding;

    Strand(PlainWorld world, PlainAsync.Future<?> work) {
        this.world = world;
        this.work = work;
    }

    /** Lets it go on to where it suspends; {@return whether it has ended} */
    final boolean step() {
        if (!ended) {
            Strand by = world.strand;
            world.strand = this;
            if (started) {
                goOn.release();
            } else {
                started = true;
                Thread.ofVirtual().start(this::run);
            }
            back.acquireUninterruptibly();
            world.strand = by;
        }
        return ended;
    }

    private void run() {
        try {
            value = work.run();
        } catch (Throwable t) {
            failure = t;
        }
        ended = true;
        back.release();
    }

    /** Lets it go on to where its cleanup suspends; {@return whether it has ended} */
    final boolean drop() {
        if (!started && !ended) {
            ended = true;
            work.drop();
        }
        arrived = true;
        return step();
    }

    /** Suspends this strand, which is running; {@return whether a drop arrives here} */
    final boolean suspend() {
        pause();
        if (arrived && !unwinding && cleanups == 0) {
            unwinding = true;
            return true;
        }
        return false;
    }

    void pause() {
        back.release();
        goOn.acquireUninterruptibly();
    }
}
