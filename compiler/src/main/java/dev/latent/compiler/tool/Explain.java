package dev.latent.compiler.tool;

import dev.latent.compiler.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pages of {@code docs/diagnostics}, which the jar holds, as text for a terminal. */
public final class Explain {
    private static final int WIDTH = 88;
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`([a-z-]+)`].*? \\| [a-z]+ \\| (.+) \\|$");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\(([^)]*)\\)");

    private final StringBuilder out = new StringBuilder();
    private final List<String> paragraph = new ArrayList<>();

    private Explain() {}

    /** {@return all rules, one a line: its name, its level, and what it is about} */
    public static String list() {
        Map<String, String> about = new HashMap<>();
        ROW.matcher(page("README")).results().forEach(row -> about.put(row.group(1), row.group(2)));
        Explain list = new Explain();
        for (Rule rule : Rule.values()) {
            list.wrapped(
                    "%-26s %-8s ".formatted(rule.id(), rule.level().name().toLowerCase(Locale.ROOT)),
                    " ".repeat(36),
                    about.getOrDefault(rule.id(), ""));
        }
        return list.out.toString();
    }

    /**
     * {@return the page of a rule}
     *
     * @param name its id, as messages and suppressions write it
     * @throws BadInputException when there is none; it names the one that was most likely meant
     */
    public static String rule(String name) throws BadInputException {
        String id = name.replaceAll("^\\[?(latent:)?|]$", "");
        Rule rule = Rule.of(id).orElse(null);
        if (rule == null) {
            throw new BadInputException("there is no diagnostic " + name + likely(id));
        }
        Explain page = new Explain();
        page.render(page(id).lines().toList());
        return page.out.toString();
    }

    private static String likely(String id) {
        List<String> with = Arrays.stream(Rule.values())
                .map(Rule::id)
                .filter(other -> !id.isEmpty() && other.contains(id))
                .toList();
        String near = with.isEmpty() ? Rule.nearest(id).map(Rule::id).orElse("") : String.join(" or ", with);
        return near.isEmpty() ? "; without a name all are listed" : "; did you mean " + near + "?";
    }

    private static String page(String name) {
        try (InputStream in = Explain.class.getResourceAsStream("pages/" + name + ".md")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its page " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void render(List<String> lines) {
        boolean inCode = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("```")) {
                flush();
                inCode = !inCode;
                if (inCode && line.startsWith("```java ")) {
                    out.append(line.startsWith("```java fails") ? "  This is told:\n\n" : "  This is right:\n\n");
                }
            } else if (inCode) {
                out.append(line.isEmpty() ? "" : "    ").append(line).append('\n');
            } else if (line.isBlank()) {
                flush();
                blank();
            } else if (line.startsWith("#")) {
                flush();
                String title = line.replaceAll("^#+ ", "");
                out.append(title)
                        .append('\n')
                        .repeat(line.startsWith("##") ? "-" : "=", title.length())
                        .append('\n');
            } else if (line.startsWith("|")) {
                flush();
                boolean isHead = i + 1 < lines.size() && lines.get(i + 1).startsWith("|--");
                row(isHead ? "|" : line);
            } else {
                if (line.startsWith("- ")) {
                    flush();
                }
                paragraph.add(line.strip());
            }
        }
        flush();
    }

    /** At most one after another. */
    private void blank() {
        if (!out.toString().endsWith("\n\n")) {
            out.append('\n');
        }
    }

    /** A row becomes an item of a list; that of the headings, and the line below it, are left out. */
    private void row(String line) {
        List<String> cells = Arrays.stream(line.split("\\|"))
                .map(String::strip)
                .filter(cell -> !cell.isEmpty() && !cell.startsWith("---"))
                .toList();
        if (!cells.isEmpty()) {
            wrapped("- ", "  ", String.join(": ", cells));
        }
    }

    private void flush() {
        if (!paragraph.isEmpty()) {
            String text = String.join(" ", paragraph);
            paragraph.clear();
            if (text.startsWith("- ")) {
                wrapped("- ", "  ", text.substring(2));
            } else {
                wrapped("", "", text);
            }
        }
    }

    /** Adds a text in lines that fit, without the marks that only a page needs. */
    private void wrapped(String first, String indent, String text) {
        String plain = LINK.matcher(text)
                .replaceAll(link -> Matcher.quoteReplacement(
                        link.group(2).startsWith("http") ? link.group(1) + " (" + link.group(2) + ")" : link.group(1)))
                .replace("**", "");
        StringBuilder line = new StringBuilder(first);
        boolean begins = true;
        for (String word : plain.split(" +")) {
            if (!begins && line.length() + 1 + word.length() > WIDTH) {
                out.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
                begins = true;
            }
            line.append(begins ? "" : " ").append(word);
            begins = false;
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
