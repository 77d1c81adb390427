package dev.latent.cli.lab;

import java.util.ArrayList;
import java.util.List;

/** What an experiment has found. */
public final class Findings {
    final Experiment experiment;
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
        this.experiment = experiment;
    }
}
