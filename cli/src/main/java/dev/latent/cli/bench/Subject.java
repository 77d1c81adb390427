package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A system that does the work of a case, again and again. */
public interface Subject {
    /** {@return the system} */
    String name();

    /** {@return what has to be built first} */
    List<Part> parts();

    /** {@return the commands of one run, for people to run them alone} */
    List<String> commands();

    /** Runs once. */
    List<Value> run(Children children) throws Failure, InterruptedException;

    /**
     * A row's value in this round.
     *
     * @param system whose, mostly the subject's own
     * @param detail what the value is made of, if there is more to say
     */
    record Value(
            Row row, String system, double value, @Nullable String detail) {
        Value(Row row, String system, double value) {
            this(row, system, value, null);
        }
    }
}
