package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Names;
import java.util.List;
import java.util.Optional;

/** A claim of the lesson, as something that runs. */
public sealed interface Experiment permits Models, Crossover, FiveCosts, Neighbours {
    /** All there are, in the order in which they run. */
    List<Experiment> ALL = List.of(new Models(), new Crossover(), new FiveCosts(), new Neighbours());

    /** {@return the word for it} */
    String name();

    /** {@return what it asks} */
    String question();

    /** {@return what the lesson says} */
    String claim();

    /** Runs it. */
    Findings run(Lab lab) throws Failure, InterruptedException;

    /** {@return the one of that name} */
    static Optional<Experiment> of(String name) {
        return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** {@return their names} */
    static List<String> names() {
        return ALL.stream().map(Experiment::name).toList();
    }

    /** {@return what to say to somebody who asked for one that there isn't} */
    static String unknown(String name) {
        String hint = Names.nearest(name, names())
                .map(near -> "; did you mean " + near + "? There are ")
                .orElse("; there are ");
        return "there is no experiment " + name + hint + String.join(", ", names());
    }
}
