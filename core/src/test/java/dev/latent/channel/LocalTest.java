package dev.latent.channel;

import static dev.latent.channel.Polled.pending;
import static dev.latent.channel.Polled.ready;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Item;
import dev.latent.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What is for one thread does the same there, and is refused elsewhere. */
class LocalTest {
    private static Throwable elsewhere(Callable<?> use) throws Exception {
        FutureTask<Throwable> task = new FutureTask<>(() -> {
            try {
                use.call();
                return null;
            } catch (Throwable t) {
                return t;
            }
        });
        Thread.ofPlatform().start(task);
        return task.get();
    }

    private static void assertRefused(Callable<?> use) throws Exception {
        Throwable refused = assertInstanceOf(IllegalStateException.class, elsewhere(use));
        assertTrue(refused.getMessage().contains("one thread"), refused.getMessage());
    }

    @Test
    void aLocalChannelIsABoundedOne() throws Exception {
        List<String> lost = new ArrayList<>();
        Channel<String> channel = Channel.local(1, lost::add);
        Receiver<String> inbox = channel.receiver();
        var next = pending(inbox.next());
        channel.trySend("a");
        assertEquals(new Item<>("a"), next.isWoken().isReady());
        ready(channel.send("b"));
        var c = pending(channel.send("c"));
        assertEquals(Sent.FULL, channel.trySend("x"));
        assertEquals("b", ready(inbox.receive()));
        assertNull(c.isWoken().isReady());
        channel.close();
        assertEquals(new Item<>("c"), inbox.tryReceive());
        assertSame(Next.end(), ready(inbox.next()));
        assertEquals(List.of(), lost);
    }

    @Test
    void anotherThreadIsRefusedAndChangesNothing() throws Exception {
        Channel<String> channel = Channel.local(2);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        assertRefused(() -> channel.trySend("b"));
        assertRefused(inbox::tryReceive);
        assertRefused(() -> ready(inbox.next()));
        assertRefused(channel::newSender);
        assertEquals(1, inbox.size());
        assertEquals(new Item<>("a"), inbox.tryReceive());
    }

    @Test
    void aLocalOneshot() throws Exception {
        List<String> lost = new ArrayList<>();
        Oneshot<String> oneshot = Oneshot.local(lost::add);
        var waits = pending(oneshot.receive());
        assertRefused(() -> oneshot.send("elsewhere"));
        assertTrue(oneshot.send("a"));
        assertRefused(() -> ready(oneshot.receive()));
        assertEquals("a", waits.isWoken().isReady());
        Oneshot<String> closed = Oneshot.local(lost::add);
        closed.send("b");
        closed.close();
        assertEquals(List.of("b"), lost);
    }
}
