package dev.latent.cli.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lines over an axis of numbers. */
record Plot(String title, String axis, Map<String, List<Point>> lines) {
    /** A place on a line. */
    record Point(double x, double y) {}

    static Plot of(String title, String axis) {
        return new Plot(title, axis, new LinkedHashMap<>());
    }

    void add(String line, double x, double y) {
        lines.computeIfAbsent(line, name -> new ArrayList<>()).add(new Point(x, y));
    }
}
