package dev.latent.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Choices;
import dev.latent.Future;
import dev.latent.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a few tasks in every order there is. A task is a list of steps, each a future that it awaits, or a call. Whenever several could go on, each is
 * tried; and wherever a task waits, or has been told and not come yet, also that it is dropped there, or what it awaits, in whose place the next step comes; and where it found something, that
 * its value reaches nobody. At most {@link #drops} of those in one run.
 *
 * <p>When nobody can go on any more, whoever still waits must wait for a reason: its next poll, for which nobody has asked, is pending too. Then
 * {@link Run#check} looks at what has come of it all.
 */
final class Explorer {
    /** One thing that a task does. */
    sealed interface Step {}

    private record Await<T>(String name, Supplier<Future<T>> future, Consumer<? super T> then, Consumer<? super T> lost)
            implements Step {}

    private record Call(String name, Runnable call) implements Step {}

    static <T> Step await(String name, Supplier<Future<T>> future, Consumer<? super T> then) {
        return await(name, future, then, _ -> {});
    }

    /** @param lost told of a value that reaches nobody */
    static <T> Step await(String name, Supplier<Future<T>> future, Consumer<? super T> then, Consumer<? super T> lost) {
        return new Await<>(name, future, then, lost);
    }

    static Step call(String name, Runnable call) {
        return new Call(name, call);
    }

    /** What one order of the tasks has done. */
    static class Run {
        final List<List<Step>> tasks = new ArrayList<>();
        final List<String> trace = new ArrayList<>();

        final void task(Step... steps) {
            tasks.add(List.of(steps));
        }

        /** After it: {@code stuck} are the tasks that wait. */
        void check(List<Integer> stuck) {}

        /** {@code thrown} came out of {@code task}: {@return whether it goes on} */
        boolean threw(int task, Exception thrown) {
            return false;
        }
    }

    private final int drops;
    private final Choices choices = new Choices();
    private long runs;

    private Explorer(int drops) {
        this.drops = drops;
    }

    /** {@return how many orders there were} */
    static <R extends Run> long explore(int drops, Supplier<R> start) {
        return explore(drops, start, _ -> {});
    }

    static <R extends Run> long explore(int drops, Supplier<R> start, Consumer<? super R> after) {
        Explorer explorer = new Explorer(drops);
        do {
            explorer.runs++;
            R run = start.get();
            try {
                explorer.run(run);
                after.accept(run);
            } catch (Throwable t) {
                throw new AssertionError("in run " + explorer.runs + ": " + String.join("; ", run.trace), t);
            }
        } while (explorer.choices.next());
        return explorer.runs;
    }

    private final class Task {
        final int number;
        final List<Step> steps;
        final Run run;
        int at;
        Polled<?> waits;

        Task(int number, Run run) {
            this.number = number;
            this.steps = run.tasks.get(number);
            this.run = run;
        }

        boolean hasEnded() {
            return at == steps.size();
        }

        boolean canGoOn() {
            return !hasEnded() && (waits == null || waits.wakes > 0);
        }

        void goOn(boolean lose) throws Exception {
            switch (steps.get(at)) {
                case Call(String name, Runnable call) -> {
                    note(name);
                    at++;
                    call.run();
                }
                case Await<?> await -> poll(await, lose);
            }
        }

        private <T> void poll(Await<T> await, boolean lose) {
            if (waits == null) {
                waits = new Polled<>(await.future.get());
            }
            @SuppressWarnings("unchecked")
            Polled<T> polled = (Polled<T>) waits;
            polled.wakes = 0;
            try {
                if (polled.poll() instanceof Poll.Ready<T>(T value)) {
                    waits = null;
                    at++;
                    if (lose) {
                        note(await.name + " loses " + value);
                        await.lost.accept(value);
                        polled.undelivered(value);
                    } else {
                        note(await.name + " = " + value);
                        await.then.accept(value);
                    }
                } else {
                    note(await.name + " waits");
                }
            } catch (Exception e) {
                note(await.name + " throws " + e);
                waits = null;
                at = run.threw(number, e) ? at + 1 : steps.size();
            }
        }

        void drop(boolean wholly) {
            note("drops " + ((Await<?>) steps.get(at)).name + (wholly ? " and ends" : ""));
            Polled<?> dropped = waits;
            waits = null;
            at = wholly ? steps.size() : at + 1;
            dropped.drop();
        }

        void note(String what) {
            run.trace.add(number + " " + what);
        }
    }

    private void run(Run run) throws Exception {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < run.tasks.size(); i++) {
            tasks.add(new Task(i, run));
        }
        int dropped = 0;
        List<Runnable> open = new ArrayList<>();
        while (true) {
            open.clear();
            int[] drop = {0};
            for (Task task : tasks) {
                if (task.canGoOn()) {
                    open.add(() -> go(task, false));
                }
            }
            if (open.isEmpty()) {
                break;
            }
            if (dropped < drops) {
                for (Task task : tasks) {
                    if (task.waits != null) {
                        open.add(() -> {
                            task.drop(false);
                            drop[0]++;
                        });
                        open.add(() -> {
                            task.drop(true);
                            drop[0]++;
                        });
                    }
                    if (task.canGoOn() && task.steps.get(task.at) instanceof Await<?>) {
                        open.add(() -> {
                            go(task, true);
                            drop[0]++;
                        });
                    }
                }
            }
            open.get(choices.choose(open.size())).run();
            dropped += drop[0];
        }
        List<Integer> stuck = new ArrayList<>();
        for (Task task : tasks) {
            if (!task.hasEnded()) {
                stuck.add(task.number);
                assertTrue(!task.waits.poll().isReady(), task.number + " could go on, and nobody has told it");
            }
        }
        tasks.stream().filter(t -> t.waits != null).forEach(t -> t.waits.drop());
        run.check(stuck);
    }

    private static void go(Task task, boolean lose) {
        try {
            task.goOn(lose);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
