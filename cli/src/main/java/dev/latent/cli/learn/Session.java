package dev.latent.cli.learn;

import dev.latent.cli.Failure;
import java.util.Optional;

/** A learner at a terminal: shows an exercise, checks it whenever its file changes, and does what keys ask for. */
public final class Session {
    /** How often the file is looked at. It is read, not watched: editors replace files in too many ways. */
    private static final int LOOK_MILLIS = 200;

    /** An editor may empty a file before it fills it: so often it may be seen empty before that is what was meant. */
    private static final int EMPTY_LOOKS = 5;

    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Course course;
    private final Folder folder;
    private final Check check;
    private final Terminal terminal;
    private final Tell tell;

    private Exercise exercise;
    private Optional<String> checked = Optional.empty();
    private boolean solved;

    /** For how many looks in a row its file has been empty. */
    private int empty;

    /** It begins with {@code exercise}. */
    public Session(Course course, Folder folder, Check check, Terminal terminal, Exercise exercise) {
        this.course = course;
        this.folder = folder;
        this.check = check;
        this.terminal = terminal;
        this.tell = new Tell(course, folder, true);
        this.exercise = exercise;
    }

    /** Runs until q, or the end of the input. */
    public void run() throws Failure, InterruptedException {
        if (folder.isNew()) {
            terminal.print(tell.welcome() + "\n");
        } else {
            terminal.print(CLEAR);
        }
        check();
        while (true) {
            int key = terminal.key(LOOK_MILLIS);
            switch (key) {
                case Terminal.NONE -> look();
                case Terminal.END, 'q', 'Q' -> {
                    terminal.print("\n");
                    return;
                }
                case 'h', 'H' -> terminal.print("\n" + tell.hint(exercise) + prompt());
                case 'l', 'L' -> terminal.print("\n" + tell.list() + prompt());
                case 'r', 'R' -> {
                    terminal.print(CLEAR);
                    check();
                }
                case 's', 'S' -> solution();
                case 'n', 'N' -> next();
                case '\n', '\r' -> {}
                default -> terminal.print("\n" + prompt());
            }
        }
    }

    private void look() throws Failure, InterruptedException {
        Optional<String> text = folder.text(exercise);
        empty = text.equals(Optional.of("")) ? empty + 1 : 0;
        if (!text.equals(checked) && (empty == 0 || empty > EMPTY_LOOKS)) {
            terminal.print(CLEAR);
            check();
        }
    }

    private void check() throws Failure, InterruptedException {
        checked = folder.text(exercise);
        terminal.print(tell.head(exercise) + "\nchecking…");
        Verdict verdict = check.of(folder.file(exercise));
        solved = verdict.isSolved();
        folder.mark(exercise, solved);
        terminal.print("\r\u001b[K" + tell.verdict(exercise, verdict) + "\n" + tell.progress());
        if (folder.next().isEmpty()) {
            terminal.print(tell.farewell());
        }
        terminal.print(prompt());
    }

    private void next() throws Failure, InterruptedException {
        Optional<Exercise> next = folder.next();
        if (!solved) {
            terminal.print("\n" + exercise.name() + " is not solved yet\n" + prompt());
        } else if (next.isPresent()) {
            exercise = next.get();
            terminal.print(CLEAR);
            check();
        } else {
            terminal.print("\n" + tell.farewell() + prompt());
        }
    }

    private void solution() throws Failure {
        terminal.print(
                "\n" + (solved ? course.solution(exercise) : exercise.name() + " is not solved yet\n") + prompt());
    }

    private String prompt() {
        return (solved ? "n: next   s: a solution   " : "h: hint   ") + "l: list   r: run again   q: quit > ";
    }
}
