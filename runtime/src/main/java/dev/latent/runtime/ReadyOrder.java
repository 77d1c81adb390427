package dev.latent.runtime;

/**
 * Which of the tasks that are ready is polled next. Without one it is the one that has been ready for longest; a test that plays other
 * schedules, or a simulation, has another idea.
 */
@FunctionalInterface
public interface ReadyOrder {
    /**
     * {@return which one, from 0 on; they stand in the order in which they became ready}
     *
     * <p>One that has been cancelled and has ended since may still be among them; to pick it does nothing.
     *
     * @param ready how many there are, one at least
     */
    int pick(int ready);

    /** {@return which one, for an order that looks at the tasks} Otherwise by {@link #pick(int)}. */
    default int pick(Ready ready) {
        return pick(ready.size());
    }

    /** The tasks that are ready, in the order in which they became so. */
    interface Ready {
        /** {@return how many there are, one at least} */
        int size();

        /** {@return the priority that the program has given to the task that {@code index} others stand before; see {@link dev.latent.Async#prioritized}} */
        int priority(int index);
    }

    /**
     * {@return the task with the highest {@linkplain dev.latent.Async#prioritized priority}, and of those the one that has been ready for longest}
     *
     * <p>Two goals compete: that what is urgent comes first, and that all come. So one in {@value PriorityOrder#TURNS} goes to the one that has been ready for
     * longest, whatever its priority; and of a long queue only the first {@value PriorityOrder#FIRST} are compared, so that a poll costs no more the more of
     * them wait.
     */
    static ReadyOrder byPriority() {
        return new PriorityOrder();
    }
}
