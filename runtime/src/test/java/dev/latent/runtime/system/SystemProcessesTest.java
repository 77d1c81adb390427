package dev.latent.runtime.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.io.ChildProcess;
import dev.latent.io.Command;
import dev.latent.io.Processes;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.BlockingPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SystemProcessesTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<Object> last = new AtomicReference<>();
    private CountDownLatch returned = new CountDownLatch(0);

    private final BlockingPool pool = new BlockingPool() {
        final BlockingPool real = Latent.system().capability(BlockingPool.class);

        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            calls.getAndIncrement();
            CountDownLatch told = returned;
            return real.run(() -> {
                T result = work.call();
                last.set(result);
                told.countDown();
                return result;
            });
        }
    };
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(Latent.system().with(BlockingPool.class, pool))
            .build();
    private final Processes processes = executor.capability(Processes.class);
    private final Context cx = new Context(executor);

    @TempDir
    Path dir;

    private <T> T get(Future<T> future) throws Exception {
        return executor.blockOn(future);
    }

    private static Command shell(String script) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
        return Command.of("/bin/sh", "-c", script);
    }

    private String all(Function<ByteBuffer, Future<Integer>> read) throws Exception {
        var all = new ByteArrayOutputStream();
        ByteBuffer to = ByteBuffer.allocate(100_000);
        while (get(read.apply(to.clear())) >= 0) {
            all.write(to.array(), 0, to.position());
        }
        return all.toString(UTF_8);
    }

    private static void eventually(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.call()) {
            assertTrue(System.nanoTime() < deadline, what);
            Thread.onSpinWait();
        }
    }

    /** A killed one whose parent does not ask for it is still listed. */
    private static boolean isRunning(ProcessHandle process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return process.isAlive() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    @Test
    void thisJavaTellsItsVersion() throws Exception {
        ChildProcess java = get(processes.start(Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")));
        String told = all(java::readErrors);
        assertTrue(told.contains("version \"" + Runtime.version().feature()), told);
        assertEquals("", all(java::readOutput));
        assertEquals(0, get(java.exit()));
        get(java.closeAsync());
    }

    @Test
    void exitOutputErrorsFolderAndEnvironment() throws Exception {
        ChildProcess child = get(processes.start(shell("cat; pwd; echo \"$GREETING, $1\"; echo wrong >&2; exit 3")
                .in(dir)
                .with("GREETING", "hello")));
        assertEquals(dir.toRealPath() + "\nhello, \n", all(child::readOutput));
        assertEquals("wrong\n", all(child::readErrors));
        int before = calls.get();
        Future<Integer> one = child.exit();
        assertEquals(3, get(child.exit()));
        assertEquals(3, get(one));
        assertEquals(before, calls.get(), "no thread waits for an exit");
        get(child.closeAsync());
        assertThrows(IOException.class, () -> get(child.readOutput(ByteBuffer.allocate(1))));
    }

    @Test
    void muchOutputComesAsFastAsItIsRead() throws Exception {
        ChildProcess child = get(processes.start(shell("head -c 1000000 /dev/zero")));
        Future<Integer> exit = child.exit();
        Future<Integer> dropped = child.readOutput(ByteBuffer.allocate(10));
        dropped.poll(cx);
        dropped.drop();
        assertFalse(exit.poll(cx).isReady(), "nobody reads");
        assertEquals(1_000_000, all(child::readOutput).length());
        assertEquals(0, get(exit));
        get(child.closeAsync());
    }

    @Test
    void whatDoesNotRunIsOneClearError() throws Exception {
        assertEquals(
                "cannot run \"latent-no-such\": there is no program of that name in the folders of PATH: install it, or give its path",
                failure(Command.of("latent-no-such", "-x")));
        assertEquals(
                "cannot run \"/no/such\": there is no such program, or the one that is to interpret it",
                failure(Command.of("/no/such")));
        Path plain = Files.writeString(dir.resolve("plain"), "x");
        assertEquals(
                "cannot run \"" + plain + "\": permission denied: make it executable (chmod +x)",
                failure(Command.of(plain.toString())));
        assertEquals(
                "cannot run \"" + dir + "\": it is a folder: name a program in it",
                failure(Command.of(dir.toString())));
        assertEquals(
                "cannot run \"/bin/sh\": its arguments and variables are longer than the system allows: hand them over in a file",
                failure(shell("#".repeat(3_000_000))));
        assertEquals(
                "cannot run \"/bin/sh\": there is no folder " + dir.resolve("no") + " to run it in",
                failure(shell("exit").in(dir.resolve("no"))));
        assertThrows(IllegalArgumentException.class, () -> new Command(List.of(), null, java.util.Map.of()));
    }

    private String failure(Command command) {
        return assertThrows(IOException.class, () -> get(processes.start(command)))
                .getMessage();
    }

    /** One that has children, which have some. */
    private ChildProcess family() throws Exception {
        ChildProcess child =
                get(processes.start(shell("(sleep 1000 & sleep 1000; true) & sleep 1000 & echo ready; wait")));
        ByteBuffer ready = ByteBuffer.allocate(6);
        while (ready.hasRemaining()) {
            get(child.readOutput(ready));
        }
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        eventually("a family of five", () -> handle.descendants().count() >= 4);
        return child;
    }

    private static List<ProcessHandle> members(ChildProcess child) {
        List<ProcessHandle> all = new ArrayList<>();
        ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
        all.add(handle);
        handle.descendants().forEach(all::add);
        return all;
    }

    @Test
    void closedItEndsWithAllThatItHasStarted() throws Exception {
        for (int how = 0; how < 3; how++) {
            ChildProcess child = family();
            List<ProcessHandle> members = members(child);
            assertTrue(members.size() >= 5);
            Future<Integer> reading = child.readOutput(ByteBuffer.allocate(10));
            reading.poll(cx); // a thread waits for output
            if (how == 0) {
                get(child.closeAsync());
                assertFalse(isRunning(members.getFirst()), "closeAsync waits for the end");
            } else if (how == 1) {
                child.close();
            } else {
                Future<Void> closing = child.closeAsync();
                closing.poll(cx);
                closing.drop();
            }
            assertEquals(137, get(child.exit()));
            for (ProcessHandle member : members) {
                eventually(member + " ends", () -> !isRunning(member));
            }
            assertThrows(IOException.class, () -> get(reading));
        }
    }

    /** A program that is closed while it starts another: at most a few of these are started in the moment of the close. */
    @Test
    void closedAtOnceItLeavesHardlyAnythingBehind() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/task")));
        String mark = "1000." + ProcessHandle.current().pid();
        for (int i = 0; i < 40; i++) {
            ChildProcess child = get(processes.start(shell("sleep " + mark + " & wait")));
            child.close();
            assertEquals(137, get(child.exit()));
        }
        List<ProcessHandle> left = new ArrayList<>();
        for (ProcessHandle one : ProcessHandle.allProcesses().toList()) {
            if (one.info().commandLine().orElse("").contains(mark) && isRunning(one)) {
                left.add(one);
                one.destroyForcibly();
            }
        }
        assertTrue(left.size() <= 3, left.size() + " of 40 are left");
    }

    @Test
    void itsEndIsToldThoughTheCommonPoolIsBusy() throws Exception {
        CountDownLatch idle = new CountDownLatch(1);
        for (int i = 0; i < 2 * ForkJoinPool.getCommonPoolParallelism() + 2; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                try {
                    idle.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        try {
            ChildProcess child = get(processes.start(shell("exit 4")));
            assertEquals(4, get(Async.timeout(Duration.ofSeconds(20), child.exit())));
        } finally {
            idle.countDown();
        }
    }

    @Test
    void anExitThatIsDroppedLeavesItRunning() throws Exception {
        ChildProcess child = get(processes.start(shell("exec sleep 1000")));
        assertThrows(
                java.util.concurrent.TimeoutException.class,
                () -> get(Async.timeout(Duration.ofMillis(1), child.exit())));
        assertTrue(isRunning(ProcessHandle.of(child.pid()).orElseThrow()));
        get(child.closeAsync());
    }

    @Test
    void aStartThatIsDroppedLeavesNothingRunning() throws Exception {
        processes.start(shell("exec sleep 1000")).drop();
        assertEquals(0, calls.get());
        returned = new CountDownLatch(1);
        Future<ChildProcess> start = processes.start(shell("exec sleep 1000"));
        assertFalse(start.poll(cx).isReady());
        returned.await();
        ProcessHandle started =
                ProcessHandle.of(((ChildProcess) last.get()).pid()).orElseThrow();
        start.drop();
        eventually("it ends", () -> !isRunning(started));
    }

    @Test
    void askedToEndItMayTakeItsTimeAndItsOutputIsStillThere() throws Exception {
        ChildProcess child =
                get(processes.start(shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.05; done")));
        ByteBuffer ready = ByteBuffer.allocate(6);
        while (ready.hasRemaining()) {
            get(child.readOutput(ready));
        }
        child.terminate();
        assertEquals(7, get(child.exit()));
        assertEquals("bye\n", all(child::readOutput));
        get(child.closeAsync());
        ChildProcess other = get(processes.start(shell("exec sleep 1000")));
        other.terminate();
        assertEquals(143, get(other.exit()));
        get(other.closeAsync());
    }
}
