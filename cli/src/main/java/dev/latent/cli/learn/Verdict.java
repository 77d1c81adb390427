package dev.latent.cli.learn;

import java.util.List;

/** What came of a check of an exercise. */
public sealed interface Verdict {
    /** {@return whether it is solved} */
    default boolean isSolved() {
        return this instanceof Ran ran && ran.run().ending().kind() == Ending.Kind.PASSED;
    }

    /** The file is not there. */
    record Gone() implements Verdict {}

    /** javac, or Latent in it, has something against it. */
    record Refused(List<Complaint> complaints) implements Verdict {}

    /** It compiled and ran. */
    record Ran(Run run) implements Verdict {}

    /**
     * What javac says.
     *
     * @param id of Latent's diagnostic, empty for one of javac's own
     * @param line 0 if that is not known
     * @param text as javac tells it, without the file's path
     */
    record Complaint(String id, int line, String text) {}
}
