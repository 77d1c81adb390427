package dev.latent.examples.seeded;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.pin;
import static dev.latent.Async.scope;
import static dev.latent.Async.select;
import static dev.latent.Async.selectBiased;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static dev.latent.Async.withTimeout;
import static dev.latent.Async.yieldNow;

import dev.latent.AsyncFunction;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Pinned;
import dev.latent.Poll;
import dev.latent.Scope;
import dev.latent.ScopedTask;
import dev.latent.Shared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A program that decides at random what to do next, and notes where it is. So a single difference becomes many. */
final class SeededProgram {
    private static final int DEPTH = 4;
    private static final int ROOTS = 5;

    /** Steps of a whole program. */
    private static final int STEPS = 50;

    private final SeededRun run;
    private final RandomGenerator random;
    private final List<JoinHandle<Integer>> loose = new ArrayList<>();
    private int left = STEPS;
    private int bodies;
    private boolean stopped;
    private dev.latent.Waker main = dev.latent.Waker.noop();

    /** Told to the program, so that a trace names it. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(int number) {
            super("failure " + number, null, false, false);
        }
    }

    SeededProgram(SeededRun run, RandomGenerator random) {
        this.run = run;
        this.random = random;
    }

    /** The main body is dropped, and with it what it has. */
    void stop() {
        stopped = true;
        main.wake();
    }

    Future<Integer> main() {
        return Futures.map(
                selectBiased(stopping(), roots()), one -> one.toString().length());
    }

    private Future<Integer> roots() {
        return async(() -> {
            List<JoinHandle<Integer>> roots = new ArrayList<>();
            for (int n = 0; n < ROOTS; n++) {
                roots.add(spawn(body(0)));
            }
            int sum = 0;
            for (JoinHandle<Integer> root : roots) {
                sum += await(settle(root)).toString().length();
            }
            return sum;
        });
    }

    private Future<Void> stopping() {
        return Futures.pollFn((Context cx) -> {
            main = cx.waker();
            return stopped ? Poll.done() : Poll.pending();
        });
    }

    private Duration time() {
        return Duration.ofNanos(random.nextInt(5) * 100_000L);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private Future<Integer> body(int depth) {
        int number = bodies++;
        return run.wakesNoted("body " + number, async(() -> {
            run.note("begin", number);
            try {
                int sum = 0;
                for (int steps = random.nextInt(1, 4); steps > 0; steps--) {
                    sum += await(step(depth));
                }
                run.note("end", number);
                return sum;
            } catch (Exception e) {
                run.note("fails", number + " with " + e);
                throw e;
            } finally {
                if (oneIn(3)) {
                    await(sleep(time()));
                }
                run.note("leave", number);
            }
        }));
    }

    private Future<Integer> leaf() {
        return switch (random.nextInt(4)) {
            case 0 ->
                async(() -> {
                    await(yieldNow());
                    return 1;
                });
            case 1 ->
                async(() -> {
                    await(run.wakesNoted("sleep", sleep(time())));
                    return 2;
                });
            case 2 -> {
                int number = bodies++;
                yield spawnBlocking(() -> {
                    run.note("blocks", number);
                    if (oneIn(5)) {
                        throw new Failure(number);
                    }
                    return 3;
                });
            }
            default -> Futures.ready(4);
        };
    }

    private Future<Integer> step(int depth) {
        if (left-- <= 0 || depth >= DEPTH) {
            return leaf();
        }
        return switch (random.nextInt(28)) {
            case 0, 1, 2, 3 -> leaf();
            case 4, 5 ->
                Futures.map(join(List.of(body(depth + 1), leaf(), body(depth + 1))), all -> all.hashCode() & 15);
            case 6, 7 ->
                Futures.map(select(body(depth + 1), leaf(), body(depth + 1)), one -> one.toString()
                        .length());
            case 8, 9 ->
                Futures.map(withTimeout(time(), body(depth + 1)), timed -> timed.toString()
                        .length());
            case 10, 11 -> timeout(time(), body(depth + 1));
            case 12, 13 ->
                Futures.map(
                        settle(body(depth + 1)), outcome -> outcome.toString().length());
            case 14, 15, 16, 17 -> family(depth + 1);
            case 18, 19 -> handles(depth + 1);
            case 20, 21 -> sharers(depth + 1);
            case 22, 23 -> pinned(depth + 1);
            case 24, 25, 26 -> oldTask();
            default -> Futures.failed(new Failure(bodies++));
        };
    }

    /** Children, some of which are cancelled or fail. */
    private Future<Integer> family(int depth) {
        Scope.OnFailure onFailure = oneIn(2) ? Scope.OnFailure.REPORT : Scope.OnFailure.CANCEL_SIBLINGS;
        AsyncFunction<Scope, Integer> body = s -> {
            List<ScopedTask<Integer>> children = new ArrayList<>();
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                children.add(s.spawn(body(depth)));
            }
            int sum = 0;
            for (ScopedTask<Integer> child : children) {
                switch (random.nextInt(4)) {
                    case 0 -> await(child.cancel());
                    case 1 -> await(join(child.cancel(), child.cancel()));
                    case 2 -> sum += await(child);
                    default -> await(yieldNow());
                }
            }
            return sum;
        };
        return scope(onFailure, body);
    }

    /** A task, awaited, cancelled, closed, let go, or kept for later. */
    private Future<Integer> handles(int depth) {
        Future<Integer> work = body(depth);
        return async(() -> {
            JoinHandle<Integer> handle = spawn(work);
            if (oneIn(2)) {
                await(leaf());
            }
            switch (random.nextInt(5)) {
                case 0 -> {
                    return await(handle);
                }
                case 1 -> await(handle.cancel());
                case 2 -> await(join(handle.cancel(), handle.cancel()));
                case 3 -> handle.detach();
                default -> loose.add(handle);
            }
            return 5;
        });
    }

    private Future<Integer> oldTask() {
        if (loose.isEmpty()) {
            return leaf();
        }
        JoinHandle<Integer> handle = loose.remove(random.nextInt(loose.size()));
        return oneIn(2) ? handle : Futures.map(handle.closeAsync(), _ -> 6);
    }

    /** Several tasks and the caller wait for one future, and some give up. */
    private Future<Integer> sharers(int depth) {
        Shared<Integer> shared = Futures.shared(body(depth));
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int n = random.nextInt(2, 6); n > 0; n--) {
            Future<Integer> awaiter = shared.awaiter();
            waiting.add(oneIn(3) ? timeout(time(), awaiter) : awaiter);
        }
        return async(() -> {
            List<JoinHandle<Integer>> tasks = new ArrayList<>();
            int sum = 0;
            for (Future<Integer> future : waiting) {
                tasks.add(spawn(future));
            }
            for (JoinHandle<Integer> task : tasks) {
                sum += await(settle(task)).toString().length();
            }
            return sum;
        });
    }

    /** A future that loses some selects and is not dropped. */
    private Future<Integer> pinned(int depth) {
        Future<Integer> work = body(depth);
        return async(() -> {
            try (Pinned<Integer> kept = pin(work)) {
                for (int round = random.nextInt(1, 4); round > 0; round--) {
                    String first = await(select(kept, leaf())).toString();
                    if (first.startsWith("First")) {
                        return first.length();
                    }
                }
                return 7;
            }
        });
    }
}
