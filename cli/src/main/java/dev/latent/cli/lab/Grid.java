package dev.latent.cli.lab;

import java.util.ArrayList;
import java.util.List;

/** A table: what its columns are called, and its rows. */
public record Grid(String title, List<String> head, List<List<String>> rows) {
    private static final String GAP = "  ";

    static Grid of(String title, String... head) {
        return new Grid(title, List.of(head), new ArrayList<>());
    }

    Grid row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** {@return it for people, its columns below each other} */
    public String text() {
        List<List<String>> lines = new ArrayList<>(List.of(head));
        lines.addAll(rows);
        int[] widths = new int[head.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title).append('\n');
        for (List<String> line : lines) {
            StringBuilder one = new StringBuilder(GAP);
            for (int i = 0; i < line.size(); i++) {
                one.append(line.get(i))
                        .repeat(' ', widths[i] - line.get(i).length())
                        .append(GAP);
            }
            text.append(one.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
