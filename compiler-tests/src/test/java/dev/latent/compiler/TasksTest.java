package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AwaitChain;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.task.TaskInfo;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a dump tells of live tasks: from outside, from within a poll, and while they run on other threads. */
class TasksTest {
    /** Time that the test moves. */
    private static final class HandClock implements Clock, Timers {
        private final List<Waker> wakers = new ArrayList<>();
        private long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public OwnedFuture<Void> sleepUntil(long deadline) {
            return new OwnedFuture<>() {
                private Waker waker = Waker.noop();

                @Override
                protected Poll<Void> pollOwned(Context cx) {
                    waker = cx.waker();
                    wakers.add(cx.waker());
                    return now >= deadline ? Poll.done() : Poll.pending();
                }

                @Override
                protected void dropOwned() {}
            };
        }
    }

    private static final AtomicInteger EXECUTORS = new AtomicInteger();

    private final HandClock clock = new HandClock();
    private final LocalExecutor executor = LocalExecutor.builder()
            .name("of test " + EXECUTORS.getAndIncrement())
            .world(Latent.system().with(Clock.class, clock).with(Timers.class, clock))
            .build();

    /** Lines and hash codes differ from run to run of a refactoring; what matters is who awaits whom. */
    private static String text(String dump) {
        return dump.replaceAll("@[0-9a-f]+|(?<=of test) \\d+", "")
                .replaceAll("(\\w+)\\.java:\\d+", "$1.java")
                .replace(TasksTest.class.getName(), "TasksTest");
    }

    private static Future<String> order() {
        return async(() -> {
            await(sleep(Duration.ofSeconds(9)));
            return "order";
        });
    }

    private static Future<String> checkout() {
        return async(() -> await(order()) + "!");
    }

    private static Future<Void> page() {
        return async(() -> {
            await(join(checkout(), Futures.done(), timeout(Duration.ofSeconds(5), order())));
        });
    }

    @Test
    void aFixedProgram() {
        executor.spawn(checkout()).detach();
        executor.spawn(page()).detach();
        executor.spawn(select(order(), Futures.pending())).detach();
        executor.spawn(scopeDo(s -> {
                    s.spawn(order());
                    await(Futures.pending());
                }))
                .detach();
        executor.runUntilStalled();
        clock.now += Duration.ofMillis(3_250).toNanos();
        executor.spawn(order()).detach();
        assertEquals("""
                LocalExecutor of test: 6 live tasks
                task TasksTest.checkout(TasksTest.java), waiting for 3.2 s
                    sleep of PT9S
                    at TasksTest.order(TasksTest.java)
                    at TasksTest.checkout(TasksTest.java)
                task TasksTest.page(TasksTest.java), waiting for 3.2 s
                    join of 3
                      - sleep of PT9S
                        at TasksTest.order(TasksTest.java)
                        at TasksTest.checkout(TasksTest.java)
                      - timeout of PT5S
                          - sleep of PT9S
                            at TasksTest.order(TasksTest.java)
                    at TasksTest.page(TasksTest.java)
                task Select, waiting for 3.2 s
                    select of 2
                      - sleep of PT9S
                        at TasksTest.order(TasksTest.java)
                      - pending
                task ScopeFuture, waiting for 3.2 s
                    scope of TasksTest.aFixedProgram(TasksTest.java)
                      - pending
                        at TasksTest.aFixedProgram(TasksTest.java)
                task TasksTest.order(TasksTest.java), waiting for 3.2 s
                    sleep of PT9S
                    at TasksTest.order(TasksTest.java)
                task TasksTest.order(TasksTest.java), ready for 0.0 s
                    not polled yet
                    at TasksTest.order(TasksTest.java)
                """, text(Tasks.dump(executor)));
        TaskDump dump = Tasks.snapshot(executor);
        assertEquals(6, dump.tasks().size());
        assertTrue(Tasks.dump().contains(executor.toString()));
        executor.close();
        assertEquals(0, Tasks.snapshot(executor).live());
        assertFalse(Tasks.dump().contains(executor.toString()));
    }

    @Test
    void json() {
        executor.spawn(async(() -> await(new Named("a \"b\"\n")))).detach();
        executor.runUntilStalled();
        String json = text(Tasks.snapshot(executor).toJson());
        assertEquals(
                "{'executor':'LocalExecutor of test','live':1,'tasks':[{'name':'TasksTest.json(TasksTest.java)','state':'STRANDED',"
                        + "'sinceMillis':0,'chain':{'waitsFor':'a \\'b\\'\\u000a','branches':[],"
                        + "'frames':['TasksTest.json(TasksTest.java)']}}],'polling':[]}",
                json.replace('"', '\''));
    }

    private record Named(String name) implements Future<Void> {
        @Override
        public Poll<Void> poll(Context cx) {
            return Poll.pending();
        }

        @Override
        public void drop() {}

        @Override
        public String toString() {
            if (name.isEmpty()) {
                throw new IllegalStateException("no name");
            }
            return name;
        }
    }

