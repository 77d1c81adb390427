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
}
