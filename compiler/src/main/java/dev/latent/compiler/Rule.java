package dev.latent.compiler;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the compiler has to say; each rule has a page in {@code docs/diagnostics}, and in the jar. */
public enum Rule {
    /** {@code await}, {@code spawn} or {@code context} where no async body is. */
    AWAIT_OUTSIDE_ASYNC(Level.ERROR),
    /** A monitor or a lock is held while a body is suspended. */
    LOCK_ACROSS_AWAIT(Level.ERROR),
    /** A future that is used after somebody else has taken it. */
    USE_AFTER_MOVE(Level.ERROR),
    /** A context that is used after the poll it belongs to. */
    CONTEXT_ACROSS_AWAIT(Level.ERROR),
    /** An async body that returns a future. */
    FUTURE_OF_FUTURE(Level.ERROR),
    /** The JDK's future where ours is meant. */
    WRONG_FUTURE(Level.ERROR),
    /** A try-with-resources whose close would have to wait, outside an async body. */
    ASYNC_CLOSE_OUTSIDE_ASYNC(Level.ERROR),
    /** A {@code finally} that would swallow a drop by leaving. */
    FINALLY_LEAVES(Level.ERROR),
    /** A method reference where an async closure is wanted. */
    ASYNC_METHOD_REFERENCE(Level.ERROR),
    /** A class that implements an {@code @AsyncClosure} interface. */
    CLOSURE_CLASS(Level.ERROR),
    /** An {@code @AsyncClosure} interface whose method is one of a future's own. */
    CLOSURE_METHOD_TAKEN(Level.ERROR),
    /** A body that does not fit in a method. */
    BODY_TOO_LARGE(Level.ERROR),
    /** A future that is bound to a thread, spawned where tasks move between threads. */
    NOT_SEND(Level.ERROR),
    /** A body that blocks the thread which polls it until another future has ended: it is refused. */
    NESTED_BLOCK_ON(Level.ERROR),
    /** A class with async bodies that could not be woven. */
    NOT_WOVEN(Level.ERROR),
    /** A future that nobody polls. */
    UNUSED_FUTURE(Level.WARNING),
    /** A spawned task that nobody owns. */
    UNUSED_HANDLE(Level.WARNING),
    /** A stream that nobody drives. */
    UNUSED_STREAM(Level.WARNING),
    /** What a lock, a semaphore or a channel has lent, and nobody gives back. */
    GUARD_NOT_CLOSED(Level.WARNING),
    /** A counted sender that nobody closes, so that its channel never ends. */
    SENDER_NOT_CLOSED(Level.WARNING),
    /** A task's local, asked for on a thread that does nothing for a task. */
    TASK_LOCAL_ELSEWHERE(Level.WARNING),
    /** A call in an async body that blocks its thread. */
    BLOCKING_CALL(Level.WARNING),
    /** Two tasks, perhaps on two threads, that use what is not made for that. */
    SHARED_CAPTURE(Level.WARNING),
    /** A lazy future out of a method whose proxy, or scoped value, is over when it runs. */
    LAZY_FROM_PROXY(Level.WARNING),
    /** A lazy future out of a try, a monitor or a lock that is over when it runs. */
    FUTURE_LEAVES_BLOCK(Level.WARNING),
    /** No future where one is to be awaited. */
    NULL_FUTURE(Level.WARNING),
    /** A future that is kept, and that a second await finds gone. */
    AWAITED_TWICE(Level.WARNING),
    /** What a thread's variable holds before an await, expected behind it. */
    THREAD_LOCAL_ACROSS_AWAIT(Level.WARNING),
    /** What a dropped future has left half done, used as if it were whole. */
    USED_HALF_DONE(Level.WARNING),
    /** A future that forgets a future of its own when it is dropped. */
    FIELD_NOT_DROPPED(Level.WARNING),
    /** A select in a loop that loses what a branch had done, each time it loses. */
    RECREATED_IN_SELECT(Level.WARNING),
    /** Two awaits, one after the other, that could be one of both. */
    SEQUENTIAL_AWAITS(Level.NOTE),
    /** An async body that has nothing to wait for. */
    ASYNC_WITHOUT_AWAIT(Level.WARNING),
    /** A body that keeps much while it waits. */
    LARGE_FRAME(Level.WARNING),
    /** A name of Latent's, or a call, that javac does not find: without its import, or as others have it. */
    UNKNOWN_WORD(Level.WARNING),
    /** A suppression that names no rule. */
    UNKNOWN_SUPPRESSION(Level.WARNING);

    /** How much a rule weighs. */
    public enum Level {
        /** Says nothing. */
        OFF,
        /** Says it, and does not count. */
        NOTE,
        /** A warning; under {@code -Werror} it fails the build. */
        WARNING,
        /** Fails the build. */
        ERROR
    }

    /** The system property by which a command that has the pages itself says how it is called. */
    public static final String EXPLAINED_BY = "latent.explain";

    private static final String EXPLAIN = System.getProperty(EXPLAINED_BY, explain());

    private final Level level;

    Rule(Level level) {
        this.level = level;
    }

    /** {@return the name in messages, as {@code @SuppressWarnings} understands it after {@code latent:}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return its level where the build says nothing else} */
    public Level level() {
        return level;
    }

    /** {@return the rule with this id} */
    public static Optional<Rule> of(String id) {
        return Arrays.stream(values()).filter(r -> r.id().equals(id)).findFirst();
    }

    /** {@return the rule that was most likely meant by {@code id}, where one comes near} */
    public static Optional<Rule> nearest(String id) {
        return Arrays.stream(values())
                .filter(rule -> distance(id, rule.id()) <= rule.id().length() / 3)
                .min(Comparator.comparingInt(rule -> distance(id, rule.id())));
    }

    /** Levenshtein's: how many characters to put in, take away or replace. */
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /** {@return the message: what is wrong in one sentence, what to do in another, and the command that tells more} */
    public String message(String why, String fix) {
        return "[latent:" + id() + "] " + why + "\n" + fix + "\n" + EXPLAIN + " " + id();
    }

    /** The jar that this is in has the pages; a folder of classes, as in this project's own build, has not its name. */
    private static String explain() {
        Path jar = null;
        try {
            CodeSource source = Rule.class.getProtectionDomain().getCodeSource();
            jar = source == null ? null : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            // Not in a file: so be it.
        }
        if (jar == null || !Files.isRegularFile(jar)) {
            return "java -jar latent-compiler.jar explain";
        }
        return "java -jar " + (jar.toString().contains(" ") ? '"' + jar.toString() + '"' : jar) + " explain";
    }
}
