package dev.latent.cli.demo;

/** The demonstration of a chat of several nodes, one of which is killed. It stands in a module of its own, which {@link java.util.ServiceLoader} finds where it is there. */
public interface ManyNodes {
    /**
     * Runs it, and prints how it went.
     *
     * @param bus its address; {@code kafka} for one that is started for it
     * @return 0 only if everybody missed nothing
     */
    int run(int nodes, int connections, int seconds, String bus, boolean json) throws Exception;
}
