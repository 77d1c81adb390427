package dev.latent.runtime.seen;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static java.time.Duration.ofHours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.task.TaskInfo;
import dev.latent.world.FailureHandler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What a program in trouble shows of itself. */
class SeenTest {
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private Future<Void> pause(int hours) {
        return async(() -> {
            await(sleep(ofHours(hours)));
        });
    }

    private Future<Void> visitor() {
        return async(() -> {
            await(join(pause(1), pause(2)));
        });
    }

    private Future<Void> blocker() {
        return async(() -> {
            await(yieldNow());
            blocked.countDown();
            hold();
        });
    }

    private void hold() throws InterruptedException {
        goOn.await();
    }

    private static <T> FutureTask<T> started(Callable<T> work, Thread[] into) {
        FutureTask<T> task = new FutureTask<>(work);
        into[0] = new Thread(task, "blocked");
        into[0].start();
        return task;
    }

    @Test
    void aBlockedExecutorShowsItsOtherTasks() throws Exception {
        LocalExecutor executor = new LocalExecutor();
        Thread[] thread = new Thread[1];
        FutureTask<Object> ended = started(
                () -> executor.blockOn(async(() -> {
                    try (var _ = spawn(visitor())) {
                        await(blocker());
                        return null;
                    }
                })),
                thread);
        blocked.await();
        TaskDump dump = Tasks.snapshot(executor);
        goOn.countDown();
        ended.get();
        executor.close();
        assertEquals(2, dump.live());
        assertEquals(2, dump.tasks().size());
        assertTrue(dump.polling().get("blocked").toString().contains("SeenTest.blocker"), dump.toString());
        TaskInfo waiting = dump.tasks().stream()
                .filter(t -> t.state() == TaskInfo.State.WAITING)
                .findFirst()
                .orElseThrow();
        assertEquals("join of 2", waiting.chain().waitsFor());
        assertEquals(2, waiting.chain().branches().size());
        assertEquals("visitor", waiting.chain().frames().getFirst().getMethodName());
        assertEquals(
                1,
                dump.tasks().stream()
                        .filter(t -> t.state() == TaskInfo.State.RUNNING)
                        .count());
    }

    @Test
    void anInterruptedBlockOnSaysWhatItWaitedFor() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        FutureTask<String> here = started(
                () -> assertThrows(
                                InterruptedException.class,
                                () -> Latent.blockOn(async(() -> {
                                    begun.countDown();
                                    await(pause(1));
                                })))
                        .getMessage(),
                thread);
        begun.await();
        thread[0].interrupt();
        String said = here.get();
        assertTrue(
                said.startsWith("blockOn was interrupted while it waited for sleep of PT1H, in "
                        + SeenTest.class.getName() + ".pause(SeenTest.java:"),
                said);
        try (WorkStealingExecutor executor =
                WorkStealingExecutor.builder().threads(1).build()) {
            FutureTask<String> there = started(
                    () -> assertThrows(InterruptedException.class, () -> executor.blockOn(visitor()))
                            .getMessage(),
                    thread);
            while (Tasks.snapshot(executor).tasks().stream().noneMatch(t -> t.state() == TaskInfo.State.WAITING)) {
                Thread.onSpinWait();
            }
            thread[0].interrupt();
            assertTrue(
                    there.get()
                            .startsWith("blockOn was interrupted while it waited for join of 2, in "
                                    + SeenTest.class.getName() + ".visitor(SeenTest.java:"),
                    there.get());
        }
    }

    @Test
    void whatIsNoBodyGoesByWhoBlocksForIt() throws Exception {
        LocalExecutor executor = new LocalExecutor();
        Thread[] thread = new Thread[1];
        FutureTask<Object> ended = started(() -> executor.blockOn(join(blocker(), visitor())), thread);
        blocked.await();
        TaskDump dump = Tasks.snapshot(executor);
        thread[0].interrupt();
        assertThrows(ExecutionException.class, ended::get);
        executor.close();
        String name = dump.tasks().getFirst().name();
        assertTrue(name.startsWith("Join, blockOn in " + SeenTest.class.getName() + "."), name);
        assertTrue(name.contains("whatIsNoBodyGoesByWhoBlocksForIt"), name);
    }

    private Future<Void> failsAsItIsDropped() {
        return async(() -> {
            try {
                await(sleep(ofHours(1)));
            } finally {
                clean();
            }
        });
    }

    private static void clean() {
        throw new IllegalStateException("in a cleanup");
    }

    private Future<Void> around() {
        return async(() -> {
            await(failsAsItIsDropped());
        });
    }

    @Test
    void aFailedCleanupIsToldWithTheProgramsFramesOnly() throws Exception {
        List<Throwable> told = new ArrayList<>();
        Latent.blockOn(
                async(() -> {
                    await(select(around(), yieldNow()));
                    return null;
                }),
                Latent.system().with(FailureHandler.class, (where, failure) -> told.add(failure)));
        assertEquals(1, told.size());
        List<String> trace = Arrays.stream(told.getFirst().getStackTrace())
                .map(e -> e.getClassName().equals(SeenTest.class.getName()) ? e.getMethodName() : e.toString())
                .toList();
        assertEquals(
                List.of("clean", "failsAsItIsDropped", "around", "aFailedCleanupIsToldWithTheProgramsFramesOnly"),
                trace.subList(0, Math.min(4, trace.size())),
                trace.toString());
        assertTrue(
                trace.stream().noneMatch(e -> e.contains("dev.latent.Chain") || e.contains("LocalLoop")),
                trace.toString());
    }
}
