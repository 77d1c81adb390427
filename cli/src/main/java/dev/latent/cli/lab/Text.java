package dev.latent.cli.lab;

import dev.latent.cli.bench.Machine;
import java.util.List;

/** Findings for people at a terminal. */
public final class Text {
    private Text() {}

    /** {@return all of it} */
    public static String of(List<Findings> all, Machine machine) {
        StringBuilder text = new StringBuilder();
        for (Findings findings : all) {
            text.append("== ")
                    .append(findings.name)
                    .append(": ")
                    .append(findings.question)
                    .append('\n');
            text.append("The lesson: ").append(findings.claim).append("\n\n");
            findings.grids.forEach(grid -> text.append(grid.text()).append('\n'));
            findings.notes.forEach(note -> text.append(note).append('\n'));
            text.append("Here: ").append(findings.verdict).append("\n\n");
        }
        text.append(machine.told()).append('\n');
        if (machine.isBusy()) {
            text.append("The machine was busy when it began: small differences mean nothing.\n");
        }
        return text.toString();
    }
}
