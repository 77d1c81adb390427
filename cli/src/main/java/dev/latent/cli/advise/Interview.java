package dev.latent.cli.advise;

import dev.latent.cli.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks somebody at a terminal what they have in mind; an empty answer takes what is proposed, a wrong one is asked again. */
public final class Interview {
    private static final int MOST = 10_000_000;

    private final BufferedReader in;
    private final PrintStream out;

    /** Questions go to {@code out}, answers come from {@code in}. */
    public Interview(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** {@return what they have in mind} */
    public Situation ask(int cores) throws Failure {
        Work work = ask(
                "What does it do most of its time: network, files, db, compute or mixed", "network", Interview::work);
        int concurrent = number("How many such pieces of work are under way at the same time", "1");
        if (work == Work.COMPUTE) {
            Duration computing = ask("How long does one piece compute", "1s", Durations::parsePositive);
            return new Situation(work, concurrent, 1, Duration.ZERO, computing, deadline(), false, cores);
        }
        int each = number(
                "How many waits of one piece need nothing of each other (5 for five databases that are asked at once)",
                "1");
        Duration waiting = ask("How long does one wait take", "20ms", Durations::parsePositive);
        Duration computing = ask(
                "How long does a piece compute between its waits",
                work == Work.MIXED ? "2ms" : "0ms",
                work == Work.MIXED ? Durations::parsePositive : Durations::parse);
        boolean blocking = ask("Does what it calls block its thread, as JDBC does: yes or no", "no", Interview::isYes);
        return new Situation(work, concurrent, each, waiting, computing, deadline(), blocking, cores);
    }

    private @Nullable Duration deadline() throws Failure {
        String none = "none";
        String answer =
                ask("By when does a piece have to be done: 16ms for a frame, 1s for a page, or none", none, text -> {
                    if (!text.equals(none)) {
                        Durations.parsePositive(text);
                    }
                    return text;
                });
        return answer.equals(none) ? null : Durations.parse(answer);
    }

    private int number(String question, String proposed) throws Failure {
        return ask(question, proposed, text -> {
            try {
                int number = Integer.parseInt(text.replaceAll("[,_ ]", ""));
                if (number >= 1 && number <= MOST) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException("\"%s\" is no number from 1 to %,d".formatted(text, MOST));
        });
    }

    private <T> T ask(String question, String proposed, Function<String, T> read) throws Failure {
        while (true) {
            out.print(question + "? [" + proposed + "] ");
            out.flush();
            String answer;
            try {
                answer = in.readLine();
            } catch (IOException e) {
                throw new Failure("the answer could not be read: " + e.getMessage());
            }
            if (answer == null) {
                throw new Failure("there is nobody to ask any more; say it by options, see latent advise --help");
            }
            try {
                return read.apply(answer.isBlank() ? proposed : answer.strip().toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                out.println("  " + e.getMessage());
            }
        }
    }

    /** {@return the work of that name} */
    public static Work work(String name) {
        for (Work work : Work.values()) {
            if (work.name().equalsIgnoreCase(name)) {
                return work;
            }
        }
        throw new IllegalArgumentException(
                "there is no work \"" + name + "\"; there are network, files, db, compute, mixed");
    }

    private static boolean isYes(String text) {
        return switch (text) {
            case "y", "yes" -> true;
            case "n", "no" -> false;
            default -> throw new IllegalArgumentException("say yes or no");
        };
    }
}
