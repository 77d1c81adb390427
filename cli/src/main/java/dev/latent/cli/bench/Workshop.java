package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Builds what is missing, each part once. */
public final class Workshop {
    private final Plan plan;
    private final Children children;
    private final Consumer<String> say;
    private final Map<Part, @Nullable String> asked = new HashMap<>();
    private final List<String> failures = new ArrayList<>();

    /** What it does is told to {@code say}. */
    public Workshop(Plan plan, Children children, Consumer<String> say) {
        this.plan = plan;
        this.children = children;
        this.say = say;
    }

    /** {@return builds that were begun and have failed} */
    List<String> failures() {
        return failures;
    }

    /** {@return why that can't be had, null when it is there} */
    public @Nullable String missing(Part part) throws Failure, InterruptedException {
        if (!asked.containsKey(part)) {
            asked.put(part, build(part));
        }
        return asked.get(part);
    }

    private @Nullable String build(Part part) throws Failure, InterruptedException {
        try {
            if (part.isBuilt(plan.root())) {
                return null;
            }
        } catch (IOException e) {
            return "cannot look at the sources of " + part.name() + " (" + e.getMessage() + ")";
        }
        if (part.tool().find().isEmpty()) {
            return part.withoutTool();
        }
        say.accept("building " + part.name() + " (once)…");
        try {
            children.run(part.command(), Map.of("JAVA_HOME", System.getProperty("java.home")));
            return null;
        } catch (Failure e) {
            if (children.isClosing()) {
                throw new Failure("interrupted");
            }
            failures.add(part.name() + " could not be built: " + e.getMessage());
            say.accept("FAILED " + failures.getLast() + " (again: " + Plan.shown(part.command()) + ")");
            return part.name() + " could not be built";
        }
    }
}
