package dev.latent.cli.learn;

import dev.latent.cli.Compile;
import dev.latent.cli.Failure;
import dev.latent.cli.learn.Verdict.Complaint;
import dev.latent.cli.learn.Verdict.Gone;
import dev.latent.cli.learn.Verdict.Ran;
import dev.latent.cli.learn.Verdict.Refused;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Words for people.
 *
 * @param colours whether a terminal shows them
 */
public record Tell(Course course, Folder folder, boolean colours) {
    private static final int WIDTH = 100;
    private static final int BAR = 30;

    /** What javac complains of after the first few mostly follows from those. */
    private static final int MOST_COMPLAINTS = 3;

    private static final String BOLD = "1";
    private static final String RED = "31";
    private static final String GREEN = "32";

    /** {@return which exercise that is, and where} */
    public String head(Exercise exercise) throws Failure {
        String number = course.number(exercise) + " of " + course.exercises().size();
        return paint(BOLD, exercise.name() + ", " + number + ": " + exercise.teaches()) + "\n" + folder.file(exercise)
                + "\n";
    }

    /** {@return what came of a check} */
    public String verdict(Exercise exercise, Verdict verdict) throws Failure {
        return switch (verdict) {
            case Gone() ->
                paint(RED, folder.file(exercise) + " is gone") + ": latent learn reset " + exercise.name()
                        + " brings it back\n";
            case Refused(var complaints) -> refused(complaints);
            case Ran(var run) -> ran(exercise, run);
        };
    }

    /** What javac says beside something of ours mostly follows from that, and would only hide it. */
    private String refused(List<Complaint> all) {
        List<Complaint> ours = all.stream().filter(one -> !one.id().isEmpty()).toList();
        List<Complaint> complaints = ours.isEmpty() ? all : ours;
        StringBuilder text = new StringBuilder();
        Set<String> explained = new HashSet<>();
        for (Complaint complaint : complaints.subList(0, Math.min(MOST_COMPLAINTS, complaints.size()))) {
            text.append(paintFirstLine(complaint.text())).append("\n");
            if (!complaint.id().isEmpty() && explained.add(complaint.id())) {
                DiagnosticPage page = course.page(complaint.id());
                text.append("\n").append(wrapped(page.why(), "  "));
                String separator = page.fix().startsWith("-") ? "\n" : " ";
                text.append("\n").append(wrapped("What to do:" + separator + page.fix(), "  "));
            } else if (complaint.id().isEmpty()) {
                Compile.hints(complaint.text())
                        .forEach(hint -> text.append(hint).append("\n"));
            }
        }
        int more = complaints.size() - MOST_COMPLAINTS;
        if (more > 0) {
            text.append("… and ").append(more).append(" more\n");
        }
        return text.toString();
    }

    private String ran(Exercise exercise, Run run) {
        StringBuilder text = new StringBuilder();
        run.printed().forEach(line -> text.append("  | ").append(line).append("\n"));
        if (run.more() > 0) {
            text.append("  | … and %,d more lines%n".formatted(run.more()));
        }
        Ending ending = run.ending();
        if (ending.kind() == Ending.Kind.PASSED) {
            return text + paint(GREEN, "solved") + "\n";
        }
        String place = exercise.fileName() + (ending.line() == 0 ? "" : ":" + ending.line());
        text.append(paint(RED, place + ": " + ending.message())).append("\n");
        if (ending.line() > 0) {
            text.append(source(exercise, ending.line()));
        }
        ending.detail().forEach(line -> text.append("    ").append(line).append("\n"));
        return text.toString();
    }

    private String source(Exercise exercise, int line) {
        try {
            List<String> lines =
                    folder.text(exercise).map(text -> text.lines().toList()).orElse(List.of());
            return line <= lines.size() ? "    " + lines.get(line - 1).strip() + "\n" : "";
        } catch (Failure e) {
            return "";
        }
    }

    /** {@return the hint} */
    public String hint(Exercise exercise) {
        return wrapped(exercise.hint(), "  ") + "  More: " + exercise.page() + "\n";
    }

    /** {@return a bar with how many are solved} */
    public String progress() throws Failure {
        int all = course.exercises().size();
        int solved = folder.solved().size();
        int full = solved * BAR / all;
        return "[" + paint(GREEN, "#".repeat(full)) + ".".repeat(BAR - full) + "] " + solved + " of " + all
                + " solved\n";
    }

    /** {@return all exercises, and how far it is} */
    public String list() throws Failure {
        Set<String> solved = folder.solved();
        String next = folder.next().map(Exercise::name).orElse("");
        StringBuilder text = new StringBuilder();
        String chapter = "";
        for (Exercise exercise : course.exercises()) {
            if (!exercise.folder().equals(chapter)) {
                chapter = exercise.folder();
                text.append(chapter).append("\n");
            }
            boolean done = solved.contains(exercise.name());
            String mark = done ? paint(GREEN, "x") : exercise.name().equals(next) ? ">" : " ";
            text.append(" %s %-11s %s%n".formatted(mark, exercise.name(), exercise.teaches()));
        }
        return text + progress();
    }

    /** {@return what is said to who begins} */
    public String welcome() {
        return wrapped(
                "The exercises are now in " + folder.path()
                        + ". Each is a small program with something wrong or missing. Open the file in your editor, put it right and save: it is"
                        + " compiled, run and checked at once.",
                "");
    }

    /** {@return what is said to who is through} */
    public String farewell() {
        return wrapped(
                "All are solved. What comes next: docs/recipes.md, the exercises at the ends of the guide's pages, and a program of your own.",
                "");
    }

    private String paintFirstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? paint(RED, text) : paint(RED, text.substring(0, end)) + text.substring(end);
    }

    private String paint(String colour, String text) {
        return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    /** {@return lines of at most {@link #WIDTH} characters} */
    static String wrapped(String text, String indent) {
        StringBuilder all = new StringBuilder();
        for (String line : text.split("\n")) {
            StringBuilder row = new StringBuilder(indent);
            for (String word : line.split(" ")) {
                if (row.length() + word.length() > WIDTH && row.length() > indent.length()) {
                    all.append(row.toString().stripTrailing()).append("\n");
                    row = new StringBuilder(indent);
                }
                row.append(word).append(" ");
            }
            all.append(row.toString().stripTrailing()).append("\n");
        }
        return all.toString();
    }
}
