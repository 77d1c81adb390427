package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.task.Task;
import dev.latent.world.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a {@link LocalExecutor} does inside a call: polls, and between polls looks at what others, the clock and the
 * network have. All of it is the owner's alone.
 *
 * <p><b>A pass</b> is as many polls as were ready when it began, {@value #BATCH} at least. Tasks run in the order in which they became
 * ready, or in that of the {@link ReadyOrder}, and new ones join the tail, so timers and network are looked at once in a pass: an earlier look would bring nobody
 * forward, and would only be told again of sockets whose tasks have been told and still stand in the ring. The inbox, which also
 * holds what is asked about the executor, is emptied after {@value #BATCH} polls at most, or a few of those that use up their budgets.
 *
 * <p><b>An interrupt is its caller's.</b> The thread is somebody else's, and so is its flag: a flag that stands before a poll, since
 * the call began, since the poll before, or since a park, is taken off for the tasks and kept in {@code interrupted}.
 * {@code blockOn} honours it; the others set it again as they return. So no task finds what another has left, and no park returns at
 * once again and again.
 */
final class LocalLoop implements RunLoop {
    /** Polls between two looks into the inbox, and at least between two at clock and network. */
    private static final int BATCH = 64;

    /** 146 years; what is longer has no end. */
    private static final long LONGEST_WAIT_NANOS = Long.MAX_VALUE / 2;

    private final LocalExecutor home;
    private final Context cx;
    private final ReadyRing ready;
    private final LocalMail mail;
    private final LocalTimers timers;
    private final LazyDriver driver;
    private final Clock clock;
    private final @Nullable PollHook hook;
    private final @Nullable Consumer<OptionalLong> idle;
    private final @Nullable ReadyOrder order;
    private final IdleCheck idleCheck;

    /** When it last looked at the clock. */
    private long now;

    /** Polls that are left in this pass; none: the next turn looks. */
    private int passLeft;

    private boolean interrupted;

    /** Whose end the caller of {@code blockOn} waits for. */
    private @Nullable LocalTask<?> main;

    LocalLoop(
            LocalExecutor home,
            LocalTimers timers,
            @Nullable PollHook hook,
            @Nullable Consumer<OptionalLong> idle,
            @Nullable ReadyOrder order) {
        this.home = home;
        this.cx = new Context(home);
        this.ready = home.ready;
        this.mail = home.mail;
        this.timers = timers;
        this.driver = home.driver();
        this.clock = home.clock;
        this.hook = hook;
        this.idle = idle;
        this.order = order;
        this.idleCheck = new IdleCheck(home);
        readClock();
    }

    private void readClock() {
        now = clock.nanoTime();
        home.stamp = Task.stamp(now);
    }

    /** {@value #BATCH} polls at most; waits for at most {@code nanos} when nothing is ready. */
    private void turn(long nanos) {
        if (passLeft <= 0 || ready.isEmpty()) {
            look(nanos);
            passLeft = ready.size();
        } else {
            mail.take();
        }
        passLeft -= BATCH;
        poll(BATCH);
    }

    /** A look, and one poll at most of each that is ready then. */
    void pass() {
        look(0);
        for (int left = ready.size(); left > 0 && !ready.isEmpty(); ) {
            left -= poll(Math.min(left, BATCH));
            mail.take();
        }
    }

    void untilStalled() {
        passLeft = 0;
        do {
            turn(0);
        } while (!isStalled());
    }

    private boolean isStalled() {
        return ready.isEmpty() && mail.isEmpty();
    }

    /** @throws InterruptedException when this thread was interrupted, and {@code main}'s cleanup has run */
    void untilEnded(LocalTask<?> main) throws InterruptedException {
        LocalTask<?> outer = this.main;
        this.main = main;
        try {
            waitFor(main);
        } finally {
            this.main = outer;
        }
    }

    /** {@return whether {@code task} is what {@code blockOn} waits for} */
    boolean isMain(LocalTask<?> task) {
        return task == main;
    }

    private void waitFor(LocalTask<?> main) throws InterruptedException {
        boolean cancelled = false;
        String waitedFor = "";
        passLeft = 0;
        try {
            while (!main.isFinished()) {
                turn(Long.MAX_VALUE);
                keepInterrupt(Thread.currentThread());
                if (interrupted && !cancelled && !main.isFinished()) {
                    cancelled = true;
                    waitedFor = Blocking.waitedFor(() -> main.look(clock));
                    main.cancelHere();
                }
            }
        } catch (Throwable t) {
            main.cancelHere(); // nobody will ask for its outcome
            throw t;
        }
        if (cancelled) {
            interrupted = false;
            throw Blocking.interrupted("blockOn", waitedFor);
        }
    }

    /** Until no task lives, for {@code nanos} at most. */
    void untilEmpty(long nanos) {
        long deadline = clock.nanoTime() + nanos;
        for (long left = nanos; home.liveTasks() > 0 && left > 0; left = deadline - clock.nanoTime()) {
            turn(left);
            keepInterrupt(Thread.currentThread()); // else a park would not wait any more
        }
    }

    /** {@return when there is something to do, in the clock's time} */
    OptionalLong nextDeadline() {
        now = clock.nanoTime();
        return deadlineWithin(isStalled() ? Long.MAX_VALUE : 0);
    }

    /** Takes in what others, the clock and the network have; waits where {@code nanos} is positive and nothing is there. */
    private void look(long nanos) {
        takeIn();
        boolean wait = nanos > 0 && ready.isEmpty();
        boolean park = wait && idle == null;
        long most = park ? Math.min(nanos, idleCheck.beforeWait(now)) : 0;
        if (park || driver.hasNet()) {
            try {
                driver.park(park && ready.isEmpty() ? Math.min(most, timers.untilNext(now)) : 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            takeIn();
        }
        if (wait && idle != null && ready.isEmpty()) {
            OptionalLong deadline = deadlineWithin(nanos);
            idleCheck.beforeLeap(now, deadline);
            if (ready.isEmpty()) {
                idle.accept(deadline);
            }
            takeIn();
        }
    }

    private OptionalLong deadlineWithin(long nanos) {
        long until = Math.min(nanos, timers.untilNext(now));
        return until > LONGEST_WAIT_NANOS ? OptionalLong.empty() : OptionalLong.of(now + until);
    }

    private void takeIn() {
        readClock();
        mail.take();
        timers.fire(now);
    }

    /** {@return how many it polled} */
    private int poll(int most) {
        ReadyOrder o = order;
        if (o == null) {
            return pollFirst(most);
        }
        int polled = 0;
        while (polled < most && !ready.isEmpty()) {
            ready.bringForward(o.pick(ready));
            polled += pollFirst(1);
        }
        return polled;
    }

    private int pollFirst(int most) {
        int polled = 0;
        PollHook h = hook;
        Thread me = Thread.currentThread();
        while (most-- > 0 && !ready.isEmpty()) {
            keepInterrupt(me);
            LocalTask<?> task = ready.take();
            polled++;
            home.pollBegins();
            if (h == null || task.isFinished()) {
                task.run(cx);
            } else {
                Hooks.before(h, task, home);
                task.run(cx);
                Hooks.after(h, task, home);
            }
            if (cx.isSpent()) {
                most -= Worker.SPENT;
            }
        }
        return polled;
    }

    // ---- the interrupt
    // -----------------------------------------------------------------------------------------------

    /** Before a poll and after a park. */
    private void keepInterrupt(Thread me) {
        if (me.isInterrupted()) {
            interrupted = Thread.interrupted();
        }
    }

    /** {@return whether an interrupt was kept}, which is the caller's now. */
    boolean takeInterrupt() {
        boolean was = interrupted;
        interrupted = false;
        return was;
    }

    // ---- the mark of its thread
    // --------------------------------------------------------------------------------------

    @Override
    public <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
        return RunLoop.unmarked(work);
    }

    @Override
    public String toString() {
        return home.toString();
    }
}
