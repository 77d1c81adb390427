package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.channel.Sender;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.world.FailureHandler;
import java.lang.ref.WeakReference;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an idle executor tells, and a dump shows, of tasks that wait for channels. */
class IdleChannelsTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final FailureHandler handler = (where, _) -> told.add(where);

    private static WeakReference<Sender<String>> lose(Channel<String> channel) {
        return new WeakReference<>(channel.newSender());
    }

    private static void collect(WeakReference<?> lost) {
        while (lost.get() != null) {
            System.gc();
        }
    }

    @Test
    void anExecutorThatIsIdleTellsOfALostSender() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(2)
                .world(Latent.system().with(FailureHandler.class, handler))
                .build()) {
            Channel<String> channel = Channel.bounded(7);
            WeakReference<?> lost = lose(channel);
            Receiver<String> inbox = channel.receiver();
            var waits = pool.spawn(inbox.next());
            while (!Tasks.dump(pool).contains("next of Channel.bounded(7), which is empty; counted senders: 1")) {
                Thread.onSpinWait();
            }
            collect(lost); // nobody polls any more
            String said = told.poll(60, TimeUnit.SECONDS);
            assertTrue(said != null && said.startsWith("lost handle: a sender of Channel.bounded(7)"), said);
            channel.close();
            waits.close();
        }
        assertEquals(0, told.size(), "once");
    }

    private static Future<Void> echo(Receiver<String> from, Channel<String> to) {
        return async(() -> {
            while (true) {
                String message = await(from.receive());
                await(to.send(message));
                await(to.send(message));
            }
        });
    }

    @Test
    void aDumpShowsACircleOfSenders() {
        try (LocalExecutor local = new LocalExecutor()) {
            Channel<String> left = Channel.bounded(1);
            Channel<String> right = Channel.bounded(2);
            local.spawn(echo(left.receiver(), right)).detach();
            local.spawn(echo(right.receiver(), left)).detach();
            local.runUntilStalled();
            left.trySend("a");
            local.runUntilStalled();
            String dump = Tasks.dump(local);
            String name = "task dev.latent.runtime.IdleChannelsTest.echo(IdleChannelsTest.java:";
            assertTrue(
                    dump.contains("send to Channel.bounded(1), which has 1; receivers: 1, last waited for by " + name),
                    dump);
            assertTrue(
                    dump.contains("send to Channel.bounded(2), which has 2; receivers: 1, last waited for by " + name),
                    dump);
        }
    }
}
