package dev.latent.tongues;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A function of a source, below a comment that says what it shows.
 *
 * @param shows the words of its row in the page
 * @param line of the comment
 * @param end the line before the next one's, or a large number
 */
record Shape(String shows, String name, int line, int end) {
    private static final Pattern FUNCTION =
            Pattern.compile("(?m)^ *// (.+)\\n(?: *@.*\\n)* *(?:inline )?(?:fun|def|static .+?) (\\w+)\\(");

    /** {@return the shapes of one source} */
    static List<Shape> in(Tongue tongue, String source) throws IOException {
        String text = Files.readString(tongue.source(source));
        List<Shape> shapes = new ArrayList<>();
        Matcher function = FUNCTION.matcher(text);
        while (function.find()) {
            int line = (int) text.substring(0, function.start()).lines().count() + 1;
            if (!shapes.isEmpty()) {
                Shape last = shapes.removeLast();
                shapes.add(new Shape(last.shows, last.name, last.line, line - 1));
            }
            shapes.add(new Shape(function.group(1), function.group(2), line, Integer.MAX_VALUE));
        }
        return shapes;
    }

    boolean has(int line) {
        return this.line <= line && line <= end;
    }
}
