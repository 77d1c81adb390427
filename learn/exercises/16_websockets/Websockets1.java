// A WebSocket's handler is an async body. It receives and sends, and when it ends, the connection
// does. When the client goes away, what it waits for fails with WebSocketClosed; that is its way to
// end, and it lets it through.
//
// This one answers once and hangs up. Let it answer for as long as the client asks.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

Future<Void> shout(WebSocket socket) {
    return async(() -> {
        if (await(socket.receive()) instanceof Message.Text(var text)) {
            await(socket.send(text.toUpperCase()));
        }
    });
}

Future<List<String>> ask(String... words) {
    return async(() -> {
        List<String> answers = new ArrayList<>();
        try (var server = await(WebServer.at("127.0.0.1", 0).webSocket("/shout", this::shout).bind());
                var _ = spawn(server.serve())) {
            var socket = await(WebSocket.connect(
                    URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/shout")));
            try {
                for (String word : words) {
                    await(socket.send(word));
                    if (await(socket.receive()) instanceof Message.Text(var answer)) {
                        answers.add(answer);
                    }
                }
                await(socket.close(1000, "thank you"));
            } catch (WebSocketClosed e) {
                IO.println("hung up: " + e.code());
            }
        }
        return answers;
    });
}

void main() throws Exception {
    var answers = Latent.blockOn(ask("tea", "water", "salt"));
    assert answers.equals(List.of("TEA", "WATER", "SALT")) : "asked three times, and answered: " + answers;
}
