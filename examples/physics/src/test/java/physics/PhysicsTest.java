package physics;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.channel.ChannelClosedException;
import dev.latent.channel.Sent;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import physics.Physics.Kick;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bodies, the loop, and those who look on. */
@Timeout(60)
class PhysicsTest {
    private static final int HEAD = 2 * Integer.BYTES;

    private static float[] positions(byte[] snapshot) {
        float[] floats = new float[snapshot.length / Float.BYTES];
        ByteBuffer.wrap(snapshot).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void theSameSeedMakesTheSameStepsAndNobodyLeavesTheBox() {
        Scene one = new Scene(60, 7);
        Scene other = new Scene(60, 7);
        for (int i = 0; i < 600; i++) {
            one.step();
            other.step();
        }
        assertArrayEquals(one.snapshot(), other.snapshot());
        assertEquals(60, one.shapes().size());
        float[] positions = positions(one.snapshot());
        for (int i = 0; i < positions.length; i += 3) {
            assertTrue(positions[i] > -1 && positions[i] < Scene.WIDTH + 1, "x " + positions[i]);
            assertTrue(positions[i + 1] > -1 && positions[i + 1] < Scene.HEIGHT + 1, "y " + positions[i + 1]);
        }
    }

    @Test
    void aKickReachesWhatIsNear() {
        Scene struck = new Scene(40, 3);
        Scene left = new Scene(40, 3);
        struck.kick(10, 10);
        struck.step();
        left.step();
        float[] a = positions(struck.snapshot());
        float[] b = positions(left.snapshot());
        int moved = 0;
        for (int i = 0; i < a.length; i += 3) {
            double distance = Math.hypot(b[i] - 10, b[i + 1] - 10);
            boolean isMoved = a[i] != b[i] || a[i + 1] != b[i + 1];
            assertFalse(isMoved && distance > 9, "what is " + distance + " m off moved");
            moved += isMoved ? 1 : 0;
        }
        assertTrue(moved > 0);
    }

    @Test
    void aTaskMakesTheFramesAndTakesTheKicks() throws Exception {
        FrameTimes times = new FrameTimes(5);
        Physics physics = new Physics(new Scene(10, 1), times);
        for (int i = 0; i < 64; i++) {
            assertEquals(Sent.SENT, physics.kicks().trySend(new Kick(1, 1)));
        }
        assertEquals(Sent.FULL, physics.kicks().trySend(new Kick(1, 1)));
        Latent.blockOn(physics.asTask(5));
        assertTrue(times.frames() >= 5, "frames: " + times.frames());
        assertEquals(Sent.SENT, physics.kicks().trySend(new Kick(1, 1)));
        assertTrue(physics.state().isClosed());
    }

    @Test
    void aThreadStopsWhenItIsAsked() throws Exception {
        FrameTimes times = new FrameTimes(0);
        Physics physics = new Physics(new Scene(10, 1), times);
        Thread thread = Thread.ofPlatform().start(() -> physics.onThisThread(Integer.MAX_VALUE));
        Latent.blockOn(physics.state().until(state -> state.frame() >= 3));
        physics.stop();
        thread.join();
        assertTrue(times.frames() >= 3);
    }

    @Test
    void aLoopThatFailsIsHeardOf() {
        Physics physics = new Physics(new Scene(10, 1), new FrameTimes(0));
        physics.state().close(); // so that the first frame can't be told
        ExecutionException failure = assertThrows(ExecutionException.class, () -> physics.onThread(Integer.MAX_VALUE)
                .get(10, TimeUnit.SECONDS));
        assertInstanceOf(ChannelClosedException.class, failure.getCause());
    }

    // ---- viewers ----------------------------------------------------------------------------------------------------

    private interface Viewing {
        Future<Void> run(Physics physics, String at);
    }

    /** With a loop that runs on its thread, and a server for it. */
    private static void viewed(Viewing viewing) throws Exception {
        FrameTimes times = new FrameTimes(0);
        Scene scene = new Scene(20, 1);
        Physics physics = new Physics(scene, times);
        Viewers viewers = new Viewers(physics, scene.shapes());
        Thread thread = Thread.ofPlatform().start(() -> physics.onThisThread(Integer.MAX_VALUE));
        try {
            Latent.blockOn(async(() -> {
                try (var server = await(viewers.on(WebServer.at("127.0.0.1", 0)).bind());
                        var _ = spawn(server.serve())) {
                    await(viewing.run(
                            physics, "ws://127.0.0.1:" + server.localAddress().getPort() + "/state"));
                }
            }));
        } finally {
            physics.stop();
            thread.join();
        }
    }

    private static ByteBuffer state(Message message) {
        return ByteBuffer.wrap(assertInstanceOf(Message.Binary.class, message).bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void viewersSeeTheSameFramesEachAtItsPace() throws Exception {
        viewed((physics, at) -> async(() -> {
            try (WebSocket one = await(WebSocket.connect(URI.create(at)));
                    WebSocket other = await(WebSocket.connect(URI.create(at)))) {
                JsonNode described = JsonMapper.shared()
                        .readTree(assertInstanceOf(Message.Text.class, await(one.receive()))
                                .text());
                assertEquals(20, described.path("shapes").size());
                assertEquals(Scene.WIDTH, described.path("width").asDouble());
                await(other.receive());
                int last = 0;
                for (int i = 0; i < 5; i++) {
                    ByteBuffer state = state(await(one.receive()));
                    assertEquals(HEAD + 20 * 3 * Float.BYTES, state.capacity());
                    assertTrue(state.getInt(0) > last, "frame " + state.getInt(0) + " after " + last);
                    last = state.getInt(0);
                }
                assertTrue(state(await(other.receive())).getInt(0) > 0);
            }
        }));
    }

    /** Who reads nothing keeps nobody waiting: the loop goes on, and what comes then is what is new. */
    @Test
    void whoDoesNotReadHoldsNothingUp() throws Exception {
        viewed((physics, at) -> async(() -> {
            try (WebSocket slow = await(WebSocket.connect(URI.create(at)))) {
                await(slow.receive());
                int begin = physics.state().get().frame();
                await(physics.state().until(state -> state.frame() >= begin + 30));
                await(slow.receive());
            }
        }));
    }

    @Test
    void aKickComesThroughAndNonsenseIsRefused() throws Exception {
        viewed((physics, at) -> async(() -> {
            try (WebSocket socket = await(WebSocket.connect(URI.create(at)))) {
                await(socket.send("{\"x\": 3, \"y\": 4}"));
                await(socket.send("{\"x\": \"three\"}"));
                WebSocketClosed closed = await(ended(socket));
                assertEquals(1003, closed.code());
            }
            for (String nonsense : new String[] {"", "{", "[]", "7", "{\"x\":1}"}) {
                try (WebSocket socket = await(WebSocket.connect(URI.create(at)))) {
                    await(socket.send(nonsense));
                    assertEquals(1003, await(ended(socket)).code());
                }
            }
        }));
    }

    private static Future<WebSocketClosed> ended(WebSocket socket) {
        return async(() -> {
            try {
                while (true) {
                    await(socket.receive());
                }
            } catch (WebSocketClosed closed) {
                return closed;
            }
        });
    }
}
