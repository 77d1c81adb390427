package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A system that takes its values from a list, and tells when it ran. */
final class Fake implements Subject {
    static final Row SPEED = Row.higher("executor", "yield", "million/s").aims(Map.of("tokio", Row.Aim.atLeast(3)));

    private final String name;
    private final List<String> log;
    private final List<Double> values;

    /** A value that is not a number makes the run fail. */
    Fake(String name, List<String> log, Double... values) {
        this.name = name;
        this.log = log;
        this.values = new ArrayList<>(List.of(values));
    }

    static Case asCase(Subject... subjects) {
        return new Case("executor", "yield", List.of(SPEED), List.of(subjects));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Part> parts() {
        return List.of();
    }

    @Override
    public List<String> commands() {
        return List.of("run " + name + " </script>");
    }

    @Override
    public List<Value> run(Children children) throws Failure {
        log.add(name);
        double value = values.removeFirst();
        if (Double.isNaN(value)) {
            throw new Failure("no luck");
        }
        return List.of(new Value(SPEED, name, value));
    }
}
