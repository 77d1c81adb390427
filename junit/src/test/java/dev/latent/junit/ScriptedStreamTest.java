package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScriptedStreamTest {
    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static Future<String> read(TcpStream from, int most) {
        return async(() -> {
            var to = ByteBuffer.allocate(most);
            int n = await(from.read(to));
            return n < 0 ? "end" : new String(to.array(), 0, n, UTF_8);
        });
    }

    private static Future<String> readAll(TcpStream from) {
        return async(() -> {
            var to = ByteBuffer.allocate(100);
            while (await(from.read(to)) >= 0) {}
            return new String(to.array(), 0, to.position(), UTF_8);
        });
    }

    @AsyncTest
    Future<Void> aConversation(TestClock clock) {
        return async(() -> {
            var peer = ScriptedStream.of()
                    .sends("ping")
                    .waits(Duration.ofSeconds(5))
                    .sends("pong")
                    .expects("pingpong")
                    .expectsEnd();
            await(echo(peer));
            assertEquals(Duration.ofSeconds(5), clock.elapsed());
            peer.assertDone();
        });
    }

    /** Reads both, answers both. */
    private static Future<Void> echo(TcpStream peer) {
        return async(() -> {
            try (peer) {
                var first = await(read(peer, 100));
                var second = await(read(peer, 100));
                await(peer.write(text(first)));
                await(peer.write(text(second)));
                await(peer.shutdownOutput());
            }
        });
    }

    @Test
    void aReadTakesWhatThereIsRoomFor() {
        var peer = ScriptedStream.of().sends("abc").sends("d");
        assertEquals("ab", TestTask.spawn(read(peer, 2)).assertReady());
        assertEquals("c", TestTask.spawn(read(peer, 2)).assertReady());
        assertEquals("d", TestTask.spawn(read(peer, 2)).assertReady());
        assertEquals("end", TestTask.spawn(read(peer, 2)).assertReady());
        peer.assertDone();
    }

    @Test
    void aReadWaitsForTheWriteBefore() {
        var peer = ScriptedStream.of().expects("question").sends("answer");
        var reader = TestTask.spawn(read(peer, 100));
        reader.assertPending();
        TestTask.spawn(peer.write(text("quest"))).assertReady();
        assertFalse(reader.isWoken());
        TestTask.spawn(peer.write(text("ion"))).assertReady();
        assertEquals(1, reader.wakes());
        reader.assertReady("answer");
    }

    @Test
    void aWriteWaitsForTheReadBefore() {
        var peer = ScriptedStream.of().sends("hello").expects("hi");
        var writer = TestTask.spawn(peer.write(text("hi")));
        writer.assertPending();
        TestTask.spawn(read(peer, 100)).assertReady("hello");
        assertTrue(writer.isWoken());
        writer.assertReady();
        peer.assertDone();
    }

    @Test
    void anotherWriteFailsAndShowsBoth() {
        var peer = ScriptedStream.of().expects("200 OK\r\n");
        String said = TestTask.spawn(peer.write(text("404\r\n")))
                .assertFailed(AssertionError.class)
                .getMessage();
        assertEquals("the script expects \"200 OK\\r\\n\", and was written \"404\\r\\n\"", said);
    }

    @Test
    void oneWriteTooManyFails() {
        var peer = ScriptedStream.of().expects((byte) 1, (byte) -1);
        String said = TestTask.spawn(peer.write(ByteBuffer.wrap(new byte[] {1, -1, 0})))
                .assertFailed(AssertionError.class)
                .getMessage();
        assertEquals("the script expects nothing, and was written [0]", said);
    }

    @Test
    void itFailsWhereTheScriptSays() {
        var reset = new IOException("reset");
        var full = new IOException("full");
        var peer = ScriptedStream.of()
                .failsWrites(full)
                .sends("a")
                .failsReads(reset)
                .sends("b");
        var early = TestTask.spawn(read(peer, 9));
        early.assertPending();
        assertSame(full, TestTask.spawn(peer.write(text("x"))).assertFailed(IOException.class));
        early.assertReady("a");
        assertSame(reset, TestTask.spawn(read(peer, 9)).assertFailed(IOException.class));
        TestTask.spawn(read(peer, 9)).assertReady("b");
    }

    @Test
    void whatIsNotPlayedIsSaid() {
        var peer = ScriptedStream.of().sends("abc").expectsEnd();
        TestTask.spawn(read(peer, 2)).assertReady();
        assertEquals(
                "the script is not done, it still sends \"c\", and 1 more",
                assertThrows(AssertionError.class, peer::assertDone).getMessage());
    }

    @Test
    void aCloseEndsWhatWaits() {
        var peer = ScriptedStream.of().expects("never");
        var reader = TestTask.spawn(read(peer, 9));
        reader.assertPending();
        peer.close();
        assertTrue(peer.isClosed());
        assertTrue(reader.isWoken());
        reader.assertFailed(IOException.class);
    }

    @AsyncTest
    Future<Void> aReadThatIsDroppedLosesNothing() {
        return async(() -> {
            var peer = ScriptedStream.of().waits(Duration.ofSeconds(2)).sends("late");
            await(select(read(peer, 9), dev.latent.Async.sleep(Duration.ofSeconds(1))));
            assertEquals("late", await(readAll(peer)));
        });
    }

    @AsyncTest
    Future<Void> aWaitGoesOnWhoeverGivesUp(TestClock clock) {
        return async(() -> {
            var peer = ScriptedStream.of().waits(Duration.ofSeconds(5)).sends("late");
            for (int tries = 1; tries <= 2; tries++) {
                await(select(read(peer, 9), dev.latent.Async.sleep(Duration.ofSeconds(2))));
                assertEquals(Duration.ofSeconds(2 * tries), clock.elapsed());
            }
            assertEquals("late", await(readAll(peer)));
            assertEquals(Duration.ofSeconds(5), clock.elapsed());
        });
    }

    @AsyncTest(seeds = 20)
    Future<Void> bothDirectionsAtOnceWaitForOneScript() {
        return async(() -> {
            var peer = ScriptedStream.of()
                    .waits(Duration.ofSeconds(1))
                    .sends("a")
                    .expects("x")
                    .waits(Duration.ofSeconds(1))
                    .sends("b")
                    .expects("y");
            var both = await(join(readAll(peer), peer.write(text("xy"))));
            assertEquals("ab", both.first());
            peer.assertDone();
        });
    }
}