    @Test
    void aProgramsOwnWordsMayFail() {
        executor.spawn(async(() -> await(new Named("")))).detach();
        executor.runUntilStalled();
        assertTrue(Tasks.dump(executor).contains("Named, whose toString threw java.lang.IllegalStateException"));
    }

    @Test
    void insideAPoll() throws Exception {
        String dump = Latent.blockOn(async(() -> {
            var other = spawn(order());
            await(sleep(Duration.ofMillis(1)));
            String seen = Tasks.dump(dev.latent.Async.context().spawner());
            await(other.cancel());
            return seen;
        }));
        String text = text(dump).replaceAll("thread .*", "thread").replaceAll("for \\d.*", "for");
        assertTrue(
                text.startsWith("LocalExecutor: 2 live tasks\nthread\n    at TasksTest.insideAPoll(TasksTest.java)\n"),
                text);
        assertTrue(text.contains("task TasksTest.insideAPoll(TasksTest.java), running for\n"), text);
        assertTrue(text.contains("task TasksTest.order(TasksTest.java), waiting for\n    sleep of PT9S\n"), text);
    }

    private static Future<Void> chain(int depth, CountDownLatch go) {
        return async(() -> {
            while (go.getCount() > 0) {
                if (depth > 0) {
                    await(chain(depth - 1, go));
                } else {
                    await(dev.latent.Async.yieldNow());
                    return;
                }
            }
        });
    }

    /** Two workers poll a thousand tasks without a pause while this thread looks. */
    @Test
    void underLoad() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        WorkStealingExecutor pool = WorkStealingExecutor.create(2);
        try (pool) {
            for (int i = 0; i < 1_000; i++) {
                pool.spawn(chain(5, done)).detach();
            }
            int whole = 0;
            for (int i = 0; i < 50; i++) {
                for (TaskInfo task : Tasks.snapshot(pool).tasks()) {
                    assertTrue(task.name().contains("TasksTest.chain("), task::toString);
                    assertTrue(task.since().compareTo(Duration.ofDays(1)) < 0, task::toString);
                    AwaitChain chain = task.chain();
                    if (chain != null && chain.waitsFor() != null) {
                        assertEquals(6, chain.frames().size(), task::toString);
                        whole++;
                    }
                }
            }
            assertTrue(whole > 100, "" + whole);
            done.countDown();
        }
        assertEquals(new TaskDump(pool.toString(), 0, List.of(), Map.of()), Tasks.snapshot(pool));
    }

    /** A loop that somebody else drives is not told off for a look that happens to be under way. */
    @Test
    void aLocalExecutorOnAnotherThread() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        executor.spawn(chain(5, done)).detach();
        Thread loop = new Thread(() -> {
            try {
                while (done.getCount() > 0) {
                    executor.tick();
                }
            } catch (Throwable t) {
                failed.set(t);
            }
        });
        loop.start();
        for (int i = 0; i < 300; i++) {
            TaskDump dump = Tasks.snapshot(executor);
            assertEquals(1, dump.live());
            for (TaskInfo task : dump.tasks()) {
                AwaitChain chain = task.chain();
                assertTrue(
                        chain == null
                                || chain.waitsFor() == null
                                || chain.frames().size() == 6,
                        task::toString);
            }
        }
        done.countDown();
        loop.join();
        assertEquals(null, failed.get());
        executor.runUntilStalled();
        assertEquals(0, Tasks.snapshot(executor).live());
    }

    private static void hold(CountDownLatch until) throws InterruptedException {
        until.await();
    }

    @Test
    void aBusyExecutorShowsWhereItIs() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        executor.spawn(async(() -> {
                    await(Futures.done());
                    in.countDown();
                    hold(out);
                }))
                .detach();
        Thread loop = new Thread(executor::runUntilStalled, "loop");
        loop.start();
        in.await();
        TaskDump dump = Tasks.snapshot(executor);
        assertEquals(List.of(), dump.tasks());
        List<String> methods = dump.polling().get("loop").stream()
                .map(StackTraceElement::getMethodName)
                .toList();
        assertEquals(
                List.of("hold", "aBusyExecutorShowsWhereItIs"), methods.subList(methods.size() - 2, methods.size()));
        assertTrue(dump.toString().endsWith("and 1 that could not be looked at\n"), dump::toString);
        out.countDown();
        loop.join();
    }

    @Test
    void othersKeepNoList() {
        assertThrows(IllegalArgumentException.class, () -> Tasks.dump(Latent.on(Runnable::run)));
    }

    @Test
    void asAManagementBean() throws Exception {
        executor.spawn(order()).detach();
        executor.runUntilStalled();
        Tasks.register();
        Tasks.register();
        Object dump = ManagementFactory.getPlatformMBeanServer()
                .invoke(new ObjectName("dev.latent:type=Tasks"), "dump", new Object[] {}, new String[] {});
        assertTrue(((String) dump).contains(Tasks.dump(executor)));
    }
}
