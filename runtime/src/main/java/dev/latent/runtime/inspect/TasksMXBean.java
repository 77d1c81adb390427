package dev.latent.runtime.inspect;

/** {@link Tasks} for management tools. */
public interface TasksMXBean {
    /** {@return all live tasks, for a person to read} */
    String dump();

    /** {@return all live tasks, as a JSON array with an object for each executor} */
    String json();
}
