package dev.latent.cli.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines over an axis of numbers.
 *
 * @param linear whether equal steps are equally far apart on it, rather than equal factors
 */
public record Plot(String title, String axis, boolean linear, Map<String, List<Point>> lines) {
    /** A place on a line. */
    public record Point(double x, double y) {}

    static Plot of(String title, String axis) {
        return new Plot(title, axis, false, new LinkedHashMap<>());
    }

    /** {@return one without lines, whose axis has equal steps} */
    public static Plot linear(String title, String axis) {
        return new Plot(title, axis, true, new LinkedHashMap<>());
    }

    /** Adds a place to the end of that line. */
    public void add(String line, double x, double y) {
        lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new Point(x, y));
    }
}
