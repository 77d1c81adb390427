package physics;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;

import dev.latent.Future;
import dev.latent.web.Message;
import dev.latent.web.WebServerBuilder;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import physics.Physics.Kick;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Those who look on, a task each: they wait, which is what tasks are for. */
final class Viewers {
    private static final int MAX_MESSAGE = 1_000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Physics physics;
    private final List<Scene.Shape> shapes;

    Viewers(Physics physics, List<Scene.Shape> shapes) {
        this.physics = physics;
        this.shapes = shapes;
    }

    /** Adds the page, and the stream that it shows. */
    WebServerBuilder on(WebServerBuilder server) {
        return server.resources("/", name -> Viewers.class.getResourceAsStream("page/" + name))
                .webSocket("/state", this::viewer)
                .limits(new WebSocketLimits(MAX_MESSAGE, MAX_MESSAGE, Duration.ofSeconds(2))
                        .keepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10)));
    }

    private Future<Void> viewer(WebSocket socket) {
        return async(() -> {
            await(socket.send(JSON.writeValueAsString(new Described(Scene.WIDTH, Scene.HEIGHT, shapes))));
            await(join(sending(socket), receiving(socket)));
        });
    }

    /** What a viewer has to know once. */
    record Described(double width, double height, List<Scene.Shape> shapes) {}

    /** The latest state again and again: while this waits for a slow viewer, states come and go unseen. */
    private Future<Void> sending(WebSocket socket) {
        return async(() -> {
            int seen = 0;
            while (true) {
                int last = seen;
                Physics.State state = await(physics.state().until(one -> one.frame() > last));
                await(socket.send(state.message()));
                seen = state.frame();
            }
        });
    }

    private Future<Void> receiving(WebSocket socket) {
        return async(() -> {
            while (true) {
                Kick kick = await(socket.receive()) instanceof Message.Text(String text) ? read(text) : null;
                if (kick == null) {
                    await(socket.close(1003, "send {\"x\": metres, \"y\": metres}"));
                } else {
                    physics.kicks().trySend(kick); // who strikes more often than that is not heard
                }
            }
        });
    }

    private static @Nullable Kick read(String text) {
        try {
            JsonNode said = JSON.readTree(text);
            return said.path("x").isNumber() && said.path("y").isNumber()
                    ? new Kick(said.path("x").asDouble(), said.path("y").asDouble())
                    : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
