package dev.latent.runtime.driver;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The state word of a {@link Driver}: whether a thread is parked in it, and whether somebody wants that thread, or the next, back.
 *
 * <pre>{@code
 *             1 enter                     1  CAS; whoever loses it has found NOTIFIED and must not wait
 *   IDLE ───────────────▶ PARKED          2  CAS; who makes this step pulls the thread out
 *   │  ▲                  │    │          3  CAS; nobody is parked, and the next park sees it
 *   │  │ 4 leave          │    │ 2        4  set, as the thread comes out
 *   3  ├──────────────────┘    │ notify
 *   │  │                       ▼
 *   └──┼──────────────────▶ NOTIFIED      notify changes nothing there
 *      └── 4 leave ───────────┘
 * }</pre>
 *
 * <p><b>What a notice promises.</b> It is level and not content: who notifies has first put something where the parking thread looks.
 * All steps are sequentially consistent. So after edge 4 the thread that comes out sees everything that was put there before any
 * notice which that edge wiped out, and before any that found NOTIFIED; <em>if it looks after it came out.</em> What it looked at
 * before it went in, it must not wait with: something it holds already has used up its notice.
 */
public final class Parking {
    private static final int IDLE = 0;
    private static final int PARKED = 1;
    private static final int NOTIFIED = 2;

    private static final VarHandle STATE;
    private static final VarHandle PARKS;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Parking.class, "state", int.class);
            PARKS = MethodHandles.lookup().findVarHandle(Parking.class, "parks", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    /** Written by the thread that enters. */
    private long parks;

    /** {@return whether the only thread inside, which takes edge 1, may wait} In both cases it {@link #leave}s. */
    public boolean enter() {
        PARKS.setOpaque(this, parks + 1);
        int before = (int) STATE.compareAndExchange(this, IDLE, PARKED);
        assert before != PARKED : "two threads park at once";
        return before == IDLE;
    }

    /** Edge 4, by the thread that has entered, or only looked. */
    public void leave() {
        state = IDLE;
    }

    /** {@return whether the caller has to pull a parked thread out} Edges 2 and 3, by any thread. */
    public boolean notice() {
        int now = state;
        while (now != NOTIFIED) {
            int found = (int) STATE.compareAndExchange(this, now, NOTIFIED);
            if (found == now) {
                return now == PARKED;
            }
            now = found;
        }
        return false;
    }

    /** {@return whether somebody is parked whom no notice has reached yet} */
    public boolean isParked() {
        return state == PARKED;
    }

    /** {@return how often a thread has wanted to wait} */
    public long parks() {
        return (long) PARKS.getOpaque(this);
    }

    @Override
    public String toString() {
        return switch (state) {
            case IDLE -> "idle";
            case PARKED -> "parked";
            default -> "notified";
        };
    }
}
