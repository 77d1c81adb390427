package dev.latent.peers;

import static dev.latent.peers.Run.BATCH;
import static dev.latent.peers.Run.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The workloads of tasks on virtual threads, with what the JDK has for each. */
public final class ThreadsBench {
    private static final int CAPACITY = 128;
    private static final int LOCKERS = 100;

    /** How often a thread locks before it looks at the clock. */
    private static final int TURNS = 100;

    private static final int JOINED = 10_000;
    private static final long LIMIT_SECONDS = 5;

    /** Ends a queue, which has no end of its own. */
    private static final Long OVER = -1L;

    private ThreadsBench() {}

    public static void main(String[] args) throws Exception {
        Run run = Run.of("virtual threads of JDK " + Runtime.version().feature(), args);
        // Read once, when the first virtual thread starts.
        System.setProperty("jdk.virtualThreadScheduler.parallelism", String.valueOf(run.workers()));
        System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", String.valueOf(run.workers()));
        TreeMap<String, Run.Work> works = new TreeMap<>();
        works.put("mpsc", deadline -> mpsc(deadline, 1));
        works.put("mpsc-8", deadline -> mpsc(deadline, 8));
        works.put("unbounded", ThreadsBench::unbounded);
        works.put("ping-pong", ThreadsBench::pingPong);
        works.put("mutex", ThreadsBench::alone);
        works.put("mutex-100", ThreadsBench::crowd);
        works.put("join", ThreadsBench::join);
        works.put("timeout", ThreadsBench::limit);
        works.replaceAll((_, work) -> deadline -> start(() -> work.until(deadline)).get());
        run.measure(works);
    }

    private static Future<Long> start(java.util.concurrent.Callable<Long> body) {
        FutureTask<Long> task = new FutureTask<>(body);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static long sum(List<Future<Long>> tasks) throws Exception {
        long sum = 0;
        for (Future<Long> task : tasks) {
            sum += task.get();
        }
        return sum;
    }

    private static long mpsc(long deadline, int senders) throws Exception {
        BlockingQueue<Long> queue = new ArrayBlockingQueue<>(CAPACITY);
        List<Future<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            tasks.add(start(() -> send(queue, deadline)));
        }
        Future<Long> sent = start(() -> {
            long all = sum(tasks);
            queue.put(OVER);
            return all;
        });
        long received = 0;
        long sum = 0;
        for (Long message = queue.take(); message != OVER; message = queue.take()) {
            received++;
            sum += message;
        }
        check(received == sent.get());
        check(sum == received / BATCH * Run.sum(BATCH));
        return received;
    }

    private static long send(BlockingQueue<Long> queue, long deadline) throws InterruptedException {
        long sent = 0;
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < BATCH; i++) {
                queue.put(Run.value(i));
            }
            sent += BATCH;
        }
        return sent;
    }

    /** The receiver says when it has a batch, so that the queue does not grow without end. */
    private static long unbounded(long deadline) throws Exception {
        BlockingQueue<Long> queue = new LinkedBlockingQueue<>();
        BlockingQueue<Long> done = new ArrayBlockingQueue<>(1);
        Future<Long> receiver = start(() -> {
            long count = 0;
            long sum = 0;
            for (Long message = queue.take(); message != OVER; message = queue.take()) {
                count++;
                sum += message;
                if (count % BATCH == 0) {
                    done.put(count);
                }
            }
            check(sum == count / BATCH * Run.sum(BATCH));
            return count;
        });
        long operations = 0;
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < BATCH; i++) {
                queue.put(Run.value(i));
            }
            operations += BATCH;
            check(done.take() == operations);
        }
        queue.put(OVER);
        check(receiver.get() == operations);
        return operations;
    }

    /** One operation is one round trip. */
    private static long pingPong(long deadline) throws Exception {
        BlockingQueue<CompletableFuture<Long>> requests = new ArrayBlockingQueue<>(1);
        Future<Long> server = start(() -> {
            long served = 0;
            for (CompletableFuture<Long> reply = requests.take(); !reply.isDone(); reply = requests.take()) {
                reply.complete(++served);
            }
            return served;
        });
        long operations = 0;
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < BATCH; i++) {
                CompletableFuture<Long> reply = new CompletableFuture<>();
                requests.put(reply);
                operations++;
                check(reply.get() == operations);
            }
        }
        requests.put(CompletableFuture.completedFuture(OVER));
        check(server.get() == operations);
        return operations;
    }

    private static final class Count {
        long count;
    }

    /** One thread, which nobody else is in the way of. */
    private static long alone(long deadline) {
        ReentrantLock lock = new ReentrantLock();
        Count guarded = new Count();
        long operations = 0;
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < BATCH; i++) {
                lock.lock();
                try {
                    guarded.count++;
                } finally {
                    lock.unlock();
                }
            }
            operations += BATCH;
        }
        check(guarded.count == operations);
        return operations;
    }

    /** Threads that yield while they hold it. Fair, as the others are: else whoever has it takes it again and again. */
    private static long crowd(long deadline) throws Exception {
        ReentrantLock lock = new ReentrantLock(true);
        Count guarded = new Count();
        List<Future<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < LOCKERS; i++) {
            tasks.add(start(() -> {
                long locked = 0;
                while (System.nanoTime() < deadline) {
                    for (int turn = 0; turn < TURNS; turn++) {
                        lock.lock();
                        try {
                            guarded.count++;
                            Thread.yield();
                        } finally {
                            lock.unlock();
                        }
                    }
                    locked += TURNS;
                }
                return locked;
            }));
        }
        long operations = sum(tasks);
        check(guarded.count == operations);
        return operations;
    }

    /** One operation is one of the joined threads. */
    private static long join(long deadline) throws Exception {
        long operations = 0;
        List<Thread> threads = new ArrayList<>(JOINED);
        while (System.nanoTime() < deadline) {
            for (int i = 0; i < JOINED; i++) {
                threads.add(Thread.startVirtualThread(Thread::yield));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            threads.clear();
            operations += JOINED;
        }
        return operations;
    }

    private static long limit(long deadline) throws Exception {
        long operations = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < BATCH; i++) {
                    threads.submit(Thread::yield).get(LIMIT_SECONDS, TimeUnit.SECONDS);
                }
                operations += BATCH;
            }
        }
        return operations;
    }
}
