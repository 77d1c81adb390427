package dev.latent.cli.lab;

import java.util.ArrayList;
import java.util.List;

/** What an experiment has found. */
public final class Findings {
    final String name;
    final String question;
    final String claim;
    final List<Grid> grids = new ArrayList<>();
    final List<Plot> plots = new ArrayList<>();

    /** Longer texts, each with its title. */
    final List<Quote> quotes = new ArrayList<>();

    /** What could not be measured, and why. */
    final List<String> notes = new ArrayList<>();

    String verdict = "";

    /** What a program has said. */
    record Quote(String title, String text) {}

    Findings(Experiment experiment) {
        this(experiment.name(), experiment.question(), experiment.claim());
    }

    /** Nothing yet, of something beside the experiments; {@code claim} is what the lesson says. */
    public Findings(String name, String question, String claim) {
        this.name = name;
        this.question = question;
        this.claim = claim;
    }

    /** {@return these, with a table and a plot, and what follows from them} */
    public Findings with(Grid grid, Plot plot, String itsVerdict) {
        grids.add(grid);
        plots.add(plot);
        verdict = itsVerdict;
        return this;
    }
}
